import type { DuckDBConnection } from "@duckdb/node-api";
import { LagRows, SEARCHES } from "../dialect/duckdb/lag-rows.ts";
import { changeRelation } from "../dialect/duckdb/units.ts";
import type { LagWindow } from "../plan/lag-window.ts";

/** Finds what a change of a lag's input touches, and the rows that computing it again needs. */
export class LagRecomputation {
  readonly #rows: LagRows;
  readonly #input: string;

  constructor(window: LagWindow, model: { name: string; key: readonly string[] }) {
    this.#rows = new LagRows(window, model);
    this.#input = window.input.source.name;
  }

  /** Fills the table of touched units. @returns the relation to read in place of the input */
  async prepare(connection: DuckDBConnection): Promise<string> {
    await connection.run(this.#rows.freshSql());
    const fresh = await this.#loose(connection);
    if (fresh.count > 0) await connection.run(this.#rows.behindLooseSql(fresh.least));
    await connection.run(this.#rows.touchedSql(changeRelation(this.#input)));
    await connection.run(this.#rows.knownBeforeSql());
    for (const back of SEARCHES) {
      const loose = await this.#loose(connection);
      if (loose.count === 0) break;
      for (const sql of this.#rows.searchSql(back, loose.least)) await connection.run(sql);
    }
    return this.#rows.inputRelation();
  }

  async #loose(connection: DuckDBConnection): Promise<{ count: number; least: string | null }> {
    const [row] = (await connection.runAndReadAll(this.#rows.looseSql())).getRows();
    const least = row?.[1];
    return { count: Number(row?.[0] ?? 0), least: typeof least === "string" ? least : null };
  }
}
