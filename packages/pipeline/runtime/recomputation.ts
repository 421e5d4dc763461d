import type { DuckDBConnection } from "@duckdb/node-api";
import { type ChangeSql, differenceSql } from "../dialect/duckdb/apply.ts";
import { blockSql } from "../dialect/duckdb/batch.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import {
  newName,
  oldName,
  REPLACES,
  stateName,
  type StateTable,
  storedColumns,
  columnList,
} from "../dialect/duckdb/state-table.ts";
import {
  changeRelation,
  restrictedInputSql,
  touchedUnitsSql,
  type UnitBounds,
} from "../dialect/duckdb/units.ts";
import type { BlockInput } from "../ir/index.ts";
import { LagRecomputation } from "./lag-recomputation.ts";
import type { LagWindow } from "../plan/lag-window.ts";
import type { MaintainedModel } from "../plan/maintenance.ts";
import type { InputChange } from "../plan/strategy.ts";
import type { Unit } from "../plan/unit.ts";
import { fillTable } from "./row-count.ts";

const NO_ROWS: InputChange = { newRows: 0, oldRows: 0 };

/** Computes a model's touched units again: which they are, their rows by the model's query, the difference. */
export class Recomputation {
  readonly #maintained: MaintainedModel;
  readonly #table: StateTable;
  readonly #unit: Unit;
  readonly #lag: LagRecomputation | null;

  constructor(options: {
    maintained: MaintainedModel;
    table: StateTable;
    unit: Unit;
    lag: LagWindow | null;
  }) {
    this.#maintained = options.maintained;
    this.#table = options.table;
    this.#lag = options.lag === null ? null : new LagRecomputation(options.lag, options.table);
    // with the finer way of a lag, a unit is a row
    this.#unit = options.lag === null ? options.unit : { columns: options.table.key, exprs: [] };
  }

  /** The temporary table of the touched units. */
  get units(): string {
    return `temp.${ident(`${this.#table.name}__units`)}`;
  }

  onUnits(alias: string): string {
    const { columns } = this.#maintained.model;
    const on = this.#unit.columns.map((name) => {
      // plain equality lets DuckDB pass over row groups; it is enough where there are no NULLs
      const nullable = columns.find((column) => column.name === name)?.nullable ?? true;
      return `${alias}.${ident(name)} ${nullable ? "IS NOT DISTINCT FROM" : "="} k.${ident(name)}`;
    });
    return on.length === 0 ? "TRUE" : on.join(" AND ");
  }

  /** Leaves the model's change in `__new` and `__old`. */
  async run(connection: DuckDBConnection, changes: ReadonlyMap<string, InputChange>): Promise<InputChange> {
    const touched =
      this.#lag === null
        ? await this.touch(connection, changes, (model) => changeRelation(model, changes.get(model)))
        : await this.#lag.touch(connection, changes);
    if (touched === 0) return NO_ROWS;
    const difference = await this.#difference(connection);
    if (difference === null) return NO_ROWS;
    const newRows = await fillTable(connection, newName(this.#table.name), difference.new);
    const oldRows =
      difference.old === null ? 0 : await fillTable(connection, oldName(this.#table.name), difference.old);
    return { newRows, oldRows };
  }

  /** Finds the units that the given rows of the inputs' changes touch. @returns how many; the whole table is one */
  async touch(
    connection: DuckDBConnection,
    changes: ReadonlyMap<string, InputChange>,
    rowsOf: (model: string) => string,
  ): Promise<number> {
    if (this.#unit.columns.length === 0) return 1;
    const queries = this.#maintained.blocks.flatMap((block, at) => {
      const unit = { columns: this.#unit.columns, exprs: this.#unit.exprs[at] ?? [] };
      return touchedUnitsSql(block, unit, changes, rowsOf);
    });
    return fillTable(connection, this.units, queries.join("\nUNION\n"));
  }

  /** Takes the given units for the touched ones. @returns whether there are any */
  async touchUnits(connection: DuckDBConnection, units: string): Promise<boolean> {
    return (await fillTable(connection, this.units, units)) > 0;
  }

  /** Takes the touched units' rows off a table. @returns how many */
  async takeUnitsOff(connection: DuckDBConnection, table: string): Promise<number> {
    const sql = `DELETE FROM ${table} AS x USING ${this.units} AS k WHERE ${this.onUnits("x")}`;
    return (await connection.run(sql)).rowsChanged;
  }

  /** Adds the touched units' differences to the `__new` and `__old` that hold other units' changes. */
  async addTo(connection: DuckDBConnection): Promise<InputChange> {
    const difference = await this.#difference(connection);
    if (difference === null) return NO_ROWS;
    const insert = async (table: string, rows: string | null): Promise<number> =>
      rows === null ? 0 : (await connection.run(`INSERT INTO ${table} ${rows}`)).rowsChanged;
    return {
      newRows: await insert(newName(this.#table.name), difference.new),
      oldRows: await insert(oldName(this.#table.name), difference.old),
    };
  }

  get #wanted(): string {
    return `temp.${ident(`${this.#table.name}__wanted`)}`;
  }

  get #existing(): string {
    return `temp.${ident(`${this.#table.name}__existing`)}`;
  }

  /**
   * Computes the touched units' rows, and compares them with those that are there.
   * @returns null where neither are any; without `old` where none are there
   */
  async #difference(
    connection: DuckDBConnection,
  ): Promise<(Pick<ChangeSql, "new"> & { old: string | null }) | null> {
    const stored = columnList(storedColumns(this.#table).map((column) => column.name));
    const held = (alias: string): string =>
      this.#unit.columns.length === 0 ? "" : ` SEMI JOIN ${this.units} AS k ON ${this.onUnits(alias)}`;
    const [wanted, existing] = [this.#wanted, this.#existing];
    const there = await fillTable(
      connection,
      existing,
      `SELECT ${stored} FROM ${stateName(this.#table.name)} AS t${held("t")}`,
    );
    const rows = await this.#query(connection);
    const due = await fillTable(connection, wanted, `SELECT ${stored} FROM (${rows}) AS w${held("w")}`);
    if (there + due === 0) return null;
    if (there === 0) return { new: `SELECT *, FALSE AS ${REPLACES} FROM ${wanted}`, old: null };
    return differenceSql(this.#table, { wanted, existing });
  }

  /** The model's query over what can reach the touched units. */
  async #query(connection: DuckDBConnection): Promise<string> {
    const { units } = this;
    if (this.#lag !== null) {
      const input = await this.#lag.input(connection, this.#existing);
      return this.#blocks(() => input);
    }
    if (this.#unit.columns.length === 0) return this.#blocks((input) => stateName(input.source.name));
    const bounds = await this.#bounds(connection);
    return this.#blocks((input, at) => {
      const block = this.#maintained.blocks[at];
      if (block === undefined) return stateName(input.source.name);
      const unit = { columns: this.#unit.columns, exprs: this.#unit.exprs[at] ?? [] };
      return restrictedInputSql(block, input, unit, { units, bounds });
    });
  }

  #blocks(resolve: (input: BlockInput, block: number) => string): string {
    return this.#maintained.blocks
      .map((block, at) => blockSql(block, (input) => resolve(input, at)))
      .join("\nUNION ALL\n");
  }

  /** The bounds of the instants among the unit's columns. */
  async #bounds(connection: DuckDBConnection): Promise<UnitBounds> {
    const instants = this.#table.columns.filter(
      ({ name, type }) => type === "TIMESTAMPTZ" && this.#unit.columns.includes(name),
    );
    if (instants.length === 0) return new Map();
    const list = instants.map(({ name }) => `epoch_us(min(${ident(name)})), epoch_us(max(${ident(name)}))`);
    const [row] = (await connection.runAndReadAll(`SELECT ${list.join(", ")} FROM ${this.units}`)).getRows();
    const bounds = new Map<string, { min: string; max: string }>();
    instants.forEach(({ name }, at) => {
      const [min, max] = [row?.[2 * at], row?.[2 * at + 1]];
      if (typeof min !== "bigint" || typeof max !== "bigint") return;
      bounds.set(name, { min: `make_timestamptz(${min})`, max: `make_timestamptz(${max})` });
    });
    return bounds;
  }
}
