import type { BaseFile } from "../file-group/base-file.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import type { FileSlice } from "../file-group/file-slice.ts";
import { sliceRowsSql } from "../read/slice-rows.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { mergedRowsSql } from "../services/compaction/merged-rows.ts";
import { groupKey } from "../services/compaction/pending.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import { baseFileStat, nameFile, writeRows } from "./base-file-writer.ts";
import type { Change } from "./change.ts";
import { logFacts } from "./log-facts.ts";
import { leaveMarker } from "./marker.ts";
import { rowsOf } from "./rows-of.ts";
import type { Tags } from "./tag.ts";

// A row was deleted by a log file, and comes again. Its key is in the base file, so the log file takes the row in, but not if
// 1. it has a lower ordering value than the row in the base file: readers that merge find the delete and the new row in the
//    log files, keep the later of the two, hold that against the base file, and the old row would be back;
// 2. a compaction under way is going to leave the deleted row out of its base file: then the key would be in a log file
//    alone, where other engines don't look for keys.
// Then the slice is written anew, without the deleted row, and with the new one.

/** A file slice that is written anew because rows come again. */
export interface Revival {
  slice: FileSlice;
  /** How many go into its new base file. */
  rows: number;
  /** How many of them had else gone into its log file. */
  fromLog: number;
  /** Their number in the revived table. */
  g: number;
}

interface Candidate {
  slice: FileSlice;
  base: BaseFile;
  /** Whether a compaction of it is under way. */
  isPlanned: boolean;
}

const RECORD_KEY = META_COLUMNS[2];

/**
 * Finds the rows that come again. Makes the revived table.
 * @param of.compacting the instants of compactions under way, by `groupKey`
 */
export async function findRevivals(
  state: TableState,
  { connection, upserts, revivedName }: Change,
  { tags, compacting }: { tags: Tags | null; compacting: ReadonlyMap<string, string> },
): Promise<Revival[]> {
  if (tags === null || upserts === null) return [];
  const candidates = await candidatesOf(state, tags, compacting);
  if (candidates.length === 0) return [];
  const { storage, basePath, columns, config } = state;
  const paths = await storage.localPaths(candidates.map(({ base }) => `${basePath}/${base.path}`));
  const rows: string[] = [];
  for (const [g, { slice, isPlanned }] of candidates.entries()) {
    const present = await sliceRowsSql(state, [slice], { columns: [RECORD_KEY] });
    rows.push(
      `SELECT ${g} AS g, t.r, t.f FROM ${tags.name} t JOIN ${upserts.name} s ON t.r = s.rowid
       WHERE t.stored = ${sqlText(paths[g] ?? "")} ${isPlanned ? "" : "AND t.f IS NULL"}
       AND ${recordKeySql(columns, config, "s")} NOT IN (SELECT ${RECORD_KEY} FROM ${present})`,
    );
  }
  await connection.run(`CREATE TEMP TABLE ${revivedName} AS ${rows.join(" UNION ALL ")}`);
  const counts = await rowsOf(
    connection,
    `SELECT g, count(*) AS n, count(f) AS from_log FROM ${revivedName} GROUP BY g ORDER BY g`,
  );
  return counts.flatMap((row) => {
    const g = Number(row["g"]);
    const slice = candidates[g]?.slice;
    return slice ? { slice, g, rows: Number(row["n"]), fromLog: Number(row["from_log"]) } : [];
  });
}

/** The slices whose log files may have deleted a row that comes again. */
async function candidatesOf(
  state: TableState,
  { touched, lostTo }: Tags,
  compacting: ReadonlyMap<string, string>,
): Promise<Candidate[]> {
  const lost = new Set(lostTo.map(({ path }) => path));
  const updated = [...touched].flatMap(([base, { updates }]) => (updates > 0 ? base : []));
  const paths = new Set([...lost, ...updated.map(({ path }) => path)]);
  const found: Candidate[] = [];
  for (const partition of new Set([...lostTo, ...updated].map((base) => base.partition))) {
    for (const slice of state.view.latestSlices(state.timeline, { partition })) {
      const { base, logs } = slice;
      if (base === null || !paths.has(base.path) || logs.length === 0) continue;
      const isPlanned = compacting.has(groupKey(slice));
      if (!isPlanned && !lost.has(base.path)) continue;
      if ((await logFacts(state, slice)).mayDelete) found.push({ slice, base, isPlanned });
    }
  }
  return found;
}

/** Writes the slices anew; `from` is the number of the first file in its commit. */
export async function writeRevivals(
  state: TableState,
  change: Change,
  { revivals, timestamp, from }: { revivals: readonly Revival[]; timestamp: string; from: number },
): Promise<{ file: BaseFile; stat: WriteStat }[]> {
  const { storage, basePath, config, columns } = state;
  const { connection } = change;
  const context = { connection, storage, basePath, config, columns, instant: timestamp };
  const written: { file: BaseFile; stat: WriteStat }[] = [];
  for (const { slice, g, rows } of revivals) {
    const { partition } = slice;
    const named = nameFile({ partition, previous: slice }, timestamp, from + written.length);
    await leaveMarker(state, { timestamp, path: named.path, kind: "MERGE" });
    const parts = [await mergedRowsSql(state, slice, named.name)];
    if (rows > 0) parts.push(revivedSql(state, change, { g, timestamp, named }));
    const select = parts.join(" UNION ALL ");
    const { file, rows: numWrites } = await writeRows(context, { partition, named, select });
    const counts = { numWrites, numInserts: rows, numUpdateWrites: 0, numDeletes: 0 };
    written.push({ file, stat: baseFileStat(file, slice.base, counts) });
  }
  for (const partition of new Set(written.map(({ file }) => file.partition))) {
    await storage.syncDirectory(directoryOf(basePath, partition));
  }
  return written;
}

function revivedSql(
  { columns, config }: TableState,
  { upserts, revivedName }: Change,
  { g, timestamp, named }: { g: number; timestamp: string; named: { name: string; number: number } },
): string {
  const [time, seqno, key, path, fileName] = META_COLUMNS;
  const own = columns.map((column) => column.name);
  return (
    `SELECT ${sqlText(timestamp)} AS ${time}, ` +
    `${sqlText(`${timestamp}_${named.number}_`)} || row_number() OVER () AS ${seqno}, ` +
    `${recordKeySql(columns, config, "s")} AS ${key}, '' AS ${sqlName(path)}, ${sqlText(named.name)} AS ${fileName}, ` +
    `${sqlNames(own, "s")} FROM ${upserts?.name} s JOIN ${revivedName} v ON s.rowid = v.r WHERE v.g = ${g}`
  );
}
