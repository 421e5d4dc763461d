import type { DuckDBConnection } from "@duckdb/node-api";
import { LagRows, SEARCHES } from "../dialect/duckdb/lag-rows.ts";
import { changeRelation } from "../dialect/duckdb/units.ts";
import type { LagWindow } from "../plan/lag-window.ts";
import type { InputChange } from "../plan/strategy.ts";
import { fillTable } from "./row-count.ts";

/** Finds what a change of a lag's input touches, and the rows that computing it again needs. */
export class LagRecomputation {
  readonly #rows: LagRows;
  readonly #input: string;
  /** Of the micro-batch under way. */
  #looseRows = 0;

  constructor(window: LagWindow, model: { name: string; key: readonly string[] }) {
    this.#rows = new LagRows(window, model);
    this.#input = window.input.source.name;
  }

  /** Fills the table of touched units. @returns how many */
  async touch(connection: DuckDBConnection, changes: ReadonlyMap<string, InputChange>): Promise<number> {
    const { loose, touched } = this.#rows.tables;
    this.#looseRows = await fillTable(connection, loose, this.#rows.freshSql());
    if (this.#looseRows > 0) {
      const behind = this.#rows.behindLooseSql(await this.#leastLoose(connection));
      this.#looseRows = await fillTable(connection, loose, behind);
    }
    const change = changeRelation(this.#input, changes.get(this.#input));
    return fillTable(connection, touched, this.#rows.touchedSql(change));
  }

  /**
   * @param existing the touched rows of the state
   * @returns the relation to read in place of the input
   */
  async input(connection: DuckDBConnection, existing: string): Promise<string> {
    await fillTable(connection, this.#rows.tables.before, this.#rows.knownBeforeSql(existing));
    for (const back of SEARCHES) {
      if (this.#looseRows === 0) break;
      const [find, found] = this.#rows.searchSql(back, await this.#leastLoose(connection));
      await connection.run(find);
      this.#looseRows -= (await connection.run(found)).rowsChanged;
    }
    return this.#rows.inputRelation();
  }

  async #leastLoose(connection: DuckDBConnection): Promise<string | null> {
    const [row] = (await connection.runAndReadAll(this.#rows.leastLooseSql())).getRows();
    return typeof row?.[0] === "string" ? row[0] : null;
  }
}
