import { columnsOfBase } from "../schema/schema-history.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import type { Change } from "./change.ts";
import { claimOf } from "./claim.ts";
import { locate } from "./locate.ts";
import type { FileSizing } from "./pack.ts";
import { planFiles } from "./plan.ts";
import type { Prepared } from "./prepared.ts";

/** Plans what a change of a COPY_ON_WRITE table writes: base files anew. */
export async function prepareRewrite(
  state: TableState,
  change: Change,
  { sizing }: { sizing: FileSizing | undefined },
): Promise<Prepared> {
  const { storage, basePath, config, columns } = state;
  const tags = await locate(state, change);
  const tasks = await planFiles(state, change, { tags, sizing });
  const context: Omit<WriteContext, "instant"> = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    columnsOf: (file) => columnsOfBase(state, file),
    upserts: change.upserts?.name ?? null,
    tags,
  };
  return {
    claim: claimOf(state, change, tags),
    async write({ timestamp }) {
      const written = await writeBaseFiles({ ...context, instant: timestamp }, tasks);
      return { stats: written.map(({ stat }) => stat), bases: written.map(({ file }) => file) };
    },
  };
}
