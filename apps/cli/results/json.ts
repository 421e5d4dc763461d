import type { Column, QueryResult } from "../platform.ts";
import { inChunks } from "./chunks.ts";

const EXACT_IN_A_DOUBLE = /^(U?(TINY|SMALL)INT|U?INTEGER|DOUBLE|FLOAT)$/;
const INTEGER = /^(U?BIGINT|U?HUGEINT)$/;

/**
 * For programs: an array of objects, one to a line. Values follow the platform's rule for JSON: numbers as numbers where
 * a double holds them exactly, else (DECIMAL, integers beyond 2^53, NaN) as text; instants as RFC 3339.
 */
export function writeResult(result: QueryResult, out: (text: string) => void): void {
  out("[");
  let separator = "\n";
  for (const rows of inChunks(result.rows)) {
    out(separator + rows.map((row) => `  ${object(result.columns, row)}`).join(",\n"));
    separator = ",\n";
  }
  out(result.rows.length === 0 ? "]\n" : "\n]\n");
}

function object(columns: readonly Column[], row: readonly (string | null)[]): string {
  return JSON.stringify(
    Object.fromEntries(columns.map((column, at) => [column.name, valueOf(column, row[at] ?? null)])),
  );
}

function valueOf(column: Column, text: string | null): string | number | boolean | null {
  if (text === null) return null;
  if (column.type === "BOOLEAN") return text === "true";
  if (EXACT_IN_A_DOUBLE.test(column.type) && Number.isFinite(Number(text))) return Number(text);
  if (INTEGER.test(column.type) && Number.isSafeInteger(Number(text))) return Number(text);
  return text;
}
