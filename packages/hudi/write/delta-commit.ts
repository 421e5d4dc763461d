import { compactingAt, pendingCompactions } from "../services/compaction/pending.ts";
import { sqlText } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import type { Change } from "./change.ts";
import { claimOf } from "./claim.ts";
import type { DeltaGroup } from "./delta-group.ts";
import { writeDeltaLogs } from "./delta-logs.ts";
import { planDelta } from "./delta-plan.ts";
import { locate } from "./locate.ts";
import type { FileSizing } from "./pack.ts";
import type { Prepared } from "./prepared.ts";
import type { Tags } from "./tag.ts";

/**
 * Plans what a change of a MERGE_ON_READ table writes, and gives what writes it: log files beside the base files whose rows
 * it changes, base files for its new rows.
 */
export async function prepareDelta(
  state: TableState,
  change: Change,
  { sizing }: { sizing: FileSizing | undefined },
): Promise<Prepared> {
  const { storage, basePath, config, columns } = state;
  const compacting = compactingAt(await pendingCompactions(state));
  const tags = await locate(state, change);
  const { tasks, groups } = await planDelta(state, change, { tags, sizing, compacting });
  if (tags !== null && groups.length > 0) await shareOut(state, change, { tags, groups });
  const context: Omit<WriteContext, "instant"> = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    upserts: change.upserts?.name ?? null,
    tags,
  };
  return {
    claim: claimOf(state, change, tags),
    async write({ timestamp }) {
      const bases = await writeBaseFiles({ ...context, instant: timestamp }, tasks);
      const logs = await writeDeltaLogs({ state, change, timestamp, compacting }, groups);
      return {
        stats: [...bases, ...logs].map(({ stat }) => stat),
        bases: bases.map(({ file }) => file),
        logs: logs.map(({ log }) => log),
      };
    },
  };
}

/** Makes the delta table: per staged row `r` or staged delete `d` the number `g` of the group whose log file gets it. */
async function shareOut(
  { storage, basePath }: TableState,
  { connection, deltaName }: Change,
  { tags, groups }: { tags: Tags; groups: readonly DeltaGroup[] },
): Promise<void> {
  const paths = await storage.localPaths(groups.map(({ slice }) => `${basePath}/${slice.base?.path ?? ""}`));
  const numbers = paths.map((path, number) => `(${sqlText(path)}, ${number})`);
  await connection.run(
    `CREATE TEMP TABLE ${deltaName} AS SELECT m.g, t.r, t.d FROM ${tags.name} t
     JOIN (VALUES ${numbers.join(", ")}) m(f, g) ON t.f = m.f`,
  );
}
