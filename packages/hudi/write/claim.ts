import type { BaseFile } from "../file-group/base-file.ts";
import { presentFilesSql } from "../read/present-files.ts";
import { sqlName } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import type { Claim } from "./conflict.ts";
import { loadKeyRanges, rangesMeet } from "./key-ranges.ts";
import { rowsOf } from "./rows-of.ts";
import type { Staged } from "./stage.ts";
import type { Tags } from "./tag.ts";
import { samePartition } from "./partition-value.ts";

/** What a change relies on: the rows that its own lost to, and that there is none of the keys that it did not find. */
export function claimOf(state: TableState, change: Change, tags: Tags | null): Claim {
  // what is inserted is trusted to be new; all else was looked for
  const looked = [change.operation === "upsert" ? change.upserts : null, change.deletes];
  const sources = looked.filter((source) => source !== null);
  return {
    groups: tags?.lostTo ?? [],
    replaced: new Set(),
    async finds(files) {
      for (const source of sources) if (await isAnyIn(state, change, { source, files })) return true;
      return false;
    },
  };
}

async function isAnyIn(
  state: TableState,
  { connection }: Change,
  { source, files }: { source: Staged; files: readonly BaseFile[] },
): Promise<boolean> {
  const { storage, basePath, view, columns, config } = state;
  const { recordKey, partitionFields } = config;
  const found: BaseFile[] = [];
  for (const { value, keyRanges } of source.partitions) {
    const there = files.filter((file) => file.partition === state.partitionOf(value));
    const ranged = await loadKeyRanges(
      there,
      { connection, storage, basePath, view },
      { columns, recordKey },
    );
    found.push(...ranged.filter((file) => rangesMeet(keyRanges, file.keyRanges ?? new Map(), columns)));
  }
  if (found.length === 0) return false;
  const paths = await storage.localPaths(found.map(({ path }) => `${basePath}/${path}`));
  const stored = await presentFilesSql(state, {
    files: new Map(found.map((file, i) => [paths[i] ?? "", file])),
    columns: [...new Set([...recordKey, ...partitionFields])],
  });
  const same = recordKey.map((name) => `b.${sqlName(name)} = s.${sqlName(name)}`);
  // a partition value may be null, a key may not
  same.push(...samePartition(partitionFields, "b", "s"));
  const rows = await rowsOf(
    connection,
    `SELECT 1 FROM ${stored} b SEMI JOIN ${source.name} s ON ${same.join(" AND ")} LIMIT 1`,
  );
  return rows.length > 0;
}
