import type { Maintenance } from "../../plan/maintenance.ts";
import { ident } from "./quote.ts";
import {
  columnList,
  keysEqual,
  oldName,
  REPLACES,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

type Latest = Extract<Maintenance, { kind: "latest" }>;

/**
 * The rows that hold the candidates' places: `__old`, until the candidates have competed with them.
 */
export function heldPlacesSql(table: StateTable, candidates: string): string {
  const names = storedColumns(table).map((column) => column.name);
  return `SELECT ${columnList(names, "t")} FROM ${stateName(table.name)} AS t
JOIN ${candidates} AS c ON ${keysEqual(table.key, "t", "c")}`;
}

/** The candidates that take a place: `__new`, with `__old` the rows that hold the places. */
export function takenPlacesSql(table: StateTable, latest: Latest, candidates: string): string {
  const names = storedColumns(table).map((column) => column.name);
  const free = `t.${ident(table.key[0] ?? "")} IS NULL`;
  return `SELECT ${columnList(names, "c")}, NOT ${free} AS ${REPLACES} FROM ${candidates} AS c
LEFT JOIN ${oldName(table.name)} AS t ON ${keysEqual(table.key, "c", "t")}
WHERE ${free} OR ${comesFirst(latest.order, "c", "t")}`;
}

/** Takes the rows off `__old` that no candidate came before. */
export function keptPlacesSql(table: StateTable, latest: Latest, candidates: string): string {
  const keeps = `NOT ${comesFirst(latest.order, "c", "t")}`;
  return `DELETE FROM ${oldName(table.name)} AS t USING ${candidates} AS c
WHERE ${keysEqual(table.key, "t", "c")} AND ${keeps}`;
}

/** `a` comes before `b` in a total order whose terms are never NULL. */
function comesFirst(order: Latest["order"], a: string, b: string): string {
  const [term, ...rest] = order;
  if (term === undefined) return "FALSE";
  const column = ident(term.column);
  const before = `${a}.${column} ${term.descending ? ">" : "<"} ${b}.${column}`;
  if (rest.length === 0) return before;
  return `(${before} OR (${a}.${column} = ${b}.${column} AND ${comesFirst(rest, a, b)}))`;
}
