import type { Maintenance } from "../../plan/maintenance.ts";
import { ident } from "./quote.ts";
import {
  columnList,
  keysEqual,
  newName,
  oldName,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

type Latest = Extract<Maintenance, { kind: "latest" }>;

/** Fills `__new` with the candidates that take a key's place, `__old` with the rows that lose theirs. */
export function competeSql(table: StateTable, latest: Latest, candidates: string): string[] {
  const names = storedColumns(table).map((column) => column.name);
  const on = (left: string, right: string): string => keysEqual(table.key, left, right);
  const first = ident(table.key[0] ?? "");
  return [
    `CREATE OR REPLACE TEMP TABLE ${oldName(table.name)} AS
SELECT ${columnList(names, "t")} FROM ${stateName(table.name)} AS t
JOIN ${candidates} AS c ON ${on("t", "c")} WHERE ${comesFirst(latest.order, "c", "t")}`,
    `CREATE OR REPLACE TEMP TABLE ${newName(table.name)} AS
SELECT ${columnList(names, "c")} FROM ${candidates} AS c
LEFT JOIN ${stateName(table.name)} AS t ON ${on("c", "t")}
WHERE t.${first} IS NULL OR ${comesFirst(latest.order, "c", "t")}`,
  ];
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
