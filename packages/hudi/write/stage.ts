import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { ValueRange } from "../file-group/base-file.ts";
import type { Column } from "../schema/column.ts";
import {
  ambiguousKeys,
  ambiguousKeySql,
  BUCKET_COLUMN,
  type BucketIndex,
  bucketSql,
} from "../index/bucket.ts";
import type { TableIndex } from "../index/index-kind.ts";
import { sqlName, sqlNames } from "../schema/sql-text.ts";
import { rowsOf } from "./rows-of.ts";
import { checkColumns, checkMisfits, nullRefused, sourceFailed } from "./source-check.ts";
import { partitionValueSql } from "./partition-value.ts";

/** Rows given by a caller's SELECT, held in a TEMP table so that it is evaluated once. */
export interface Staged {
  /** The TEMP table's name. */
  name: string;
  partitions: StagedPartition[];
}

export interface StagedPartition {
  /** See partition-value.ts. */
  value: string | null;
  rows: number;
  /** Rows beyond the first of their key. Counted for upserts alone, else 0. */
  duplicates: number;
  keyRanges: ReadonlyMap<string, ValueRange>;
  /** The buckets of its keys; null in a table without a bucket index. */
  buckets: readonly number[] | null;
}

export interface StageOptions {
  connection: DuckDBConnection;
  sql: string;
  /** The TEMP table to make. */
  name: string;
  /** What the SELECT must give, in any order. */
  columns: readonly Column[];
  recordKey: readonly string[];
  partitionFields: readonly string[];
  ordering: string | null;
  index: TableIndex;
  /** Whether to look for rows of one key; of these the one with the highest ordering value is kept. */
  combine: boolean;
}

/**
 * Evaluates a source into a TEMP table, in the snapshot of whatever transaction the connection is in.
 * @throws HUDI_COLUMN_MISSING, HUDI_COLUMN_UNKNOWN, HUDI_COLUMN_TYPE, HUDI_COLUMN_NULL, HUDI_COLUMN_MISFIT, HUDI_KEY_NULL, HUDI_KEY_DUPLICATE,
 *   HUDI_KEY_BUCKET, HUDI_SOURCE_FAILED
 */
export async function stage(options: StageOptions): Promise<Staged> {
  const { connection, sql, name, columns } = options;
  try {
    checkColumns(columns, await rowsOf(connection, `DESCRIBE FROM (${sql}\n)`));
    await connection.run(`CREATE TEMP TABLE ${name} AS ${sourceSql(options)}`);
  } catch (cause) {
    if (cause instanceof GridlakeError) throw cause;
    throw sourceFailed(cause as Error);
  }
  await checkMisfits(options);
  const partitions = await summarize(options);
  if (!partitions.some((partition) => partition.duplicates > 0)) return { name, partitions };
  await combine(options);
  return { name, partitions: await summarize({ ...options, combine: false }) };
}

/** The source's rows in the table's types, with their bucket if they have one. */
function sourceSql({ sql, columns, recordKey, index }: StageOptions): string {
  const cast = castSql(columns, sql);
  if (index.kind !== "bucket") return cast;
  return `SELECT *, ${bucketSql({ columns, recordKey, index }, "s")} AS ${sqlName(BUCKET_COLUMN)} FROM (${cast}) s`;
}

/** A source's rows in the table's types. */
export function castSql(columns: readonly Column[], sql: string): string {
  const list = columns.map(({ name, type }) => `CAST(${sqlName(name)} AS ${type}) AS ${sqlName(name)}`);
  return `SELECT ${list.join(", ")} FROM (${sql}\n)`;
}

async function summarize(options: StageOptions): Promise<StagedPartition[]> {
  const { connection, name, columns, recordKey, partitionFields, index } = options;
  const required = requiredColumns(options);
  const list = [
    `${partitionValueSql(partitionFields)} AS value`,
    "count(*) AS n",
    `${options.combine ? duplicatesSql(recordKey) : "0"} AS duplicates`,
    ...(index.kind === "bucket" ? bucketsSql({ columns, recordKey, index }) : []),
    ...required.map((column, i) => `count(*) - count(${sqlName(column.name)}) AS null_${i}`),
    ...recordKey.flatMap((column, i) => [
      `CAST(min(${sqlName(column)}) AS VARCHAR) AS min_${i}`,
      `CAST(max(${sqlName(column)}) AS VARCHAR) AS max_${i}`,
    ]),
  ];
  const rows = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${name} s GROUP BY 1 ORDER BY 1`);
  return rows
    .filter((row) => Number(row["n"]) > 0)
    .map((row) => {
      for (const [i, column] of required.entries()) {
        if (Number(row[`null_${i}`]) > 0) throw nullRefused(column.name, Number(row[`null_${i}`]), recordKey);
      }
      if (Number(row["ambiguous"] ?? 0) > 0) throw ambiguousKeys(Number(row["ambiguous"]));
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
        buckets: index.kind === "bucket" ? (row["buckets"] as unknown as number[]) : null,
      };
    });
}

/** The columns that must have a value in every row. */
export function requiredColumns({
  columns,
  recordKey,
}: {
  columns: readonly Column[];
  recordKey: readonly string[];
}): Column[] {
  return columns.filter((column) => !column.nullable || recordKey.includes(column.name));
}

/** Counts hashes of 64 bits, which is three times as fast as the keys: two keys may share one, so what it finds is only likely. */
function duplicatesSql(recordKey: readonly string[]): string {
  return `count(*) - count(DISTINCT hash(${sqlNames(recordKey)}))`;
}

function bucketsSql(key: {
  columns: readonly Column[];
  recordKey: readonly string[];
  index: BucketIndex;
}): string[] {
  return [
    `list(DISTINCT ${sqlName(BUCKET_COLUMN)}) AS buckets`,
    `count(*) FILTER (${ambiguousKeySql(key, "s")}) AS ambiguous`,
  ];
}

/** Keeps of the rows of one key the one with the highest ordering value, the later one on a tie. */
async function combine({
  connection,
  name,
  recordKey,
  partitionFields,
  ordering,
}: StageOptions): Promise<void> {
  const key = sqlNames([...recordKey, ...partitionFields]);
  if (ordering === null) {
    const [row] = await rowsOf(connection, `SELECT count(*) - count(DISTINCT row(${key})) AS n FROM ${name}`);
    if (Number(row?.["n"]) === 0) return;
    throw new GridlakeError("HUDI_KEY_DUPLICATE", "the source has several rows of one record key", {
      remedy: "give one row per key, or create the table with an ordering column that tells which one holds",
      details: { recordKey },
    });
  }
  await connection.run(
    `DELETE FROM ${name} WHERE rowid IN (SELECT rowid FROM ${name} ` +
      `QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${sqlName(ordering)} DESC NULLS LAST, rowid DESC) > 1)`,
  );
}
