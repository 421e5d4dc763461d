import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";
import { rowsOf } from "./rows-of.ts";
import { samePartition } from "./partition-value.ts";

/** Where the source's keys are now. */
export interface Tags {
  /**
   * A TEMP table: per row of a base file that goes, `f` its file, `n` its row number there, `r` the rowid of the staged
   * row that takes its place or null, `d` the rowid of the staged delete that takes it away or null. A staged row that lost
   * to the stored one has `f` null. `stored` is the file in either case.
   */
  name: string;
  touched: Map<BaseFile, { updates: number; deletes: number }>;
  /** The files with rows to which a staged one lost. */
  lostTo: BaseFile[];
}

export interface TagOptions {
  connection: DuckDBConnection;
  /** The TEMP table to make. */
  name: string;
  /** Staged upserts whose keys may exist already; null: none, or trusted to be new. */
  upserts: string | null;
  /** Staged deletes. */
  deletes: string | null;
  recordKey: readonly string[];
  partitionFields: readonly string[];
  ordering: string | null;
  /** The files where the keys can be, by their path on this machine. */
  files: ReadonlyMap<string, BaseFile>;
  /** Their rows: the columns above as the table has them now, FILE and file_row_number. */
  stored: string;
}

// the name under which read_parquet gives a row's file; no column can be called so
const FILE = "_hoodie_local_file";
/** What `stored` is to be read with, and the columns that come of it. */
export const TAGGED = {
  options: [`filename = ${sqlText(FILE)}`, "file_row_number = true"],
  columns: [FILE, "file_row_number"],
} as const;

/**
 * Finds the staged keys in the base files with one join over the key columns alone. DuckDB passes the ranges of the
 * staged keys to the scan, so that row groups outside them are not read.
 */
export async function tag(options: TagOptions): Promise<Tags> {
  const {
    connection,
    name,
    upserts,
    deletes,
    recordKey,
    partitionFields,
    ordering,
    files,
    stored: base,
  } = options;
  // a partition value may be null, a key may not
  const others = partitionFields.filter((field) => !recordKey.includes(field));
  const sameKey = (left: string, right: string) =>
    [
      ...recordKey.map((column) => `${left}.${sqlName(column)} = ${right}.${sqlName(column)}`),
      ...samePartition(others, left, right),
    ].join(" AND ");
  const wins =
    ordering === null
      ? "true"
      : `b.${sqlName(ordering)} IS NULL OR s.${sqlName(ordering)} >= b.${sqlName(ordering)}`;
  const found: string[] = [];
  if (upserts !== null) {
    found.push(
      `SELECT CASE WHEN ${wins} THEN b.${FILE} END AS f, b.file_row_number AS n, s.rowid AS r,
         CAST(NULL AS BIGINT) AS d, b.${FILE} AS stored FROM ${base} b JOIN ${upserts} s ON ${sameKey("b", "s")}`,
    );
  }
  if (deletes !== null) {
    // of a key that is both deleted and upserted, the upsert holds
    const notUpserted = upserts === null ? "" : `ANTI JOIN ${upserts} u ON ${sameKey("u", "s")}`;
    found.push(
      `SELECT b.${FILE} AS f, b.file_row_number AS n, CAST(NULL AS BIGINT) AS r, min(s.d) AS d, b.${FILE} AS stored
       FROM ${base} b JOIN (SELECT s.*, s.rowid AS d FROM ${deletes} s ${notUpserted}) s ON ${sameKey("b", "s")}
       GROUP BY b.${FILE}, b.file_row_number`,
    );
  }
  await connection.run(`CREATE TEMP TABLE ${name} AS ${found.join(" UNION ALL ")}`);
  const rows = await rowsOf(
    connection,
    `SELECT stored, count(r) FILTER (f IS NOT NULL) AS updates, count(f) - updates AS deletes, count(*) - count(f) AS lost
     FROM ${name} GROUP BY stored ORDER BY stored`,
  );
  const tags: Tags = { name, touched: new Map(), lostTo: [] };
  for (const row of rows) {
    const file = files.get(String(row["stored"]));
    assert(file, `tagged a row in ${row["stored"]}, which is no file of the table`);
    const going = { updates: Number(row["updates"]), deletes: Number(row["deletes"]) };
    if (going.updates + going.deletes > 0) tags.touched.set(file, going);
    if (Number(row["lost"]) > 0) tags.lostTo.push(file);
  }
  return tags;
}

/** Of staged rows `s` those whose key no base file has. */
export function notTagged(tags: Tags): string {
  return `ANTI JOIN (SELECT r FROM ${tags.name} WHERE r IS NOT NULL) t ON s.rowid = t.r`;
}
