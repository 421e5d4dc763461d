// Models kept up to date by their maintainers alone, on a DuckDB in memory: no log, no lake. What a micro-batch leaves is
// compared with each model's batch query over its inputs' state, hidden columns and all; so by induction every table is
// its batch over all lines received.

import type { DuckDBConnection } from "@duckdb/node-api";
import { TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { text } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  createStateSql,
  dropStateSql,
  stateName,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import type { InputChange } from "../plan/strategy.ts";
import { Database } from "../runtime/database.ts";
import { Maintainer } from "../runtime/maintainer.ts";
import type { Arrival } from "./history.fixture.ts";

/** A table that is not what its query makes of its inputs. */
export interface Difference {
  model: string;
  /** The micro-batch, from 1. */
  at: number;
  rows: readonly string[];
}

export class DirectPipeline {
  readonly #database: Database;
  #connection: DuckDBConnection;
  #timeZone = "UTC";
  #models: readonly Model[] = [];
  #maintainers: readonly Maintainer[] = [];
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
    this.#maintainers = this.#models.map((model) => new Maintainer(model));
    this.#sequence = 0;
    const fresh = this.#maintainers.flatMap(({ table }) => createStateSql(table));
    await this.#reconnect();
    await this.#connection.run([...gone, ...fresh].join(";\n"));
  }

  /** What a new process has of the one before: the committed tables alone. */
  async restart(): Promise<void> {
    this.#maintainers = this.#models.map((model) => new Maintainer(model));
    await this.#reconnect();
  }

  /** Takes in what arrived as one micro-batch. */
  async take(arrival: Arrival): Promise<void> {
    if (arrival.restart) await this.restart();
    this.#sequence += 1;
    await this.#connection.run("BEGIN TRANSACTION");
    const changes = new Map<string, InputChange>();
    for (const maintainer of this.#maintainers) {
      const { model } = maintainer.maintained;
      const [topic] = model.topics;
      const lines = topic === undefined ? null : linesSql(topic, arrival, this.#sequence);
      const change =
        topic === undefined
          ? await maintainer.follow(this.#connection, changes, this.#sequence)
          : lines === null
            ? null
            : await maintainer.append(this.#connection, lines, this.#sequence);
      if (change !== null) changes.set(model.name, change);
    }
    await this.#connection.run("COMMIT");
    this.#changed = changes;
  }

  /** The first model, inputs before readers, whose table is not its batch. */
  async difference(): Promise<Difference | null> {
    const derived = this.#maintainers.filter(({ maintained }) =>
      maintained.model.inputs.some((input) => this.#changed.has(input)),
    );
    if (derived.length === 0) return null;
    const counts = derived.map((maintainer) => `(SELECT count(*) FROM (${differenceSql(maintainer)}))`);
    const [row] = (await this.#connection.runAndReadAll(`SELECT ${counts.join(",\n")}`)).getRows();
    const at = (row ?? []).findIndex((count) => Number(count) > 0);
    const wrong = derived[at];
    if (wrong === undefined) return null;
    const found = await this.#connection.runAndReadAll(
      `SELECT d::VARCHAR FROM (${differenceSql(wrong)}) AS d LIMIT 10`,
    );
    return {
      model: wrong.name,
      at: this.#sequence,
      rows: found.getRows().map((values) => String(values[0])),
    };
  }

  /**
   * After a micro-batch that failed: takes it in as one batch a model would. An error of the model's own (a sum that
   * does not fit, say) comes up here as well, and then the stream was right to fail.
   */
  async failsAsBatch(arrival: Arrival): Promise<boolean> {
    await this.#connection.run("ROLLBACK");
    const tables = new Map(this.#maintainers.map((maintainer) => [maintainer.name, maintainer]));
    try {
      for (const [name, { maintained, table }] of tables) {
        const [topic] = maintained.model.topics;
        const lines = topic === undefined ? null : linesSql(topic, arrival, this.#sequence);
        if (lines !== null) {
          const columns = columnList(storedColumns(table).map((column) => column.name));
          await this.#connection.run(`INSERT INTO ${stateName(name)} SELECT ${columns}, 0 FROM ${lines}`);
        } else if (topic === undefined) {
          await this.#connection.run(`CREATE OR REPLACE TABLE ${stateName(name)} AS
SELECT *, 0 AS __sequence FROM (${tables.get(name)?.batchSql()})`);
        }
      }
    } catch {
      return true; // what it failed with is not the question
    }
    return false;
  }

  async #reconnect(): Promise<void> {
    this.#connection.closeSync();
    this.#connection = await this.#database.connect();
    await this.#connection.run(`SET TimeZone = ${text(this.#timeZone)}`);
  }
}

/** Rows that only the batch or only the state has, with how many more the batch has. */
function differenceSql(maintainer: Maintainer): string {
  const stored = columnList(storedColumns(maintainer.table).map((column) => column.name));
  return `SELECT CAST(sum(weight) AS BIGINT) AS surplus, ${stored} FROM (
  SELECT 1 AS weight, ${stored} FROM (${maintainer.batchSql()})
  UNION ALL SELECT -1 AS weight, ${stored} FROM ${stateName(maintainer.name)}
) GROUP BY ${stored} HAVING sum(weight) <> 0`;
}

/** The wanted models and all that they are made of, inputs first. */
function ancestry(set: ModelSet, wanted: readonly string[]): Model[] {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    set.byName.get(name)?.inputs.forEach(visit);
  };
  wanted.forEach(visit);
  return set.models.filter((model) => needed.has(model.name));
}

/** The lines of one record as the decoder would give them; null when there are none. */
function linesSql(name: string, arrival: Arrival, offset: number): string | null {
  const topic = TOPICS.find((candidate) => candidate.name === name);
  const lines: readonly object[] = name === "facts" ? arrival.facts : arrival.groups;
  if (topic === undefined || lines.length === 0) return null;
  const rows = lines.map((line, at) => {
    const values = new Map<string, unknown>(Object.entries(line));
    const fields = topic.fields.map((field) => `CAST(${literal(values.get(field.name))} AS ${field.type})`);
    const refused = values.get("refused") === true ? "'OUT_OF_RANGE'" : "CAST(NULL AS VARCHAR)";
    return `(CAST(${offset} AS BIGINT), CAST(${at + 1} AS BIGINT), ${refused}, ${fields.join(", ")})`;
  });
  const names = ["topic_offset", "line", "reject_reason", ...topic.fields.map((field) => field.name)];
  return `(SELECT * FROM (VALUES ${rows.join(",\n")}) AS v(${names.join(", ")}))`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? text(value) : String(value);
}
