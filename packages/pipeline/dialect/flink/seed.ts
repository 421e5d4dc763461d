import type { Seed } from "../../ir/seed.ts";
import { flinkType } from "./flink-type.ts";
import { ident, text } from "./quote.ts";

/**
 * The rows of a seed as a bracketed query. Values stand as bare texts and are cast a column: with casts among them, each row of
 * VALUES becomes a source of its own.
 */
export function seedSql({ columns, rows }: Seed): string {
  const names = columns.map((_, at) => `c${at}`);
  const values = rows.map((row) => `(${row.map(text).join(", ")})`);
  const typed = columns.map(({ name, type }, at) => `CAST(c${at} AS ${flinkType(type)}) AS ${ident(name)}`);
  return `(SELECT ${typed.join(", ")} FROM (VALUES ${values.join(", ")}) AS s (${names.join(", ")}))`;
}
