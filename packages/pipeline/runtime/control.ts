// What the engine knows of itself, in the same database and the same transactions as the rows (law L3):
//
//   control.engine      one row: the last committed micro-batch
//   control.position    per topic: the offset of the next log record to take in
//   control.model       per model: what decided its rows (see checkpoint/meaning.ts), and its counters
//   control.forgotten   per model: the micro-batch up to which deletes are forgotten, for the lake has them. Checkpoints
//                       write it beside the micro-batches, so it is a table of its own
//   control.stale       per model whose table is of an earlier version: the last micro-batch that the table followed
//   control.staged      per model whose new version is built and follows beside the former one: what decides its rows

import type { DuckDBConnection } from "@duckdb/node-api";
import { text } from "../dialect/duckdb/quote.ts";

export interface ModelCounters {
  meaning: string;
  rowsIn: number;
  rowsOut: number;
}

export async function createControl(connection: DuckDBConnection): Promise<void> {
  await connection.run("CREATE SCHEMA IF NOT EXISTS control");
  await connection.run("CREATE SCHEMA IF NOT EXISTS state");
  await connection.run("CREATE TABLE IF NOT EXISTS control.engine (sequence BIGINT)");
  await connection.run("ALTER TABLE control.engine ADD COLUMN IF NOT EXISTS stream_ms DOUBLE DEFAULT 0");
  await connection.run("CREATE TABLE IF NOT EXISTS control.position (topic VARCHAR, next BIGINT)");
  await connection.run(
    "CREATE TABLE IF NOT EXISTS control.model (name VARCHAR, meaning VARCHAR, rows_in BIGINT, rows_out BIGINT)",
  );
  await connection.run("CREATE TABLE IF NOT EXISTS control.forgotten (name VARCHAR, sequence BIGINT)");
  await connection.run("CREATE TABLE IF NOT EXISTS control.stale (name VARCHAR, sequence BIGINT)");
  await connection.run("CREATE TABLE IF NOT EXISTS control.staged (name VARCHAR, meaning VARCHAR)");
  await connection.run(
    "INSERT INTO control.engine (sequence) SELECT 0 WHERE NOT EXISTS (FROM control.engine)",
  );
}

export async function readSequence(connection: DuckDBConnection): Promise<number> {
  const [row] = (await connection.runAndReadAll("SELECT sequence FROM control.engine")).getRows();
  return Number(row?.[0] ?? 0);
}

/** @param tookMs what is added to the time that micro-batches took */
export async function writeSequence(
  connection: DuckDBConnection,
  sequence: number,
  tookMs = 0,
): Promise<void> {
  await connection.run(
    `UPDATE control.engine SET sequence = ${sequence}, stream_ms = stream_ms + ${tookMs.toFixed(3)}`,
  );
}

/** How long all micro-batches took together; that of a state that was lost is in the lake. */
export async function readStreamMs(connection: DuckDBConnection): Promise<number> {
  const [row] = (await connection.runAndReadAll("SELECT stream_ms FROM control.engine")).getRows();
  return Number(row?.[0] ?? 0);
}

export async function writeStreamMs(connection: DuckDBConnection, streamMs: number): Promise<void> {
  await connection.run(`UPDATE control.engine SET stream_ms = ${streamMs.toFixed(3)}`);
}

export async function readPositions(connection: DuckDBConnection): Promise<Map<string, number>> {
  const rows = (await connection.runAndReadAll("SELECT topic, next FROM control.position")).getRows();
  return new Map(rows.map(([topic, next]) => [String(topic), Number(next)]));
}

export async function writePosition(
  connection: DuckDBConnection,
  topic: string,
  next: number,
): Promise<void> {
  await connection.run(`MERGE INTO control.position AS t USING (SELECT ${text(topic)} AS topic, ${next} AS next) AS s
ON t.topic = s.topic WHEN MATCHED THEN UPDATE SET next = s.next WHEN NOT MATCHED THEN INSERT VALUES (s.topic, s.next)`);
}

export async function readModels(connection: DuckDBConnection): Promise<Map<string, ModelCounters>> {
  const rows = (
    await connection.runAndReadAll("SELECT name, meaning, rows_in, rows_out FROM control.model")
  ).getRows();
  return new Map(
    rows.map(([name, meaning, rowsIn, rowsOut]) => [
      String(name),
      { meaning: String(meaning), rowsIn: Number(rowsIn), rowsOut: Number(rowsOut) },
    ]),
  );
}

/** One statement, for each costs a micro-batch about a millisecond of planning. */
export async function writeModels(
  connection: DuckDBConnection,
  models: ReadonlyMap<string, ModelCounters>,
): Promise<void> {
  if (models.size === 0) return;
  const rows = [...models].map(
    ([name, { meaning, rowsIn, rowsOut }]) => `(${text(name)}, ${text(meaning)}, ${rowsIn}, ${rowsOut})`,
  );
  await connection.run(`MERGE INTO control.model AS t
USING (VALUES ${rows.join(", ")}) AS s(name, meaning, rows_in, rows_out) ON t.name = s.name
WHEN MATCHED THEN UPDATE SET meaning = s.meaning, rows_in = s.rows_in, rows_out = s.rows_out
WHEN NOT MATCHED THEN INSERT VALUES (s.name, s.meaning, s.rows_in, s.rows_out)`);
}

export async function forgetModel(connection: DuckDBConnection, name: string): Promise<void> {
  await connection.run(`DELETE FROM control.model WHERE name = ${text(name)}`);
  await connection.run(`DELETE FROM control.forgotten WHERE name = ${text(name)}`);
  await connection.run(`DELETE FROM control.stale WHERE name = ${text(name)}`);
}

/** The models whose tables are of an earlier version, each with the last micro-batch that its table followed. */
export async function readStale(connection: DuckDBConnection): Promise<Map<string, number>> {
  const rows = (await connection.runAndReadAll("SELECT name, sequence FROM control.stale")).getRows();
  return new Map(rows.map(([name, sequence]) => [String(name), Number(sequence)]));
}

/** Keeps what was noted first: a table that is behind follows nothing. */
export async function noteStale(connection: DuckDBConnection, name: string, sequence: number): Promise<void> {
  await connection.run(`INSERT INTO control.stale SELECT ${text(name)}, ${sequence}
WHERE NOT EXISTS (FROM control.stale WHERE name = ${text(name)})`);
}

export async function readStaged(connection: DuckDBConnection): Promise<Map<string, string>> {
  const rows = (await connection.runAndReadAll("SELECT name, meaning FROM control.staged")).getRows();
  return new Map(rows.map(([name, meaning]) => [String(name), String(meaning)]));
}

export async function noteStaged(connection: DuckDBConnection, name: string, meaning: string): Promise<void> {
  await connection.run(`INSERT INTO control.staged VALUES (${text(name)}, ${text(meaning)})`);
}

export async function forgetStaged(connection: DuckDBConnection, name: string): Promise<void> {
  await connection.run(`DELETE FROM control.staged WHERE name = ${text(name)}`);
}

export async function readForgotten(connection: DuckDBConnection): Promise<Map<string, number>> {
  const rows = (await connection.runAndReadAll("SELECT name, sequence FROM control.forgotten")).getRows();
  return new Map(rows.map(([name, sequence]) => [String(name), Number(sequence)]));
}

export async function writeForgotten(
  connection: DuckDBConnection,
  names: readonly string[],
  sequence: number,
): Promise<void> {
  if (names.length === 0) return;
  const rows = names.map((name) => `(${text(name)}, ${sequence})`);
  await connection.run(`MERGE INTO control.forgotten AS t
USING (VALUES ${rows.join(", ")}) AS s(name, sequence) ON t.name = s.name
WHEN MATCHED THEN UPDATE SET sequence = s.sequence WHEN NOT MATCHED THEN INSERT VALUES (s.name, s.sequence)`);
}
