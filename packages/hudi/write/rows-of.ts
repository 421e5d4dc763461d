import type { DuckDBConnection } from "@duckdb/node-api";

/** A value of DuckDB as its JSON conversion gives it. */
export type Cell = string | number | boolean | null;

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, Cell>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson() as Record<string, Cell>[];
}
