import type { DuckDBConnection } from "@duckdb/node-api";

/** How many rows a relation has. */
export async function countRows(connection: DuckDBConnection, relation: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${relation}`);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

/** Fills a temporary table anew. @returns its rows, which DuckDB counts while it writes them */
export async function fillTable(connection: DuckDBConnection, table: string, rows: string): Promise<number> {
  const result = await connection.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${rows}`);
  const [row] = await result.getRows();
  return Number(row?.[0] ?? 0);
}
