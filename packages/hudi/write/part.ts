import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import { type Column, META_COLUMNS, typeOf } from "../schema/column.ts";
import { sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { misfitSql } from "../schema/foreign-column.ts";
import { storedRowsSql } from "../schema/stored-type.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableConfig } from "../table/table-config.ts";
import { keyTextColumn } from "./finish-base-file.ts";
import { type Cell, rowsOf } from "./rows-of.ts";
import { checkColumns, nullRefused, sourceFailed } from "./source-check.ts";
import { castSql, requiredColumns } from "./stage.ts";
import { partitionValueOf } from "./partition-value.ts";

/** Rows given by a caller's SELECT, evaluated once into Parquet files that lack no more than their instant's meta columns. */
export interface Parted {
  partitions: PartedPartition[];
}

export interface PartedPartition {
  /** See partition-value.ts. */
  value: string | null;
  /** On this machine. */
  files: string[];
}

export interface PartOptions {
  connection: DuckDBConnection;
  sql: string;
  columns: readonly Column[];
  config: TableConfig;
  /** An empty folder on this machine. */
  directory: string;
}

function isFlat(column: Column): boolean {
  const { kind } = typeOf(column);
  return kind === "plain" || kind === "decimal";
}

/** Whether rows can be checked by the statistics of the files that they are written into, and need not be staged. */
export function canPart(columns: readonly Column[], { recordKey, index }: TableConfig): boolean {
  return (
    index.kind !== "bucket" &&
    columns.every((column) => misfitSql(column) === null) &&
    requiredColumns({ columns, recordKey }).every(isFlat)
  );
}

/**
 * Evaluates a source with one COPY into a file per partition, or several where DuckDB could not keep all of them open; in
 * the snapshot of whatever transaction the connection is in. What `stage` looks for in rows is told here by the files'
 * statistics.
 * @throws HUDI_COLUMN_MISSING, HUDI_COLUMN_UNKNOWN, HUDI_COLUMN_TYPE, HUDI_COLUMN_NULL, HUDI_KEY_NULL, HUDI_SOURCE_FAILED
 */
export async function part(options: PartOptions): Promise<Parted> {
  const { connection, sql, columns, config, directory } = options;
  const { partitionFields } = config;
  const into = partitionFields.length === 0 ? `${directory}/all.parquet` : directory;
  const how =
    partitionFields.length === 0
      ? ""
      : `, PARTITION_BY (${sqlNames(partitionFields)}), WRITE_PARTITION_COLUMNS true`;
  let files: Record<string, Cell>[];
  try {
    checkColumns(columns, await rowsOf(connection, `DESCRIBE FROM (${sql}\n)`));
    files = await rowsOf(
      connection,
      `COPY (${partSql(options)}) TO ${sqlText(into)} (FORMAT parquet, COMPRESSION zstd, RETURN_STATS${how})`,
    );
  } catch (cause) {
    if (cause instanceof GridlakeError) throw cause;
    throw sourceFailed(cause as Error);
  }
  checkStatistics(files, options);
  const partitions = new Map<string | null, string[]>();
  for (const file of files) {
    if (Number(file["count"]) === 0) continue;
    const value = partitionFields.length === 0 ? null : partitionOf(file);
    const known = partitions.get(value);
    if (known) known.push(String(file["filename"]));
    else partitions.set(value, [String(file["filename"])]);
  }
  return { partitions: [...partitions].map(([value, paths]) => ({ value, files: paths })) };
}

/** The record key and the table's columns, as they are stored; other meta columns are the same for a whole file, or counted. */
function partSql({ sql, columns, config }: PartOptions): string {
  const [time, seqno, key, path, name] = META_COLUMNS;
  const own = columns.map((column) => column.name);
  const rows =
    `SELECT NULL AS ${time}, NULL AS ${seqno}, ${recordKeySql(columns, config, "s")} AS ${key}, ` +
    `NULL AS ${path}, NULL AS ${name}, ${sqlNames(own, "s")} FROM (${castSql(columns, sql)}) s`;
  const left = [time, seqno, path, name, ...(keyTextColumn(config, columns) === null ? [] : [key])];
  return `SELECT * EXCLUDE (${left.join(", ")}) FROM (${storedRowsSql(columns, rows)})`;
}

function partitionOf(file: Record<string, Cell>): string | null {
  const keys = file["partition_keys"] as unknown as { value: string | null }[];
  return partitionValueOf(keys.map(({ value }) => value));
}

function checkStatistics(files: readonly Record<string, Cell>[], { columns, config }: PartOptions): void {
  const { recordKey } = config;
  for (const { name } of requiredColumns({ columns, recordKey })) {
    let nulls = 0;
    for (const file of files) {
      const statistics = statisticsOf(file, name);
      nulls += Number(statistics.get("null_count") ?? 0);
      const isEmpty = recordKey.length === 1 && recordKey[0] === name && statistics.get("min") === "";
      if (isEmpty) throw nullRefused(name, 1, recordKey);
    }
    if (nulls > 0) throw nullRefused(name, nulls, recordKey);
  }
}

function statisticsOf(file: Record<string, Cell>, column: string): Map<string, string> {
  const all = file["column_statistics"] as unknown as {
    key: string;
    value: { key: string; value: string }[];
  }[];
  const found = all.find(({ key }) => key === sqlName(column))?.value ?? [];
  return new Map(found.map(({ key, value }) => [key, value]));
}
