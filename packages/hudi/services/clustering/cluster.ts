import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { BaseFile } from "../../file-group/base-file.ts";
import { directoryOf, ensurePartition } from "../../file-group/partition-metadata.ts";
import { sliceRowsSql } from "../../read/slice-rows.ts";
import { META_COLUMNS } from "../../schema/column.ts";
import { sqlName, sqlNames, sqlText } from "../../schema/sql-text.ts";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import type { Instant } from "../../timeline/instant.ts";
import type { WriteStat } from "../../timeline/commit-metadata.ts";
import { baseFileStat, nameFile, writeRows } from "../../write/base-file-writer.ts";
import { underLock, writeInstant, type Written } from "../../write/instant-writer.ts";
import { leaveMarker } from "../../write/marker.ts";
import { rowsOf } from "../../write/rows-of.ts";
import { type ClusteringGroup, type ClusteringStrategy, encodePlan, planGroups } from "./plan.ts";

export interface ClusterOptions extends ClusteringStrategy {
  /** The DuckDB connection that does the work; must not be used otherwise meanwhile. */
  connection: DuckDBConnection;
  /** Tell what would be written anew, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface ClusterResult {
  /** Null when nothing was worth it, or on a dry run. */
  instant: string | null;
  groups: readonly {
    partition: string;
    /** File groups that go. */
    filesIn: number;
    /** File groups that come; on a dry run an estimate. */
    filesOut: number;
    bytesIn: number;
  }[];
}

/** See HudiTable.cluster. */
export async function cluster(state: TableState, options: ClusterOptions): Promise<ClusterResult> {
  checkClusterable(state);
  if (options.dryRun) {
    await state.refresh();
    return { instant: null, groups: (await planGroups(state, options)).map(told) };
  }
  return underLock(state, options.lock, async (held) => {
    const groups = await planGroups(state, options);
    if (groups.length === 0) return { instant: null, groups: [] };
    const requestedBody = await encodePlan(state, groups, options);
    const { instant } = await writeInstant(
      state,
      { action: "clustering", operationType: "CLUSTER", requestedBody, held },
      (pending) => writeGroups(state, pending, { groups, options }),
    );
    return { instant: instant.timestamp, groups: groups.map(told) };
  });
}

/** @throws HUDI_TABLE_UNSUPPORTED */
function checkClusterable({ basePath, config }: TableState): void {
  if (config.index.kind !== "bucket") return;
  throw new GridlakeError(
    "HUDI_TABLE_UNSUPPORTED",
    `${basePath} has a bucket index: its files can't be rearranged`,
    {
      remedy: "compact it instead; a bucket's rows stay in the bucket's own file group",
      details: { basePath },
    },
  );
}

function told({ partition, slices, files, bytes }: ClusteringGroup): ClusterResult["groups"][number] {
  return { partition, filesIn: slices.length, filesOut: files, bytesIn: bytes };
}

async function writeGroups(
  state: TableState,
  { timestamp }: Instant,
  { groups, options }: { groups: readonly ClusteringGroup[]; options: ClusterOptions },
): Promise<Written> {
  const { storage, basePath } = state;
  const stats: WriteStat[] = [];
  const bases: BaseFile[] = [];
  const replaced: Record<string, string[]> = {};
  for (const group of groups) {
    const { partition } = group;
    await ensurePartition(storage, { basePath, partition, instant: timestamp });
    for (const file of await writeGroup(state, group, { timestamp, options, from: bases.length })) {
      bases.push(file.base);
      stats.push(file.stat);
    }
    (replaced[partition] ??= []).push(...group.slices.map(({ fileId }) => fileId));
    await storage.syncDirectory(directoryOf(basePath, partition));
  }
  return { stats, bases, replaced };
}

/** The rows of a group, in order, shared out evenly among its new files. */
async function writeGroup(
  state: TableState,
  { partition, slices, files }: ClusteringGroup,
  { timestamp, options, from }: { timestamp: string; options: ClusterOptions; from: number },
): Promise<{ base: BaseFile; stat: WriteStat }[]> {
  const { storage, basePath, config, columns } = state;
  const { connection, sortBy = [] } = options;
  const context = { connection, storage, basePath, config, columns, instant: timestamp };
  const all = [...META_COLUMNS, ...columns.map(({ name }) => name)];
  const rows = await sliceRowsSql(state, slices, { columns: all });
  const order = sortBy.length === 0 ? "" : ` ORDER BY ${sqlNames(sortBy)}`;
  const ordered = `hudi_clustered_${crypto.randomUUID().replaceAll("-", "")}`;
  await connection.run(`CREATE TEMP TABLE ${ordered} AS SELECT * FROM ${rows}${order}`);
  try {
    const [counted] = await rowsOf(
      connection,
      `SELECT count(*) AS n, min(rowid)::VARCHAR AS first FROM ${ordered}`,
    );
    const total = Number(counted?.["n"]);
    // in a transaction that the connection is in, row ids don't begin at 0
    const first = BigInt(String(counted?.["first"] ?? 0));
    const share = Math.max(1, Math.ceil(total / files));
    const written: { base: BaseFile; stat: WriteStat }[] = [];
    for (let at = 0; at < total; at += share) {
      const named = nameFile({ partition, previous: null }, timestamp, from + written.length);
      await leaveMarker(context, { timestamp, path: named.path, kind: "CREATE" });
      const range = { from: first + BigInt(at), to: first + BigInt(at + share) };
      const select = rangeSql(ordered, { columns: all, fileName: named.name, ...range });
      const { file: base, rows: numWrites } = await writeRows(context, { partition, named, select });
      const counts = { numWrites, numInserts: numWrites, numUpdateWrites: 0, numDeletes: 0 };
      written.push({ base, stat: baseFileStat(base, null, counts) });
    }
    return written;
  } finally {
    await connection.run(`DROP TABLE temp.${ordered}`);
  }
}

/** A row keeps the commit that wrote it: what has happened since an instant does not change by clustering. */
function rangeSql(
  table: string,
  { columns, fileName, from, to }: { columns: readonly string[]; fileName: string; from: bigint; to: bigint },
): string {
  const selected = columns.map((name) =>
    name === "_hoodie_file_name" ? `${sqlText(fileName)} AS ${sqlName(name)}` : sqlName(name),
  );
  return `SELECT ${selected.join(", ")} FROM ${table} WHERE rowid >= ${from} AND rowid < ${to} ORDER BY rowid`;
}
