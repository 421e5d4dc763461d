import type { DuckDBConnection } from "@duckdb/node-api";
import { differenceSql } from "../dialect/duckdb/apply.ts";
import { blockSql } from "../dialect/duckdb/batch.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import {
  newName,
  oldName,
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
import { countRows } from "./row-count.ts";
import { changedAliases, type InputChange } from "../plan/strategy.ts";
import type { Unit } from "../plan/unit.ts";

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
  async run(connection: DuckDBConnection, changes: ReadonlyMap<string, InputChange>): Promise<void> {
    await this.touch(connection, changes, changeRelation);
    await this.#wantedAndExisting(connection);
    await this.#runAll(
      connection,
      differenceSql(this.#table, { wanted: this.#wanted, existing: this.#existing }),
    );
  }

  /** Finds the units that the given rows of the inputs' changes touch. */
  async touch(
    connection: DuckDBConnection,
    changes: ReadonlyMap<string, InputChange>,
    rowsOf: (model: string) => string,
  ): Promise<void> {
    // a lag finds its units and their neighbours in one go, when its query is asked for
    if (this.#unit.columns.length === 0 || this.#lag !== null) return;
    const queries = this.#maintained.blocks.flatMap((block, at) =>
      touchedUnitsSql(
        block,
        { columns: this.#unit.columns, exprs: this.#unit.exprs[at] ?? [] },
        changedAliases(block, changes),
        rowsOf,
      ),
    );
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${this.units} AS ${queries.join("\nUNION\n")}`);
  }

  /** Takes the given units for the touched ones. @returns whether there are any */
  async touchUnits(connection: DuckDBConnection, units: string): Promise<boolean> {
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${this.units} AS ${units}`);
    return (await countRows(connection, this.units)) > 0;
  }

  /** Adds the touched units' differences to the `__new` and `__old` that hold other units' changes. */
  async addTo(connection: DuckDBConnection): Promise<void> {
    await this.#wantedAndExisting(connection);
    const { name } = this.#table;
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${kept(`${name}__new`)} AS FROM ${newName(name)}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${kept(`${name}__old`)} AS FROM ${oldName(name)}`);
    await this.#runAll(
      connection,
      differenceSql(this.#table, { wanted: this.#wanted, existing: this.#existing }),
    );
    await connection.run(`INSERT INTO ${newName(name)} FROM ${kept(`${name}__new`)}`);
    await connection.run(`INSERT INTO ${oldName(name)} FROM ${kept(`${name}__old`)}`);
  }

  get #wanted(): string {
    return `temp.${ident(`${this.#table.name}__wanted`)}`;
  }

  get #existing(): string {
    return `temp.${ident(`${this.#table.name}__existing`)}`;
  }

  async #wantedAndExisting(connection: DuckDBConnection): Promise<void> {
    const stored = columnList(storedColumns(this.#table).map((column) => column.name));
    const rows = await this.#query(connection);
    const held = (alias: string): string =>
      this.#unit.columns.length === 0 ? "" : ` SEMI JOIN ${this.units} AS k ON ${this.onUnits(alias)}`;
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${this.#wanted} AS SELECT ${stored} FROM (${rows}) AS w${held("w")}`,
    );
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${this.#existing} AS SELECT ${stored} FROM ${stateName(this.#table.name)} AS t${held("t")}`,
    );
  }

  /** The model's query over what can reach the touched units. */
  async #query(connection: DuckDBConnection): Promise<string> {
    const { units } = this;
    if (this.#lag !== null) {
      const input = await this.#lag.prepare(connection);
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

  async #runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
    for (const sql of statements) await connection.run(sql);
  }
}

/** Where a change waits that another one is computed beside. */
function kept(name: string): string {
  return `temp.${ident(`${name}__kept`)}`;
}
