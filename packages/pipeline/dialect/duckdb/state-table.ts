// The engine keeps every model's rows in a table of the schema `state`, and shows them as a view of the same
// name without the engine's own columns:
//
//   state.<model>          the model's columns · hidden columns (what merging needs) · __sequence (micro-batch)
//   state.<model>__deleted the keys and partition of rows that went, and when; the lake is told of them
//   main.<model>           view: the model's columns
//
// A micro-batch's change of a model is two temporary tables of the state table's columns:
//   temp.<model>__new   the rows that came or changed · __replaces (whether the row takes the place of one in __old)
//   temp.<model>__old   the rows that were replaced or went; of a change that has none, it is not there, or another's

import { ident } from "./quote.ts";

export interface StateColumn {
  name: string;
  /** DuckDB's name of the type. */
  type: string;
}

export interface StateTable {
  name: string;
  key: readonly string[];
  columns: readonly StateColumn[];
  /** What merging needs beside the model's columns; names begin with `__`. */
  hidden: readonly StateColumn[];
  /** The column by which the lake partitions it, if any. */
  partition: string | null;
}

/** The micro-batch that last wrote a row. */
export const SEQUENCE = "__sequence";
/** Whether a row of `__new` takes the place of one in `__old`. */
export const REPLACES = "__replaces";

export const stateName = (model: string): string => `state.${ident(model)}`;
export const deletedName = (model: string): string => `state.${ident(`${model}__deleted`)}`;
export const newName = (model: string): string => `temp.${ident(`${model}__new`)}`;
export const oldName = (model: string): string => `temp.${ident(`${model}__old`)}`;

/** The visible and hidden columns, in the state table's order; without the sequence. */
export function storedColumns(table: StateTable): readonly StateColumn[] {
  return [...table.columns, ...table.hidden];
}

export function columnList(names: readonly string[], alias?: string): string {
  return names.map((name) => (alias === undefined ? ident(name) : `${alias}.${ident(name)}`)).join(", ");
}

/** `a."x" = b."x" AND …`; keys are never NULL. */
export function keysEqual(key: readonly string[], left: string, right: string): string {
  return key.map((name) => `${left}.${ident(name)} = ${right}.${ident(name)}`).join(" AND ");
}

/** The columns that the lake needs to find a row that is gone. */
export function deletedColumns(table: StateTable): readonly string[] {
  const { key, partition } = table;
  return partition === null || key.includes(partition) ? key : [...key, partition];
}

/**
 * The order in which many rows are put into a state table at once: that of their instants, as they would have come. Rows
 * are looked for by key, and DuckDB passes over the row groups whose instants lie elsewhere.
 */
export function inTimeSql({ partition }: StateTable, alias?: string): string {
  return partition === null ? "" : ` ORDER BY ${columnList([partition], alias)}`;
}

export function createStateSql(table: StateTable): string[] {
  return [...createTablesSql(table), showStateSql(table)];
}

/** Without the view: the tables of a version that nobody reads yet. */
export function createTablesSql(table: StateTable): string[] {
  const definitions = storedColumns(table).map((column) => `${ident(column.name)} ${column.type}`);
  const types = new Map(storedColumns(table).map((column) => [column.name, column.type]));
  const gone = deletedColumns(table).map((name) => `${ident(name)} ${types.get(name)}`);
  return [
    "CREATE SCHEMA IF NOT EXISTS state",
    `CREATE TABLE ${stateName(table.name)} (${definitions.join(", ")}, ${SEQUENCE} BIGINT)`,
    `CREATE TABLE ${deletedName(table.name)} (${gone.join(", ")}, ${SEQUENCE} BIGINT)`,
  ];
}

export function showStateSql(table: StateTable): string {
  const names = table.columns.map((column) => column.name);
  return `CREATE OR REPLACE VIEW main.${ident(table.name)} AS SELECT ${columnList(names)} FROM ${stateName(table.name)}`;
}

/** Puts the tables of `from` in the place of those of `table`, of the same columns, and shows them. */
export function takePlaceSql(table: StateTable, from: string): string[] {
  return [
    ...dropStateSql(table.name),
    `ALTER TABLE ${stateName(from)} RENAME TO ${ident(table.name)}`,
    `ALTER TABLE ${deletedName(from)} RENAME TO ${ident(`${table.name}__deleted`)}`,
    showStateSql(table),
  ];
}

export function dropStateSql(model: string): string[] {
  return [
    `DROP VIEW IF EXISTS main.${ident(model)}`,
    `DROP TABLE IF EXISTS ${stateName(model)}`,
    `DROP TABLE IF EXISTS ${deletedName(model)}`,
  ];
}
