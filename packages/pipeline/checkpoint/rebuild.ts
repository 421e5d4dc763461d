// How the engine's state comes to be when the database does not have it: lost, older than the lake, or made by
// another version of a model. Sources come back from the lake; every other model is its batch query over its inputs
// (law L1), and what differs from the lake is marked, so that the next checkpoint writes just that.

import type { DuckDBConnection } from "@duckdb/node-api";
import {
  columnList,
  createStateSql,
  inTimeSql,
  dropStateSql,
  SEQUENCE,
  stateName,
  type StateTable,
  storedColumns,
  keysEqual,
  deletedColumns,
  deletedName,
} from "../dialect/duckdb/state-table.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import type { Maintainer } from "../runtime/maintainer.ts";
import type { LakeTables } from "./lake-tables.ts";

/** Fills a source model's state from its lake table. */
export async function restoreSource(
  connection: DuckDBConnection,
  maintainer: Maintainer,
  lake: LakeTables,
): Promise<void> {
  const { table, name } = maintainer;
  await recreate(connection, table);
  const rows = await lake.snapshotSql(name);
  const sequence = lake.position(name)?.sequence ?? 0;
  if (rows === null) return;
  const stored = columnList(storedColumns(table).map((column) => column.name));
  await connection.run(
    `INSERT INTO ${stateName(name)} SELECT ${stored}, ${sequence} FROM (${rows})${inTimeSql(table)}`,
  );
}

/**
 * Fills a model's state by one batch over its inputs' state.
 * @param sequence the micro-batch that rows count to which the lake does not have as they are
 */
export async function rebuildModel(
  connection: DuckDBConnection,
  maintainer: Maintainer,
  options: { lake: LakeTables; sequence: number },
): Promise<void> {
  const { table, name } = maintainer;
  await recreate(connection, table);
  const names = storedColumns(table).map((column) => column.name);
  const inLake = await options.lake.snapshotSql(name);
  // before the first micro-batch no input has a row, and a model makes its rows of rows
  if (inLake === null && options.sequence === 1) return;
  const rows = `SELECT ${columnList(names)} FROM (${maintainer.batchSql()})`;
  if (inLake === null) {
    await connection.run(
      `INSERT INTO ${stateName(name)} SELECT *, ${options.sequence} FROM (${rows})${inTimeSql(table)}`,
    );
    return;
  }
  const lakeSequence = options.lake.position(name)?.sequence ?? 0;
  const on = keysEqual(table.key, "w", "l");
  const visible = table.columns.map((column) => column.name).filter((column) => !table.key.includes(column));
  const differ = visible.map((column) => `w.${ident(column)} IS DISTINCT FROM l.${ident(column)}`);
  const missing = `l.${ident(table.key[0] ?? "")} IS NULL`;
  await connection.run(`INSERT INTO ${stateName(name)}
SELECT w.*, CASE WHEN ${[missing, ...differ].join(" OR ")} THEN ${options.sequence} ELSE ${lakeSequence} END AS ${SEQUENCE}
FROM (${rows}) AS w LEFT JOIN (${inLake}) AS l ON ${on}${inTimeSql(table, "w")}`);
  await connection.run(`INSERT INTO ${deletedName(name)}
SELECT ${columnList(deletedColumns(table), "l")}, ${options.sequence} FROM (${inLake}) AS l
ANTI JOIN ${stateName(name)} AS w ON ${on}`);
}

async function recreate(connection: DuckDBConnection, table: StateTable): Promise<void> {
  for (const sql of [...dropStateSql(table.name), ...createStateSql(table)]) await connection.run(sql);
}
