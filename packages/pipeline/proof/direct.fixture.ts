// Models kept up to date by their maintainers alone, on a DuckDB in memory: no log, no lake. What a micro-batch leaves is
// compared with each model's batch query over its inputs' state, hidden columns and all; so by induction every table is
// its batch over all lines received.

import type { DuckDBConnection } from "@duckdb/node-api";
import { applySql } from "../dialect/duckdb/apply.ts";
import { text } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  createStateSql,
  dropStateSql,
  keysEqual,
  newName,
  oldName,
  REPLACES,
  stateName,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import type { InputChange } from "../plan/strategy.ts";
import { Database } from "../runtime/database.ts";
import { Maintainer } from "../runtime/maintainer.ts";
import type { Arrival } from "./history.fixture.ts";
import { Register, type RegisterChange, valuesSql } from "./register.fixture.ts";

/** A table that is not what its query makes of its inputs. */
export interface Difference {
  model: string;
  /** The micro-batch, from 1. */
  at: number;
  rows: readonly string[];
}

/** The tables that random models begin with: lines, which only come, and registers, whose rows change and go. */
const LINES = "ods_fact";
const REGISTERS = ["dim_fact", "dim_group"] as const;

export class DirectPipeline {
  readonly #database: Database;
  #connection: DuckDBConnection;
  #timeZone = "UTC";
  #models: readonly Model[] = [];
  #maintainers: readonly Maintainer[] = [];
  #registers: ReadonlyMap<string, Register> = new Map();
  #changed: ReadonlyMap<string, InputChange> = new Map();
  #sequence = 0;

  private constructor(database: Database, connection: DuckDBConnection) {
    this.#database = database;
    this.#connection = connection;
  }

  static async open(): Promise<DirectPipeline> {
    const database = await Database.open({ path: ":memory:", timeZone: "UTC", threads: 1 });
    return new DirectPipeline(database, await database.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#database.close();
  }

  /** Begins anew, with the named models and all that they are made of. */
  async reset(set: ModelSet, options: { wanted: readonly string[]; timeZone: string }): Promise<void> {
    const gone = this.#maintainers.flatMap(({ name }) => dropStateSql(name));
    this.#timeZone = options.timeZone;
    this.#models = ancestry(set, options.wanted);
    this.#maintainers = this.#models.map((model, at) => new Maintainer(model, waysOf(at)));
    this.#registers = new Map([
      ["dim_fact", new Register("facts", "k")],
      ["dim_group", new Register("groups", "g")],
    ]);
    this.#sequence = 0;
    const fresh = this.#maintainers.flatMap(({ table }) => createStateSql(table));
    await this.#reconnect();
    await this.#connection.run([...gone, ...fresh].join(";\n"));
  }

  /** What a new process has of the one before: the committed tables alone. */
  async restart(): Promise<void> {
    this.#maintainers = this.#models.map((model, at) => new Maintainer(model, waysOf(at)));
    await this.#reconnect();
  }

  /** Takes in what arrived as one micro-batch. */
  async take(arrival: Arrival): Promise<void> {
    if (arrival.restart) await this.restart();
    this.#sequence += 1;
    await this.#connection.run("BEGIN TRANSACTION");
    const changes = new Map<string, InputChange>();
    for (const maintainer of this.#maintainers) {
      const register = this.#registers.get(maintainer.name);
      const change =
        register !== undefined
          ? await this.#register(maintainer, register, register.take(linesOf(maintainer.name, arrival)))
          : maintainer.name !== LINES
            ? await maintainer.follow(this.#connection, changes, this.#sequence)
            : arrival.facts.length > 0
              ? await maintainer.append(this.#connection, this.#linesSql(arrival), this.#sequence)
              : null;
      if (change !== null) changes.set(maintainer.name, change);
    }
    await this.#connection.run("COMMIT");
    this.#changed = changes;
  }

  /** The first model, inputs before readers, whose table is not its batch. */
  async difference(): Promise<Difference | null> {
    const derived = this.#maintainers.filter(
      ({ maintained, name }) =>
        !this.#isRoot(name) && maintained.model.inputs.some((input) => this.#changed.has(input)),
    );
    if (derived.length === 0) return null;
    const counts = derived.map((maintainer) => `(SELECT count(*) FROM (${differenceSql(maintainer)}))`);
    const [row] = (await this.#connection.runAndReadAll(`SELECT ${counts.join(",\n")}`)).getRows();
    const at = (row ?? []).findIndex((count) => Number(count) > 0);
    const wrong = derived[at];
    if (wrong === undefined) return this.#brokenKey();
    const sql = `SELECT d::VARCHAR FROM (${differenceSql(wrong)}) AS d LIMIT 10`;
    const found = (await this.#connection.runAndReadAll(sql)).getRows();
    return { model: wrong.name, at: this.#sequence, rows: found.map((values) => String(values[0])) };
  }

  /** The first model that has a row without its whole key, or two rows with one. */
  async #brokenKey(): Promise<Difference | null> {
    for (const { name, table } of this.#maintainers) {
      const key = columnList(table.key);
      const missing = table.key.map((column) => `"${column}" IS NULL`).join(" OR ");
      const sql = `SELECT k::VARCHAR FROM (
  SELECT 'no key' AS what, ${key} FROM ${stateName(name)} WHERE ${missing}
  UNION ALL SELECT 'two rows' AS what, ${key} FROM ${stateName(name)} GROUP BY ${key} HAVING count(*) > 1
) AS k LIMIT 10`;
      const found = (await this.#connection.runAndReadAll(sql)).getRows();
      if (found.length > 0)
        return { model: name, at: this.#sequence, rows: found.map((values) => String(values[0])) };
    }
    return null;
  }

  /**
   * After a micro-batch that failed: takes it in as one batch a model would. An error of the model's own (a sum that
   * does not fit, say) comes up here as well, and then the stream was right to fail.
   */
  async failsAsBatch(arrival: Arrival): Promise<boolean> {
    await this.#connection.run("ROLLBACK");
    // DuckDB leaves out what no longer matters (COUNT(x) of an x that is never NULL) where it has a table's statistics; of
    // a transaction's own rows it has none, as in the micro-batch
    await this.#connection.run("BEGIN TRANSACTION");
    const fails = await this.#recomputeAll(arrival);
    await this.#connection.run("ROLLBACK");
    return fails;
  }

  async #recomputeAll(arrival: Arrival): Promise<boolean> {
    for (const { name, table, ...maintainer } of this.#maintainers.map(withBatch)) {
      const rows = this.#registers.get(name)?.sql() ?? maintainer.batch;
      const columns = columnList(storedColumns(table).map((column) => column.name));
      const sql =
        name === LINES
          ? `INSERT INTO ${stateName(name)} SELECT ${columns}, 0 FROM ${this.#linesSql(arrival)}`
          : `CREATE OR REPLACE TABLE ${stateName(name)} AS SELECT *, 0 AS __sequence FROM (${rows})`;
      try {
        await this.#connection.run(sql);
      } catch {
        return true; // what it failed with is not the question
      }
    }
    return false;
  }

  async #register(
    { table, name }: Maintainer,
    register: Register,
    { added, removed }: RegisterChange,
  ): Promise<InputChange | null> {
    const change = { newRows: added.length, oldRows: removed.length };
    if (change.newRows + change.oldRows === 0) return null;
    const [key] = table.key;
    await this.#connection.run(
      `CREATE OR REPLACE TEMP TABLE ${oldName(name)} AS ${register.sql(removed)};
CREATE OR REPLACE TEMP TABLE ${newName(name)} AS SELECT n.*, o.${key} IS NOT NULL AS ${REPLACES}
FROM (${register.sql(added)}) AS n LEFT JOIN ${oldName(name)} AS o ON ${keysEqual(table.key, "n", "o")};
${applySql(table, { inserts: true, updates: true, deletes: true }, this.#sequence).join(";\n")}`,
    );
    return change;
  }

  /** The lines of one record as the decoder would give them. */
  #linesSql({ facts }: Arrival): string {
    const rows = facts.map((line, at) => ({
      // of a line that is no JSON nothing is read
      ...(line.refused && at % 2 === 0 ? {} : line),
      topic_offset: this.#sequence,
      line: at + 1,
      reject_reason: line.refused ? "OUT_OF_RANGE" : null,
    }));
    const lines = this.#maintainers.find(({ name }) => name === LINES);
    return `(${valuesSql(lines?.table.columns ?? [], rows)})`;
  }

  #isRoot(name: string): boolean {
    return name === LINES || this.#registers.has(name);
  }

  async #reconnect(): Promise<void> {
    this.#connection.closeSync();
    this.#connection = await this.#database.connect();
    await this.#connection.run(`SET TimeZone = ${text(this.#timeZone)}`);
  }
}

/** The ways that large changes take are proven on small ones, by every other model. */
const waysOf = (at: number): { windowMapRows?: number } => (at % 2 === 0 ? { windowMapRows: 0 } : {});

const withBatch = (maintainer: Maintainer): { name: string; table: Maintainer["table"]; batch: string } => ({
  name: maintainer.name,
  table: maintainer.table,
  batch: maintainer.batchSql(),
});

const linesOf = (register: string, { facts, groups }: Arrival): readonly object[] =>
  register === "dim_fact" ? facts : groups;

/** Rows that only the batch or only the state has, with how many more the batch has. */
function differenceSql(maintainer: Maintainer): string {
  const stored = columnList(storedColumns(maintainer.table).map((column) => column.name));
  return `SELECT CAST(sum(weight) AS BIGINT) AS surplus, ${stored} FROM (
  SELECT 1 AS weight, ${stored} FROM (${maintainer.batchSql()})
  UNION ALL SELECT -1 AS weight, ${stored} FROM ${stateName(maintainer.name)}
) GROUP BY ${stored} HAVING sum(weight) <> 0`;
}

/** The wanted models and all that they are made of down to the registers, inputs first. */
function ancestry(set: ModelSet, wanted: readonly string[]): Model[] {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    if (!REGISTERS.some((register) => register === name)) set.byName.get(name)?.inputs.forEach(visit);
  };
  wanted.forEach(visit);
  return set.models.filter((model) => needed.has(model.name));
}
