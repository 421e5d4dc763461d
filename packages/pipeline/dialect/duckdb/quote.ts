/** A DuckDB identifier: `dws_load` → `"dws_load"`. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB text literal: `it's` → `'it''s'`. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
