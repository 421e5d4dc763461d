import type { DuckDBConnection } from "@duckdb/node-api";
import { applySql, differenceSql } from "../dialect/duckdb/apply.ts";
import { blockSql } from "../dialect/duckdb/batch.ts";
import { competeSql } from "../dialect/duckdb/compete.ts";
import { doubtfulGroupsSql, mergeGroupsSql, partialGroupsSql } from "../dialect/duckdb/merge-groups.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  keysEqual,
  newName,
  oldName,
  stateName,
  type StateTable,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import type { BlockInput, Model, SelectBlock } from "../ir/index.ts";
import { lagWindowOf } from "../plan/lag-window.ts";
import { maintain, type MaintainedModel } from "../plan/maintenance.ts";
import { type InputChange, type Strategy, strategyOf } from "../plan/strategy.ts";
import { unitOf } from "../plan/unit.ts";
import { countRows } from "./row-count.ts";
import { Recomputation } from "./recomputation.ts";

/**
 * Keeps one model's state table equal to its query over its inputs, one micro-batch after the other. The only SQL
 * it knows of the model is the model's own batch query, evaluated over parts of the inputs.
 */
export class Maintainer {
  readonly maintained: MaintainedModel;
  readonly table: StateTable;
  readonly #recomputation: Recomputation;

  constructor(model: Model) {
    this.maintained = maintain(model);
    this.table = {
      name: model.name,
      key: model.key,
      columns: model.columns.map(({ name, type }) => ({ name, type })),
      hidden: this.maintained.hidden,
      partition: model.partition,
    };
    this.#recomputation = new Recomputation({
      maintained: this.maintained,
      table: this.table,
      unit: unitOf(model),
      lag: lagWindowOf(model),
    });
  }

  get name(): string {
    return this.table.name;
  }

  /**
   * Follows the inputs' changes, whose rows stand in `<input>__new` and `<input>__old`, and leaves its own there.
   * The inputs' state tables hold the new rows already. Null when nothing of the model changed.
   */
  async follow(
    connection: DuckDBConnection,
    changes: ReadonlyMap<string, InputChange>,
    sequence: number,
  ): Promise<InputChange | null> {
    const strategy = strategyOf(this.maintained, changes);
    if (strategy.kind === "skip") return null;
    if (strategy.kind === "recompute") await this.#recomputation.run(connection, changes);
    else await this.#evaluateChange(connection, strategy, changes);
    return this.#apply(connection, sequence);
  }

  /** Takes in rows that are new by nature: a topic's lines. `relation` stands for the topic. */
  async append(
    connection: DuckDBConnection,
    relation: string,
    sequence: number,
  ): Promise<InputChange | null> {
    const lines = this.maintained.blocks.map((block) => blockSql(block, () => relation));
    await this.#fillNew(connection, lines.join("\nUNION ALL\n"));
    await this.#noOld(connection);
    return this.#apply(connection, sequence);
  }

  /** The model's rows as one batch over its inputs' state tables, hidden columns and all. */
  batchSql(): string {
    return this.maintained.blocks
      .map((block) => blockSql(block, (input) => stateName(input.source.name)))
      .join("\nUNION ALL\n");
  }

  async #evaluateChange(
    connection: DuckDBConnection,
    strategy: Extract<Strategy, { kind: "delta" }>,
    changes: ReadonlyMap<string, InputChange>,
  ): Promise<void> {
    const { maintenance } = this.maintained;
    const blocks = maintenance.kind === "aggregate" ? [maintenance.partial] : this.maintained.blocks;
    const added = over(blocks, strategy.aliases, newName);
    const retracted = strategy.retracts ? over(blocks, strategy.aliases, oldName) : null;
    if (maintenance.kind === "project") {
      if (retracted === null) {
        await this.#fillNew(connection, added);
        return this.#noOld(connection);
      }
      return this.#replaceRows(connection, added, retracted);
    }
    const part = `temp.${ident(`${this.name}__part`)}`;
    if (maintenance.kind === "aggregate") {
      const partial = partialGroupsSql(this.table, maintenance, added, retracted);
      await connection.run(`CREATE OR REPLACE TEMP TABLE ${part} AS ${partial}`);
      const doubtful =
        retracted !== null &&
        !maintenance.retractable &&
        (await this.#recomputation.touchUnits(connection, doubtfulGroupsSql(this.table, maintenance, part)));
      if (doubtful) {
        const on = this.#recomputation.onUnits("p");
        await connection.run(`DELETE FROM ${part} AS p USING ${this.#recomputation.units} AS k WHERE ${on}`);
      }
      await this.#runAll(connection, mergeGroupsSql(this.maintained, this.table, maintenance, part));
      if (doubtful) await this.#recomputation.addTo(connection);
    } else if (maintenance.kind === "latest") {
      // a row that was taken back may have held a place: those units are computed again, for the rest rows compete
      if (retracted !== null) await this.#recomputation.touch(connection, changes, oldName);
      const { units } = this.#recomputation;
      const outside = ` AS a ANTI JOIN ${units} AS k ON ${this.#recomputation.onUnits("a")}`;
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE ${part} AS SELECT * FROM (${added})${retracted === null ? "" : outside}`,
      );
      await this.#runAll(connection, competeSql(this.table, maintenance, part));
      if (retracted !== null) await this.#recomputation.addTo(connection);
    }
  }

  async #replaceRows(connection: DuckDBConnection, added: string, retracted: string): Promise<void> {
    const wanted = `temp.${ident(`${this.name}__wanted`)}`;
    const existing = `temp.${ident(`${this.name}__existing`)}`;
    const key = columnList(this.table.key);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${wanted} AS ${added}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${existing} AS SELECT t.* FROM ${stateName(this.name)} AS t
SEMI JOIN (SELECT ${key} FROM ${wanted} UNION SELECT ${key} FROM (${retracted})) AS k
ON ${keysEqual(this.table.key, "t", "k")}`);
    await this.#runAll(connection, differenceSql(this.table, { wanted, existing }));
  }

  async #fillNew(connection: DuckDBConnection, rows: string): Promise<void> {
    const stored = columnList(storedColumns(this.table).map((column) => column.name));
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${newName(this.name)} AS SELECT ${stored} FROM (${rows})`,
    );
  }

  async #noOld(connection: DuckDBConnection): Promise<void> {
    const stored = columnList(storedColumns(this.table).map((column) => column.name));
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${oldName(this.name)} AS SELECT ${stored} FROM ${stateName(this.name)} LIMIT 0`,
    );
  }

  async #apply(connection: DuckDBConnection, sequence: number): Promise<InputChange | null> {
    const newRows = await countRows(connection, newName(this.name));
    const oldRows = await countRows(connection, oldName(this.name));
    if (newRows + oldRows === 0) return null;
    const on = keysEqual(this.table.key, "o", "n");
    const gone =
      oldRows === 0
        ? 0
        : await countRows(
            connection,
            `${oldName(this.name)} AS o ANTI JOIN ${newName(this.name)} AS n ON ${on}`,
          );
    const kinds = { deletes: gone > 0, updates: oldRows > gone, inserts: newRows > oldRows - gone };
    await this.#runAll(connection, applySql(this.table, kinds, sequence));
    return { newRows, oldRows };
  }

  async #runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
    for (const sql of statements) await connection.run(sql);
  }
}

/** The blocks' query with one input a block replaced by a part of its change. */
function over(
  blocks: readonly SelectBlock[],
  aliases: readonly (string | null)[],
  part: (model: string) => string,
): string {
  return blocks
    .flatMap((block, at) => {
      const alias = aliases[at];
      if (alias === null || alias === undefined) return [];
      const resolve = (input: BlockInput): string =>
        input.alias === alias ? part(input.source.name) : stateName(input.source.name);
      return [blockSql(block, resolve)];
    })
    .join("\nUNION ALL\n");
}
