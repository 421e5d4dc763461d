import type { Seed } from "../../ir/seed.ts";
import { ident, text } from "./quote.ts";

/** The rows of a seed as a bracketed query; a type is named once a column, not once a value. */
export function seedSql({ columns, rows }: Seed): string {
  const list = columns.map(({ name, type }, index) => `CAST(v.c${index} AS ${type}) AS ${ident(name)}`);
  const names = columns.map((_, index) => `c${index}`).join(", ");
  const values = rows.map((row) => {
    const cells = row.map((cell, index) => (columns[index]?.type === "VARCHAR" ? text(cell) : cell));
    return `(${cells.join(", ")})`;
  });
  return `(SELECT ${list.join(", ")} FROM (VALUES ${values.join(", ")}) AS v(${names}))`;
}
