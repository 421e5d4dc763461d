import type { DuckDBConnection } from "@duckdb/node-api";

/** How many rows a relation has. */
export async function countRows(connection: DuckDBConnection, relation: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${relation}`);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}
