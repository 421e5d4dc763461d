import { ident } from "./quote.ts";
import {
  columnList,
  deletedColumns,
  deletedName,
  keysEqual,
  newName,
  oldName,
  REPLACES,
  SEQUENCE,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

/** The rows of a change, each side as a query. */
export interface ChangeSql {
  /** For `__old`: the rows that are replaced or go. */
  old: string;
  /** For `__new`: the rows that come or change, with `__replaces`. */
  new: string;
}

/**
 * A model's change, from what its affected rows should be now and what they are in the state table.
 * @param relations `wanted` and `existing`: relations with the stored columns, one row a key
 */
export function differenceSql(table: StateTable, relations: { wanted: string; existing: string }): ChangeSql {
  const names = storedColumns(table).map((column) => column.name);
  const differ = names
    .filter((name) => !table.key.includes(name))
    .map((name) => `w.${ident(name)} IS DISTINCT FROM e.${ident(name)}`);
  const on = keysEqual(table.key, "w", "e");
  // a key column is never NULL in a row that is there
  const missing = (alias: string): string => `${alias}.${ident(table.key[0] ?? "")} IS NULL`;
  const differing = (other: string): string => [missing(other), ...differ].join(" OR ");
  return {
    new: `SELECT ${columnList(names, "w")}, NOT ${missing("e")} AS ${REPLACES}
FROM ${relations.wanted} AS w LEFT JOIN ${relations.existing} AS e ON ${on} WHERE ${differing("e")}`,
    old: `SELECT ${columnList(names, "e")}
FROM ${relations.existing} AS e LEFT JOIN ${relations.wanted} AS w ON ${on} WHERE ${differing("w")}`,
  };
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
    const stays = kinds.updates ? ` ANTI JOIN ${added} AS n ON ${on("o", "n")}` : "";
    const gone = `SELECT * FROM ${removed} AS o${stays}`;
    sql.push(
      `DELETE FROM ${state} AS t USING (${gone}) AS n WHERE ${on("t", "n")}`,
      `INSERT INTO ${deletedName(table.name)}
SELECT ${columnList(deletedColumns(table))}, ${sequence} FROM (${gone})`,
    );
  }
  if (kinds.updates) {
    const values = names.filter((name) => !table.key.includes(name));
    const assignments = values.map((name) => `${ident(name)} = n.${ident(name)}`);
    const known = kinds.inserts ? `(SELECT * FROM ${added} WHERE ${REPLACES})` : added;
    sql.push(`UPDATE ${state} AS t SET ${[...assignments, `${SEQUENCE} = ${sequence}`].join(", ")}
FROM ${known} AS n WHERE ${on("t", "n")}`);
  }
  if (kinds.inserts) {
    const fresh = kinds.updates ? ` WHERE NOT ${REPLACES}` : "";
    sql.push(`INSERT INTO ${state} (${columnList(names)}, ${SEQUENCE})
SELECT ${columnList(names)}, ${sequence} FROM ${added}${fresh}`);
  }
  return sql;
}
