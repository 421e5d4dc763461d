import type { DuckDBConnection } from "@duckdb/node-api";
import { applySql, differenceSql } from "../dialect/duckdb/apply.ts";
import { blockSql } from "../dialect/duckdb/batch.ts";
import { heldPlacesSql, keptPlacesSql, takenPlacesSql } from "../dialect/duckdb/compete.ts";
import { doubtfulGroupsSql, mergedGroupsSql, reachedGroupsSql } from "../dialect/duckdb/merge-groups.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { signedChange, signedGroupsSql } from "../dialect/duckdb/signed-groups.ts";
import {
  columnList,
  keysEqual,
  newName,
  oldName,
  REPLACES,
  stateName,
  type StateTable,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import { mapWindows } from "../dialect/duckdb/window-map.ts";
import type { BlockInput, Model, SelectBlock } from "../ir/index.ts";
import { lagWindowOf } from "../plan/lag-window.ts";
import { maintain, type MaintainedModel, type Maintenance } from "../plan/maintenance.ts";
import { type InputChange, type Strategy, strategyOf } from "../plan/strategy.ts";
import { unitOf } from "../plan/unit.ts";
import { countRows, fillTable } from "./row-count.ts";
import { OccupiedInputs } from "./occupied.ts";
import { Recomputation } from "./recomputation.ts";

type Groups = Extract<Maintenance, { kind: "aggregate" }>;
type Latest = Extract<Maintenance, { kind: "latest" }>;

/** The rows that `__new` and `__old` hold. */
export interface Change extends InputChange {
  /** Rows of `__new` that take the place of one in `__old`. */
  readonly replacing: number;
}

/** A change with fewer rows computes each row's window, for to plan the map would take longer. @see mapWindows */
const WINDOW_MAP_ROWS = 2_000;
const NO_CHANGE: Change = { newRows: 0, oldRows: 0, replacing: 0 };

/**
 * Keeps one model's state table equal to its query over its inputs, one micro-batch after the other. The only SQL
 * it knows of the model is the model's own batch query, evaluated over parts of the inputs.
 */
export class Maintainer {
  readonly maintained: MaintainedModel;
  readonly table: StateTable;
  readonly #recomputation: Recomputation;
  readonly #occupied = new OccupiedInputs();
  readonly #windowMapRows: number;

  /** @param options.windowMapRows changes with so many rows look their windows up; only a proof sets it */
  constructor(model: Model, options: { windowMapRows?: number } = {}) {
    this.#windowMapRows = options.windowMapRows ?? WINDOW_MAP_ROWS;
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
    if (strategy.kind === "delta") {
      const reached = await this.#occupied.reach(connection, this.maintained.blocks, strategy, changes);
      if (reached === null) return null;
      return this.#apply(connection, await this.#evaluateChange(connection, reached, changes), sequence);
    }
    const change = await this.#recomputation.run(connection, changes);
    return this.#apply(connection, await this.#withReplacing(connection, change), sequence);
  }

  /** Takes in rows that are new by nature: a topic's lines. `relation` stands for the topic. */
  async append(
    connection: DuckDBConnection,
    relation: string,
    sequence: number,
  ): Promise<InputChange | null> {
    const lines = this.maintained.blocks.map((block) => blockSql(block, () => relation));
    const newRows = await this.#fillNew(connection, lines.join("\nUNION ALL\n"));
    return this.#apply(connection, { newRows, oldRows: 0, replacing: 0 }, sequence);
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
  ): Promise<Change> {
    const { maintenance, blocks } = this.maintained;
    switch (maintenance.kind) {
      case "aggregate":
        return this.#mergeGroups(connection, maintenance, strategy, changes);
      case "latest":
        return this.#compete(connection, maintenance, strategy, changes);
      default: {
        const added = over(blocks, strategy.aliases, newName);
        if (strategy.retracts) {
          // a change without old rows has no `__old`, or that of an earlier micro-batch
          const retracting = strategy.aliases.map((alias, at) => {
            const source = blocks[at]?.inputs.find((input) => input.alias === alias)?.source.name ?? "";
            return (changes.get(source)?.oldRows ?? 0) > 0 ? alias : null;
          });
          return this.#replaceRows(connection, added, over(blocks, retracting, oldName));
        }
        return { newRows: await this.#fillNew(connection, added), oldRows: 0, replacing: 0 };
      }
    }
  }

  async #mergeGroups(
    connection: DuckDBConnection,
    groups: Groups,
    { aliases, retracts }: Extract<Strategy, { kind: "delta" }>,
    changes: ReadonlyMap<string, InputChange>,
  ): Promise<Change> {
    const { table } = this;
    const part = `temp.${ident(`${this.name}__part`)}`;
    const partial = this.#partialSql(groups.partial, aliases[0] ?? "", retracts, changes);
    const groupRows = await fillTable(connection, part, partial);
    if (groupRows === 0) return NO_CHANGE;
    let oldRows = await fillTable(connection, oldName(this.name), reachedGroupsSql(table, part));
    const doubtful =
      retracts &&
      oldRows > 0 &&
      !groups.retractable &&
      (await this.#recomputation.touchUnits(connection, doubtfulGroupsSql(table, groups, part)));
    if (doubtful) {
      await this.#recomputation.takeUnitsOff(connection, part);
      oldRows -= await this.#recomputation.takeUnitsOff(connection, oldName(this.name));
    }
    const merged = mergedGroupsSql(this.maintained, table, groups, part);
    const newRows = await fillTable(connection, newName(this.name), merged);
    // where no group went, each that was there has a row that replaces it
    if (!doubtful && newRows === groupRows) return { newRows, oldRows, replacing: oldRows };
    const others = doubtful ? await this.#recomputation.addTo(connection) : NO_CHANGE;
    return this.#withReplacing(connection, sum({ newRows, oldRows }, others));
  }

  /** The groups of the change alone. */
  #partialSql(
    block: SelectBlock,
    alias: string,
    retracts: boolean,
    changes: ReadonlyMap<string, InputChange>,
  ): string {
    const source = block.inputs.find((input) => input.alias === alias)?.source.name ?? "";
    const change = changes.get(source) ?? NO_CHANGE;
    const rows = retracts ? signedChange(source) : newName(source);
    const mapped =
      change.newRows + change.oldRows < this.#windowMapRows
        ? { block, relation: rows }
        : mapWindows(block, alias, rows);
    const resolve = (input: BlockInput): string =>
      input.alias === alias ? mapped.relation : stateName(input.source.name);
    return retracts ? signedGroupsSql(mapped.block, alias, resolve) : blockSql(mapped.block, resolve);
  }

  async #compete(
    connection: DuckDBConnection,
    latest: Latest,
    { aliases, retracts }: Extract<Strategy, { kind: "delta" }>,
    changes: ReadonlyMap<string, InputChange>,
  ): Promise<Change> {
    const { table } = this;
    const candidates = `temp.${ident(`${this.name}__part`)}`;
    // a row that was taken back may have held a place: those units are computed again, for the rest rows compete
    if (retracts) {
      const retracting = new Map([...changes].filter(([, { oldRows }]) => oldRows > 0));
      await this.#recomputation.touch(connection, retracting, oldName);
    }
    const outside = ` AS a ANTI JOIN ${this.#recomputation.units} AS k ON ${this.#recomputation.onUnits("a")}`;
    const added = `SELECT * FROM (${over(this.maintained.blocks, aliases, newName)})${retracts ? outside : ""}`;
    await fillTable(connection, candidates, added);
    const held = await fillTable(connection, oldName(this.name), heldPlacesSql(table, candidates));
    const taken = takenPlacesSql(table, latest, candidates);
    const newRows = await fillTable(connection, newName(this.name), taken);
    const kept =
      held === 0 ? 0 : (await connection.run(keptPlacesSql(table, latest, candidates))).rowsChanged;
    const oldRows = held - kept;
    if (!retracts) return { newRows, oldRows, replacing: oldRows };
    const others = await this.#recomputation.addTo(connection);
    return this.#withReplacing(connection, sum({ newRows, oldRows }, others));
  }

  async #replaceRows(connection: DuckDBConnection, added: string, retracted: string): Promise<Change> {
    const wanted = `temp.${ident(`${this.name}__wanted`)}`;
    const existing = `temp.${ident(`${this.name}__existing`)}`;
    const key = columnList(this.table.key);
    await fillTable(connection, wanted, added);
    await fillTable(
      connection,
      existing,
      `SELECT t.* FROM ${stateName(this.name)} AS t
SEMI JOIN (SELECT ${key} FROM ${wanted} UNION SELECT ${key} FROM (${retracted})) AS k
ON ${keysEqual(this.table.key, "t", "k")}`,
    );
    const difference = differenceSql(this.table, { wanted, existing });
    const newRows = await fillTable(connection, newName(this.name), difference.new);
    const oldRows = await fillTable(connection, oldName(this.name), difference.old);
    return this.#withReplacing(connection, { newRows, oldRows });
  }

  #fillNew(connection: DuckDBConnection, rows: string): Promise<number> {
    const stored = columnList(storedColumns(this.table).map((column) => column.name));
    return fillTable(connection, newName(this.name), `SELECT ${stored}, FALSE AS ${REPLACES} FROM (${rows})`);
  }

  async #withReplacing(connection: DuckDBConnection, change: InputChange): Promise<Change> {
    const some = change.newRows > 0 && change.oldRows > 0;
    const replacing = some ? await countRows(connection, `${newName(this.name)} WHERE ${REPLACES}`) : 0;
    return { ...change, replacing };
  }

  async #apply(
    connection: DuckDBConnection,
    { newRows, oldRows, replacing }: Change,
    sequence: number,
  ): Promise<InputChange | null> {
    if (newRows + oldRows === 0) return null;
    const kinds = { deletes: oldRows > replacing, updates: replacing > 0, inserts: newRows > replacing };
    for (const sql of applySql(this.table, kinds, sequence)) await connection.run(sql);
    return { newRows, oldRows };
  }
}

function sum(one: InputChange, other: InputChange): InputChange {
  return { newRows: one.newRows + other.newRows, oldRows: one.oldRows + other.oldRows };
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
