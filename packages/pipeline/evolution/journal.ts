// What rows were before they changed, for the inputs of a model that is being built: the build reads them as of one
// micro-batch while others go on, and follows afterwards what they changed, all at once.
//
//   state.<input>@before  stored columns · was (whether there was a row) · __sequence (the micro-batch that changed it)
//
// A key's first entry is what it was at the build's micro-batch; what it is now stands in the state. Lines of a source only
// come, so theirs are told by their micro-batch alone.

import type { DuckDBConnection } from "@duckdb/node-api";
import { ident } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  keysEqual,
  newName,
  oldName,
  REPLACES,
  SEQUENCE,
  stateName,
  type StateTable,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import type { InputChange } from "../plan/strategy.ts";
import { countRows, fillTable } from "../runtime/row-count.ts";

const WAS = "@was";
const beforeName = (model: string): string => `state.${ident(`${model}@before`)}`;

/** An input as the journal keeps it. */
export interface JournaledInput {
  table: StateTable;
  /** Reads a topic: its rows only come. */
  isSource: boolean;
}

export class Journal {
  readonly #inputs: ReadonlyMap<string, JournaledInput>;

  constructor(inputs: readonly JournaledInput[]) {
    this.#inputs = new Map(inputs.map((input) => [input.table.name, input]));
  }

  async create(connection: DuckDBConnection): Promise<void> {
    for (const { table, isSource } of this.#inputs.values()) {
      if (isSource) continue;
      const stored = storedColumns(table).map(({ name, type }) => `${ident(name)} ${type}`);
      const columns = [...stored, `${ident(WAS)} BOOLEAN`, `${SEQUENCE} BIGINT`];
      await connection.run(`CREATE OR REPLACE TABLE ${beforeName(table.name)} (${columns.join(", ")})`);
    }
  }

  async drop(connection: DuckDBConnection): Promise<void> {
    for (const name of this.#inputs.keys()) await connection.run(`DROP TABLE IF EXISTS ${beforeName(name)}`);
  }

  /** Notes a micro-batch's change, whose rows stand in `__new` and `__old`, in the micro-batch's own transaction. */
  async note(
    connection: DuckDBConnection,
    name: string,
    { change, sequence }: { change: InputChange; sequence: number },
  ): Promise<void> {
    const input = this.#inputs.get(name);
    if (input === undefined || input.isSource) return;
    const { table } = input;
    const names = storedColumns(table).map((column) => column.name);
    const end = `${ident(WAS)}, ${SEQUENCE}`;
    if (change.oldRows > 0) {
      await connection.run(`INSERT INTO ${beforeName(name)} (${columnList(names)}, ${end})
SELECT ${columnList(names)}, TRUE, ${sequence} FROM ${oldName(name)}`);
    }
    if (change.newRows > 0) {
      const known =
        change.oldRows === 0 ? "" : ` ANTI JOIN ${oldName(name)} AS o ON ${keysEqual(table.key, "n", "o")}`;
      await connection.run(`INSERT INTO ${beforeName(name)} (${columnList(table.key)}, ${end})
SELECT ${columnList(table.key, "n")}, FALSE, ${sequence} FROM ${newName(name)} AS n${known}`);
    }
  }

  /** How many rows changed after a micro-batch, at most. */
  async size(connection: DuckDBConnection, after: number): Promise<number> {
    let rows = 0;
    for (const { table, isSource } of this.#inputs.values()) {
      const relation = isSource ? stateName(table.name) : beforeName(table.name);
      rows += await countRows(connection, `${relation} WHERE ${SEQUENCE} > ${after}`);
    }
    return rows;
  }

  /** Leaves all that changed after a micro-batch in `__new` and `__old`, as if one micro-batch had done it. */
  async replay(connection: DuckDBConnection, after: number): Promise<Map<string, InputChange>> {
    const changes = new Map<string, InputChange>();
    for (const { table, isSource } of this.#inputs.values()) {
      const { name } = table;
      const stored = columnList(storedColumns(table).map((column) => column.name));
      const [added, removed] = isSource ? sourceSql(table, after) : changeSql(table, after);
      const oldRows = await fillTable(connection, oldName(name), `SELECT ${stored} FROM (${removed})`);
      const replaces = `SELECT n.*, o.${ident(table.key[0] ?? "")} IS NOT NULL AS ${REPLACES} FROM (SELECT ${stored} FROM (${added})) AS n
LEFT JOIN ${oldName(name)} AS o ON ${keysEqual(table.key, "n", "o")}`;
      const newRows = await fillTable(connection, newName(name), replaces);
      if (newRows + oldRows > 0) changes.set(name, { newRows, oldRows });
    }
    return changes;
  }
}

function sourceSql({ name }: StateTable, after: number): [string, string] {
  return [`FROM ${stateName(name)} WHERE ${SEQUENCE} > ${after}`, `FROM ${stateName(name)} LIMIT 0`];
}

function changeSql({ name, key }: StateTable, after: number): [string, string] {
  const noted = `FROM ${beforeName(name)} WHERE ${SEQUENCE} > ${after}`;
  const now = `SELECT t.* FROM ${stateName(name)} AS t
SEMI JOIN (SELECT DISTINCT ${columnList(key)} ${noted}) AS k ON ${keysEqual(key, "t", "k")}`;
  const first = `SELECT *, row_number() OVER (PARTITION BY ${columnList(key)} ORDER BY ${SEQUENCE}) AS "@at" ${noted}`;
  return [now, `FROM (${first}) WHERE "@at" = 1 AND ${ident(WAS)}`];
}
