import { ident } from "./quote.ts";
import {
  columnList,
  deletedColumns,
  deletedName,
  keysEqual,
  newName,
  oldName,
  SEQUENCE,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

/**
 * A model's change, from what its affected rows should be now and what they are in the state table:
 * `__new` the wanted rows that are new or differ, `__old` the existing rows that differ or are to go.
 * @param relations `wanted` and `existing`: relations with the stored columns, one row a key
 */
export function differenceSql(table: StateTable, relations: { wanted: string; existing: string }): string[] {
  const names = storedColumns(table).map((column) => column.name);
  const differ = names
    .filter((name) => !table.key.includes(name))
    .map((name) => `w.${ident(name)} IS DISTINCT FROM e.${ident(name)}`);
  const on = keysEqual(table.key, "w", "e");
  // a key column is never NULL in a row that is there
  const missing = (alias: string): string => `${alias}.${ident(table.key[0] ?? "")} IS NULL`;
  const select = (target: string, own: string, from: string, other: string, joined: string): string =>
    `CREATE OR REPLACE TEMP TABLE ${target} AS SELECT ${columnList(names, own)}
FROM ${from} AS ${own} LEFT JOIN ${joined} AS ${other} ON ${on}
WHERE ${[missing(other), ...differ].join(" OR ")}`;
  return [
    select(newName(table.name), "w", relations.wanted, "e", relations.existing),
    select(oldName(table.name), "e", relations.existing, "w", relations.wanted),
  ];
}

/** Which kinds of change `__new` and `__old` hold; a kind known to be absent costs nothing. */
export interface ChangeKinds {
  inserts: boolean;
  updates: boolean;
  deletes: boolean;
}

/**
 * Carries `__new` and `__old` over into the state table, and notes the keys that went. What is new is appended and
 * only what was there is looked for: a MERGE would look for all of it.
 */
export function applySql(table: StateTable, kinds: ChangeKinds, sequence: number): string[] {
  const names = storedColumns(table).map((column) => column.name);
  const [state, added, removed] = [stateName(table.name), newName(table.name), oldName(table.name)];
  const on = (left: string, right: string): string => keysEqual(table.key, left, right);
  const sql: string[] = [];
  if (kinds.deletes) {
    const gone = `SELECT * FROM ${removed} AS o ANTI JOIN ${added} AS n ON ${on("o", "n")}`;
    sql.push(
      `DELETE FROM ${state} AS t USING (${gone}) AS n WHERE ${on("t", "n")}`,
      `INSERT INTO ${deletedName(table.name)}
SELECT ${columnList(deletedColumns(table))}, ${sequence} FROM (${gone})`,
    );
  }
  if (kinds.updates) {
    const values = names.filter((name) => !table.key.includes(name));
    const assignments = values.map((name) => `${ident(name)} = n.${ident(name)}`);
    const known = kinds.inserts
      ? `(SELECT * FROM ${added} AS a SEMI JOIN ${removed} AS o ON ${on("a", "o")})`
      : added;
    sql.push(`UPDATE ${state} AS t SET ${[...assignments, `${SEQUENCE} = ${sequence}`].join(", ")}
FROM ${known} AS n WHERE ${on("t", "n")}`);
  }
  if (kinds.inserts) {
    const fresh = kinds.updates ? ` ANTI JOIN ${removed} AS o ON ${on("n", "o")}` : "";
    sql.push(`INSERT INTO ${state} (${columnList(names)}, ${SEQUENCE})
SELECT ${columnList(names, "n")}, ${sequence} FROM ${added} AS n${fresh}`);
  }
  return sql;
}
