import type { DuckDBConnection } from "@duckdb/node-api";
import { readings } from "../spark/readings.ts";

/** How DuckDB writes a column of readings as text that Flink takes, and Flink's type. */
const COLUMNS: Readonly<Record<string, readonly [sql: string, type: string]>> = {
  device: ["device", "STRING"],
  reading: ["reading", "BIGINT"],
  region: ["region", "STRING"],
  seq: ["seq", "BIGINT"],
  at: [`strftime("at" AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')`, "TIMESTAMP(6)"],
  day: [`"day"`, "DATE"],
  energy_wh: ["energy_wh", "BIGINT"],
  phase: ["phase", "INT"],
  power_kw: ["power_kw", "DECIMAL(9, 3)"],
  price: ["price", "DECIMAL(18, 6)"],
  total: ["total", "DECIMAL(30, 8)"],
  note: ["note", "STRING"],
};

/** Readings, a SELECT of DuckDB's, as VALUES for Flink SQL. */
export async function readingValues(connection: DuckDBConnection, rows: string): Promise<string> {
  const literals = readings("readings").columns.map(({ name }) => {
    const [sql, type] = COLUMNS[name] ?? ["NULL", "STRING"];
    return `'CAST(' || coalesce( || ${sql}::VARCHAR || , 'NULL') || ' AS ${type})'`;
  });
  const reader = await connection.runAndReadAll(
    `SELECT '(' || ${literals.join(" || ', ' || ")} || ')' FROM (${rows})`,
  );
  return `VALUES ${reader
    .getRowsJson()
    .map(([row]) => String(row))
    .join(", ")}`;
}
