import type { DuckDBConnection } from "@duckdb/node-api";
import type { BaseFile, ValueRange } from "../file-group/base-file.ts";
import type { FileSystemView } from "../file-group/file-system-view.ts";
import type { Column } from "../schema/column.ts";
import { sqlText } from "../schema/sql-text.ts";
import type { Storage } from "../storage/storage.ts";
import { findColumn } from "../table/record-key.ts";
import { rowsOf } from "./rows-of.ts";

/** How many footers one statement reads. */
const FOOTERS_AT_ONCE = 512;

/** Reads from their footers the key ranges of the files that don't have them yet. */
export async function loadKeyRanges(
  files: readonly BaseFile[],
  from: { connection: DuckDBConnection; storage: Storage; basePath: string; view: FileSystemView },
  key: { columns: readonly Column[]; recordKey: readonly string[] },
): Promise<BaseFile[]> {
  const missing = files.filter((file) => file.keyRanges === null);
  const found = new Map<string, ReadonlyMap<string, ValueRange>>();
  for (let at = 0; at < missing.length; at += FOOTERS_AT_ONCE) {
    const some = missing.slice(at, at + FOOTERS_AT_ONCE);
    const paths = await from.storage.localPaths(some.map((file) => `${from.basePath}/${file.path}`));
    const ranges = await footerRanges(from.connection, paths, key);
    for (const [i, file] of some.entries()) found.set(file.path, ranges.get(paths[i] ?? "") ?? new Map());
  }
  return files.map((file) => {
    const keyRanges = found.get(file.path);
    if (!keyRanges) return file;
    const known = { ...file, keyRanges };
    from.view.remove(file.partition, file.name);
    from.view.add(known);
    return known;
  });
}

async function footerRanges(
  connection: DuckDBConnection,
  paths: readonly string[],
  { columns, recordKey }: { columns: readonly Column[]; recordKey: readonly string[] },
): Promise<Map<string, Map<string, ValueRange>>> {
  const ranges = new Map(paths.map((path) => [path, new Map<string, ValueRange>()]));
  for (const type of ["text", "integer"] as const) {
    const names = recordKey.filter(
      (name) => (findColumn(columns, name).type === "VARCHAR") === (type === "text"),
    );
    if (names.length === 0) continue;
    const value = (side: "min" | "max") =>
      type === "text" ? `stats_${side}_value` : `TRY_CAST(stats_${side}_value AS BIGINT)`;
    const rows = await rowsOf(
      connection,
      `SELECT file_name, path_in_schema, CAST(min(${value("min")}) AS VARCHAR) AS low, CAST(max(${value("max")}) AS VARCHAR) AS high
       FROM parquet_metadata([${paths.map(sqlText).join(", ")}])
       WHERE path_in_schema IN (${names.map(sqlText).join(", ")})
       GROUP BY ALL HAVING count(*) = count(${value("min")}) AND count(*) = count(${value("max")})`,
    );
    for (const row of rows) {
      const range = { min: String(row["low"]), max: String(row["high"]) };
      ranges.get(String(row["file_name"]))?.set(String(row["path_in_schema"]), range);
    }
  }
  return ranges;
}

/**
 * Whether a row of one set can have a key of the other. A key column's value is the same wherever its record is, so
 * ranges that don't meet in one key column part the sets; a range that is not known parts nothing.
 */
export function rangesMeet(
  a: ReadonlyMap<string, ValueRange>,
  b: ReadonlyMap<string, ValueRange>,
  columns: readonly Column[],
): boolean {
  return [...a].every(([name, left]) => {
    const right = b.get(name);
    if (!right) return true;
    const compare = findColumn(columns, name).type === "VARCHAR" ? compareText : compareInteger;
    return compare(left.min, right.max) <= 0 && compare(right.min, left.max) <= 0;
  });
}

/** By UTF-8 bytes, as Parquet's statistics and DuckDB order text; JavaScript's own order differs beyond U+FFFF. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareInteger(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
