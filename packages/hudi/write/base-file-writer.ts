import { randomUUID } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "@gridlake/kernel";
import type { BaseFile, ValueRange } from "../file-group/base-file.ts";
import { baseFileName } from "../file-group/file-name.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import { BUCKET_COLUMN, newBucketFileId } from "../index/bucket.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { projectionSql } from "../schema/projection.ts";
import { readParquet, sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { storedRowsSql } from "../schema/stored-type.ts";
import type { Storage } from "../storage/storage.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableConfig } from "../table/table-config.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import { constantColumn, finishBaseFile } from "./finish-base-file.ts";
import { rowsOf } from "./rows-of.ts";
import { partitionIs } from "./stage.ts";
import { notTagged, type Tags } from "./tag.ts";

/** One base file to be written: the rows that stay of its predecessor, the updates of those, and new rows. */
export interface FileTask {
  partition: string;
  partitionValue: string | null;
  /** The version that this one follows; null for a new file group. */
  previous: BaseFile | null;
  /** Rows of `previous` that the tags replace and remove. */
  updates: number;
  deletes: number;
  /** New rows: those of the partition, and of the bucket, that no tag names, of rowid in [from, to). Null: none. */
  inserts: { from: string | null; to: string | null } | null;
  /** The bucket whose file group it is; null without a bucket index. @default null */
  bucket?: number | null;
}

export interface WriteContext {
  connection: DuckDBConnection;
  storage: Storage;
  basePath: string;
  config: TableConfig;
  columns: readonly Column[];
  /** The columns that a base file was written under. */
  columnsOf: (file: BaseFile) => Promise<readonly Column[]>;
  instant: string;
  /** The TEMP table of staged rows; null: none. */
  upserts: string | null;
  tags: Tags | null;
}

export interface WrittenFile {
  stat: WriteStat;
  file: BaseFile;
}

/** DuckDB numbers the rows of a transaction's own tables from here. */
const LOCAL_ROWS = "36028797018960000";

export interface NamedFile {
  fileId: string;
  name: string;
  /** Relative to the table. */
  path: string;
  /** The file's own in its commit, from 0. */
  number: number;
}

export function nameFile(
  task: { partition: string; previous: { fileId: string } | null; bucket?: number | null },
  instant: string,
  number: number,
): NamedFile {
  const { previous, bucket = null } = task;
  const fileId = previous?.fileId ?? (bucket === null ? `${randomUUID()}-0` : newBucketFileId(bucket));
  const name = baseFileName({ fileId, writeToken: `${number}-0-0`, instant });
  return { fileId, name, path: task.partition === "" ? name : `${task.partition}/${name}`, number };
}

/** Writes a base file, durable but for its directory's entry. */
export async function writeBaseFile(
  context: WriteContext,
  task: FileTask,
  named: NamedFile,
): Promise<WrittenFile> {
  const { connection, storage, basePath } = context;
  const { partition, previous, updates, deletes } = task;
  const previousPath = previous ? (await storage.localPaths([`${basePath}/${previous.path}`]))[0] : undefined;
  const stayed = previous ? { path: previousPath ?? "", columns: await context.columnsOf(previous) } : null;
  const select = rowsSql(context, task, { name: named.name, number: named.number, stayed });
  const { file, rows } = await writeRows(context, { partition, named, select });
  const kept = previous ? (await rowCount(connection, previousPath)) - updates - deletes : 0;
  const counts = { numWrites: rows, numInserts: rows - kept - updates, numUpdateWrites: updates };
  return { file, stat: baseFileStat(file, previous, { ...counts, numDeletes: deletes }) };
}

/**
 * Writes a base file of the rows that a SELECT gives, the meta columns first; durable but for its directory's entry.
 * @returns the file, and how many rows it has
 */
export async function writeRows(
  {
    connection,
    storage,
    basePath,
    config,
    columns,
    instant,
  }: Omit<WriteContext, "upserts" | "tags" | "columnsOf">,
  { partition, named, select }: { partition: string; named: NamedFile; select: string },
): Promise<{ file: BaseFile; rows: number }> {
  const { fileId, name, path } = named;
  const staged = await storage.stage(`${directoryOf(basePath, partition)}/${name}`);
  const [, , , pathColumn, nameColumn] = META_COLUMNS;
  const rows = `SELECT * EXCLUDE (${pathColumn}, ${nameColumn}) FROM (${storedRowsSql(columns, select)})`;
  const [written] = await rowsOf(
    connection,
    `COPY (${rows}) TO ${sqlText(staged.localPath)} (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)`,
  );
  assert(written, "COPY gave no statistics");
  await finishBaseFile({
    parts: [{ path: staged.localPath }],
    target: staged.localPath,
    config,
    columns,
    made: [constantColumn(pathColumn, partition), constantColumn(nameColumn, name)],
  });
  const { sizeBytes } = await staged.publish();
  const ranges = columnRanges(written["column_statistics"]);
  const keyRanges = new Map([...ranges].filter(([column]) => config.recordKey.includes(column)));
  const file: BaseFile = { partition, fileId, instant, name, path, sizeBytes, keyRanges };
  return { file, rows: Number(written["count"]) };
}

/** What a commit says of a base file. */
export function baseFileStat(
  { fileId, path, partition, sizeBytes }: BaseFile,
  previous: BaseFile | null,
  counts: Pick<WriteStat, "numWrites" | "numInserts" | "numUpdateWrites" | "numDeletes">,
): WriteStat {
  const bytes = sizeBytes ?? 0;
  return {
    fileId,
    path,
    prevCommit: previous?.instant ?? "null",
    prevBaseFile: previous?.name ?? null,
    partitionPath: partition,
    ...counts,
    totalWriteBytes: bytes,
    fileSizeInBytes: bytes,
    totalWriteErrors: 0,
  };
}

function rowsSql(
  { config, columns, instant, upserts, tags }: WriteContext,
  task: FileTask,
  {
    name,
    number,
    stayed,
  }: { name: string; number: number; stayed: { path: string; columns: readonly Column[] } | null },
): string {
  const own = columns.map((column) => column.name);
  const [time, seqno, key, path, fileName] = META_COLUMNS;
  const parts: string[] = [];
  const tagged = task.updates + task.deletes > 0;
  const file = sqlText(stayed?.path ?? "");
  if (stayed) {
    const present = projectionSql(columns, { from: stayed.columns, of: "b" });
    const gone = tagged
      ? `ANTI JOIN (SELECT n FROM ${tags?.name} WHERE f = ${file}) t ON b.file_row_number = t.n`
      : "";
    parts.push(
      `SELECT ${sqlNames([time, seqno, key, path], "b")}, ${sqlText(name)} AS ${fileName}, ${present.join(", ")}
       FROM ${readParquet([stayed.path], ...(tagged ? ["file_row_number = true"] : []))} b ${gone}`,
    );
  }
  const staged =
    `SELECT ${sqlText(instant)} AS ${time}, ${sqlText(`${instant}_${number}_`)} || (s.rowid % ${LOCAL_ROWS}) AS ${seqno}, ` +
    `${recordKeySql(columns, config, "s")} AS ${key}, ${sqlText(task.partition)} AS ${path}, ` +
    `${sqlText(name)} AS ${fileName}, ${sqlNames(own, "s")} FROM ${upserts} s`;
  if (task.updates > 0) {
    parts.push(`${staged} SEMI JOIN (SELECT r FROM ${tags?.name} WHERE f = ${file}) t ON s.rowid = t.r`);
  }
  if (task.inserts) {
    const fresh = tags === null ? "" : notTagged(tags);
    const where = insertFilter(config.partition, task);
    parts.push(`${staged} ${fresh} ${where}`);
  }
  return parts.join(" UNION ALL ");
}

function insertFilter(
  partition: string | null,
  { partitionValue, inserts, bucket = null }: FileTask,
): string {
  const { from = null, to = null } = inserts ?? {};
  const conditions: string[] = [];
  if (partition !== null) conditions.push(partitionIs(partition, partitionValue));
  if (bucket !== null) conditions.push(`s.${sqlName(BUCKET_COLUMN)} = ${bucket}`);
  if (from !== null) conditions.push(`s.rowid >= ${from}`);
  if (to !== null) conditions.push(`s.rowid < ${to}`);
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

/** From RETURN_STATS: `"device"` → { min, max }; a column without a value has no range. */
function columnRanges(statistics: unknown): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const { key, value } of statistics as { key: string; value: { key: string; value: string }[] }[]) {
    const of = (name: string) => value.find((entry) => entry.key === name)?.value;
    const min = of("min");
    const max = of("max");
    if (min !== undefined && max !== undefined)
      ranges.set(key.slice(1, -1).replaceAll('""', '"'), { min, max });
  }
  return ranges;
}

async function rowCount(connection: DuckDBConnection, path: string | undefined): Promise<number> {
  const [row] = await rowsOf(
    connection,
    `SELECT num_rows FROM parquet_file_metadata(${sqlText(path ?? "")})`,
  );
  return Number(row?.["num_rows"]);
}
