import type { QueryResult } from "../platform.ts";
import { inChunks } from "./chunks.ts";

/** RFC 4180 with a header. NULL is an empty field, an empty text is `""`. */
export function writeResult(result: QueryResult, out: (text: string) => void): void {
  out(`${result.columns.map(({ name }) => field(name)).join(",")}\r\n`);
  for (const rows of inChunks(result.rows)) {
    out(rows.map((row) => `${row.map(field).join(",")}\r\n`).join(""));
  }
}

function field(value: string | null): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
