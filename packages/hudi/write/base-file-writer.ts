import { randomUUID } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "@gridlake/kernel";
import type { BaseFile, ValueRange } from "../file-group/base-file.ts";
import { baseFileName } from "../file-group/file-name.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import { newBucketFileId } from "../index/bucket.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { sqlText } from "../schema/sql-text.ts";
import { storedRowsSql } from "../schema/stored-type.ts";
import type { StagedFile, Storage } from "../storage/storage.ts";
import type { TableConfig } from "../table/table-config.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import { constantColumn, finishBaseFile, keyTextColumn } from "./finish-base-file.ts";
import { rowsOf } from "./rows-of.ts";
import type { Tags } from "./tag.ts";
import { taskRows } from "./task-rows.ts";

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

export interface NamedFile {
  fileId: string;
  name: string;
  /** Relative to the table. */
  path: string;
  /** The file's own in its commit, from 0. */
  number: number;
}

/** Of an instant that is begun anew by another process under another timestamp: its files' names differ by that. */
const FIRST_ATTEMPT = "0-0";

/** @param token stage and attempt, where several processes may be at one instant */
export function nameFile(
  task: { partition: string; previous: { fileId: string } | null; bucket?: number | null },
  instant: string,
  number: number,
  token = FIRST_ATTEMPT,
): NamedFile {
  const { previous, bucket = null } = task;
  const fileId = previous?.fileId ?? (bucket === null ? `${randomUUID()}-0` : newBucketFileId(bucket));
  const name = baseFileName({ fileId, writeToken: `${number}-${token}`, instant });
  return { fileId, name, path: task.partition === "" ? name : `${task.partition}/${name}`, number };
}

/** Writes a base file, durable but for its directory's entry. */
export async function writeBaseFile(
  context: WriteContext,
  task: FileTask,
  named: NamedFile,
): Promise<WrittenFile> {
  const finish = await beginBaseFile(context, task, named);
  return finish();
}

/** Has DuckDB write a base file's rows, and gives what then makes the file of them without DuckDB. */
export async function beginBaseFile(
  context: WriteContext,
  task: FileTask,
  named: NamedFile,
): Promise<() => Promise<WrittenFile>> {
  const { select, previousPath } = await taskRows(context, task, named);
  const before = previousPath === null ? 0 : await rowCount(context.connection, previousPath);
  const copied = await copyRows(context, { partition: task.partition, named, select });
  return async () => {
    const { file, rows } = await publishRows(context, copied);
    return { file, stat: taskStat(task, { file, rows, before }) };
  };
}

/** What a commit says of a task's file, which has so many rows, and whose predecessor had so many. */
export function taskStat(
  { previous, updates, deletes }: FileTask,
  { file, rows, before }: { file: BaseFile; rows: number; before: number },
): WriteStat {
  const stayed = previous ? before - updates - deletes : 0;
  const numInserts = rows - stayed - updates;
  return baseFileStat(file, previous, {
    numWrites: rows,
    numInserts,
    numUpdateWrites: updates,
    numDeletes: deletes,
  });
}

/**
 * Writes a base file of the rows that a SELECT gives, the meta columns first; durable but for its directory's entry.
 * @returns the file, and how many rows it has
 */
export async function writeRows(
  context: Omit<WriteContext, "upserts" | "tags" | "columnsOf">,
  { partition, named, select }: { partition: string; named: NamedFile; select: string },
): Promise<{ file: BaseFile; rows: number }> {
  return publishRows(context, await copyRows(context, { partition, named, select }));
}

/** What a COPY wrote, to be made a base file. */
export interface CopiedRows {
  partition: string;
  named: NamedFile;
  staged: StagedFile;
  /** The COPY's answer. */
  written: Record<string, unknown>;
  /** Its file on this machine. */
  path: string;
}

async function copyRows(
  context: Omit<WriteContext, "upserts" | "tags" | "columnsOf">,
  { partition, named, select }: { partition: string; named: NamedFile; select: string },
): Promise<CopiedRows> {
  const { connection, storage, basePath } = context;
  const staged = await storage.stage(`${directoryOf(basePath, partition)}/${named.name}`);
  const path = staged.localPath;
  const [written] = await rowsOf(
    connection,
    `COPY (${copiedRowsSql(context, select)}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)`,
  );
  assert(written, "COPY gave no statistics");
  return { partition, named, staged, written, path };
}

/**
 * Of a SELECT of the meta columns and the table's, what a COPY writes: the meta columns that a whole file shares, and a record
 * key that is a column's text, are made later.
 */
function copiedRowsSql(
  { config, columns }: Pick<WriteContext, "config" | "columns">,
  select: string,
): string {
  const [, , key, path, name] = META_COLUMNS;
  const left = keyTextColumn(config, columns) === null ? [path, name] : [key, path, name];
  return `SELECT * EXCLUDE (${left.join(", ")}) FROM (${storedRowsSql(columns, select)})`;
}

/** Makes the base file of what a COPY wrote, and makes it durable but for its directory's entry. */
export async function publishRows(
  { config, columns, instant }: Pick<WriteContext, "config" | "columns" | "instant">,
  { partition, named: { fileId, name, path }, staged, written, path: source }: CopiedRows,
): Promise<{ file: BaseFile; rows: number }> {
  const [, , , pathColumn, nameColumn] = META_COLUMNS;
  await finishBaseFile({
    parts: [{ path: source }],
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

async function rowCount(connection: DuckDBConnection, path: string): Promise<number> {
  const [row] = await rowsOf(connection, `SELECT num_rows FROM parquet_file_metadata(${sqlText(path)})`);
  return Number(row?.["num_rows"]);
}
