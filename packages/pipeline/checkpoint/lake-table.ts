import { ident } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  deletedColumns,
  deletedName,
  keysEqual,
  SEQUENCE,
  stateName,
  type StateTable,
} from "../dialect/duckdb/state-table.ts";
import { isInstantKey, type Model, PARTITION_COLUMN } from "../ir/index.ts";

/** The lake's columns of state rows; `columns` limits them to those that a deleted row still has. */
function inLake(model: Model, alias: string, columns: readonly string[]): string {
  const parts = columns.map((name) => `${alias}.${ident(name)}`);
  for (const name of model.key.filter((key) => isInstantKey(model, key))) {
    parts.push(`epoch_us(${alias}.${ident(name)}) AS ${ident(`${name}_us`)}`);
  }
  if (model.partition !== null) {
    parts.push(`strftime(${alias}.${ident(model.partition)}, '%Y-%m-%d') AS ${PARTITION_COLUMN}`);
  }
  return parts.join(", ");
}

/** The rows that micro-batches in (after, …] wrote, as the lake takes them. */
export function upsertsSql(model: Model, table: StateTable, after: number): string {
  const names = table.columns.map((column) => column.name);
  return `SELECT ${inLake(model, "t", names)} FROM ${stateName(model.name)} AS t WHERE t.${SEQUENCE} > ${after}`;
}

/** The keys that went in micro-batches (after, …] and have not come back. */
export function deletesSql(model: Model, table: StateTable, after: number): string {
  const plain = model.key.filter((name) => !isInstantKey(model, name));
  return `SELECT ${inLake(model, "d", plain)} FROM (
  SELECT DISTINCT ${columnList(deletedColumns(table))} FROM ${deletedName(model.name)} WHERE ${SEQUENCE} > ${after}
) AS d ANTI JOIN ${stateName(model.name)} AS t ON ${keysEqual(table.key, "d", "t")}`;
}
