import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { ValueRange } from "../file-group/base-file.ts";
import type { Column } from "../schema/column.ts";
import { fits } from "../schema/fits.ts";
import { sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { misfitSql } from "../schema/stored-type.ts";
import { findColumn } from "../table/record-key.ts";

/** A value of DuckDB as its JSON conversion gives it. */
export type Cell = string | number | boolean | null;

/** Rows given by a caller's SELECT, held in a TEMP table so that it is evaluated once. */
export interface Staged {
  /** The TEMP table's name. */
  name: string;
  partitions: StagedPartition[];
}

export interface StagedPartition {
  /** The partition column's value; null also in an unpartitioned table. */
  value: string | null;
  rows: number;
  /** Rows beyond the first of their key. Counted for upserts alone, else 0. */
  duplicates: number;
  keyRanges: ReadonlyMap<string, ValueRange>;
}

export interface StageOptions {
  connection: DuckDBConnection;
  sql: string;
  /** The TEMP table to make. */
  name: string;
  /** What the SELECT must give, in any order. */
  columns: readonly Column[];
  recordKey: readonly string[];
  partition: string | null;
  ordering: string | null;
  /** Whether to look for rows of one key; of these the one with the highest ordering value is kept. */
  combine: boolean;
}

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, Cell>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson() as Record<string, Cell>[];
}

/**
 * Evaluates a source into a TEMP table, in the snapshot of whatever transaction the connection is in.
 * @throws HUDI_COLUMN_MISSING, HUDI_COLUMN_UNKNOWN, HUDI_COLUMN_TYPE, HUDI_COLUMN_NULL, HUDI_COLUMN_MISFIT, HUDI_KEY_NULL, HUDI_KEY_DUPLICATE,
 *   HUDI_SOURCE_FAILED
 */
export async function stage(options: StageOptions): Promise<Staged> {
  const { connection, sql, name, columns } = options;
  try {
    checkColumns(columns, await rowsOf(connection, `DESCRIBE FROM (${sql}\n)`));
    const list = columns.map(
      (column) => `CAST(${sqlName(column.name)} AS ${column.type}) AS ${sqlName(column.name)}`,
    );
    await connection.run(`CREATE TEMP TABLE ${name} AS SELECT ${list.join(", ")} FROM (${sql}\n)`);
  } catch (cause) {
    if (cause instanceof GridlakeError) throw cause;
    throw new GridlakeError("HUDI_SOURCE_FAILED", `the source's SELECT failed: ${(cause as Error).message}`, {
      remedy: "correct the SELECT; a value that does not fit its column is refused, not rounded",
      cause,
    });
  }
  await checkMisfits(options);
  const partitions = await summarize(options);
  if (!partitions.some((partition) => partition.duplicates > 0)) return { name, partitions };
  await combine(options);
  return { name, partitions: await summarize({ ...options, combine: false }) };
}

/** Of staged rows `s` those of a partition. */
export function partitionIs(partition: string, value: string | null): string {
  return value === null ? `s.${sqlName(partition)} IS NULL` : `s.${sqlName(partition)} = ${sqlText(value)}`;
}

async function summarize(options: StageOptions): Promise<StagedPartition[]> {
  const { connection, name, columns, recordKey, partition } = options;
  const required = columns.filter((column) => !column.nullable || recordKey.includes(column.name));
  const value = partition === null ? "NULL" : sqlName(partition);
  const key = recordKey.length === 1 ? sqlNames(recordKey) : `(${sqlNames(recordKey)})`;
  const list = [
    `${value} AS value`,
    "count(*) AS n",
    `${options.combine ? `count(*) - count(DISTINCT ${key})` : "0"} AS duplicates`,
    ...required.map((column, i) => `count(*) - count(${sqlName(column.name)}) AS null_${i}`),
    ...recordKey.flatMap((column, i) => [
      `CAST(min(${sqlName(column)}) AS VARCHAR) AS min_${i}`,
      `CAST(max(${sqlName(column)}) AS VARCHAR) AS max_${i}`,
    ]),
  ];
  const rows = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${name} GROUP BY 1 ORDER BY 1`);
  return rows
    .filter((row) => Number(row["n"]) > 0)
    .map((row) => {
      for (const [i, column] of required.entries()) {
        if (Number(row[`null_${i}`]) > 0) throw nullRefused(column.name, Number(row[`null_${i}`]), recordKey);
      }
      if (recordKey.length === 1 && row["min_0"] === "") throw nullRefused(recordKey[0] ?? "", 1, recordKey);
      const keyRanges = recordKey.map((column, i): [string, ValueRange] => [
        column,
        { min: String(row[`min_${i}`]), max: String(row[`max_${i}`]) },
      ]);
      return {
        value: row["value"] === null ? null : String(row["value"]),
        rows: Number(row["n"]),
        duplicates: Number(row["duplicates"]),
        keyRanges: new Map(keyRanges),
      };
    });
}

/** Keeps of the rows of one key the one with the highest ordering value, the later one on a tie. */
async function combine({ connection, name, recordKey, partition, ordering }: StageOptions): Promise<void> {
  if (ordering === null) {
    throw new GridlakeError("HUDI_KEY_DUPLICATE", "the source has several rows of one record key", {
      remedy: "give one row per key, or create the table with an ordering column that tells which one holds",
      details: { recordKey },
    });
  }
  const key = sqlNames([...recordKey, ...(partition === null ? [] : [partition])]);
  await connection.run(
    `DELETE FROM ${name} WHERE rowid IN (SELECT rowid FROM ${name} ` +
      `QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${sqlName(ordering)} DESC NULLS LAST, rowid DESC) > 1)`,
  );
}

function nullRefused(column: string, rows: number, recordKey: readonly string[]): GridlakeError {
  const isKey = recordKey.includes(column);
  return new GridlakeError(
    isKey ? "HUDI_KEY_NULL" : "HUDI_COLUMN_NULL",
    `${rows} rows of the source have no ${column}`,
    {
      remedy: isKey
        ? "give every row a key that is neither null nor empty"
        : "give the column a value, or declare it nullable",
      details: { column, rows },
    },
  );
}

/** Looks for rows that would break what another engine declared of a column. @throws HUDI_COLUMN_MISFIT */
async function checkMisfits({ connection, name, columns }: StageOptions): Promise<void> {
  for (const column of columns) {
    const misfit = misfitSql(column);
    if (misfit === null) continue;
    const [row] = await rowsOf(connection, `SELECT count(*) AS n FROM ${name} WHERE ${misfit}`);
    if (Number(row?.["n"]) === 0) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_MISFIT",
      `${row?.["n"]} rows of the source have a ${column.name} that ${JSON.stringify(column.avro)} does not allow`,
      {
        remedy:
          "give no null inside it where the table allows none, and no fractions of a ms where it keeps ms",
        details: { column: column.name, avro: column.avro },
      },
    );
  }
}

function checkColumns(columns: readonly Column[], described: readonly Record<string, Cell>[]): void {
  const given = new Map(described.map((row) => [String(row["column_name"]), String(row["column_type"])]));
  for (const name of given.keys()) {
    if (columns.some((column) => column.name === name)) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_UNKNOWN",
      `the source gives ${name}, which the table does not have`,
      {
        remedy: `give ${columns.map((column) => column.name).join(", ")}`,
        details: { column: name },
      },
    );
  }
  const gives = [...given.keys()].map((name): Column => ({ name, type: "VARCHAR", nullable: true }));
  for (const { name, type } of columns) {
    findColumn(gives, name);
    const from = given.get(name) ?? "";
    if (fits(from, type)) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_TYPE",
      `the source gives ${name} as ${from}, the table has ${type}`,
      {
        remedy: `cast it in the source: CAST(${name} AS ${type})`,
        details: { column: name, source: from, table: type },
      },
    );
  }
}
