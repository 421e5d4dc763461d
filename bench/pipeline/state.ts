// The engine's heart alone, for measuring it: state tables, maintainers and micro-batches, without log, ports and lake.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { StoredRecord } from "@gridlake/durable-log";
import type { ModelSet } from "@gridlake/pipeline";
import {
  columnList,
  createStateSql,
  inTimeSql,
  SEQUENCE,
  stateName,
  storedColumns,
} from "@gridlake/pipeline/dialect/duckdb/state-table.ts";
import { createControl, type ModelCounters } from "@gridlake/pipeline/runtime/control.ts";
import { Database } from "@gridlake/pipeline/runtime/database.ts";
import { Maintainer } from "@gridlake/pipeline/runtime/maintainer.ts";
import { runMicroBatch } from "@gridlake/pipeline/runtime/micro-batch.ts";

const RECEIVED_AT_MS = Date.UTC(2026, 0, 2);

export interface Spent {
  cpuMs: number;
  wallMs: number;
}

/** What an action costs this process: CPU of all its threads, and time. */
export async function spent(action: () => Promise<unknown>): Promise<Spent> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedMs };
}

/** Bodies as records of a topic, from the given offset. */
export function recordsOf(bodies: readonly Uint8Array[], firstOffset: number): StoredRecord[] {
  return bodies.map((value, at) => ({
    value,
    headers: {},
    timestampMs: RECEIVED_AT_MS,
    offset: firstOffset + at,
  }));
}

export class BenchState {
  readonly connection: DuckDBConnection;
  readonly #database: Database;
  readonly #models: ModelSet;
  readonly #maintainers: readonly Maintainer[];
  readonly #next = new Map<string, number>();
  #counters: ReadonlyMap<string, ModelCounters> = new Map();
  #sequence = 0;

  private constructor(database: Database, connection: DuckDBConnection, models: ModelSet) {
    this.#database = database;
    this.connection = connection;
    this.#models = models;
    this.#maintainers = models.models.map((model) => new Maintainer(model));
  }

  static async open(path: string, models: ModelSet, threads: number): Promise<BenchState> {
    const database = await Database.open({ path, timeZone: "UTC", threads });
    const state = new BenchState(database, await database.connect(), models);
    await createControl(state.connection);
    for (const { table } of state.#maintainers)
      for (const sql of createStateSql(table)) await state.connection.run(sql);
    return state;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** One micro-batch, committed and synced. @returns its lines */
  async take(topicName: string, bodies: readonly Uint8Array[]): Promise<number> {
    const first = this.#next.get(topicName) ?? 0;
    this.#next.set(topicName, first + bodies.length);
    const result = await runMicroBatch(this.connection, {
      batches: [{ topic: this.topic(topicName), records: recordsOf(bodies, first) }],
      maintainers: this.#maintainers,
      counters: this.#counters,
      sequence: this.#sequence + 1,
      live: new Set(),
    });
    this.#sequence = result.sequence;
    this.#counters = result.counters;
    return result.lines;
  }

  /** Puts rows into a source's table at once, and computes every model anew, each as one batch (law L1). */
  async fill(source: string, rows: string): Promise<void> {
    await this.connection.run(
      `INSERT INTO ${stateName(source)} BY NAME SELECT *, 0 AS ${SEQUENCE} FROM (${rows})`,
    );
    for (const maintainer of this.#maintainers) {
      if (maintainer.maintained.model.topics.length > 0) continue;
      const stored = columnList(storedColumns(maintainer.table).map((column) => column.name));
      await this.connection.run(`DELETE FROM ${stateName(maintainer.name)}`);
      await this.connection.run(
        `INSERT INTO ${stateName(maintainer.name)} SELECT ${stored}, 0 FROM (${maintainer.batchSql()})${inTimeSql(maintainer.table)}`,
      );
    }
    await this.connection.run("CHECKPOINT");
  }

  topic(name: string): ModelSet["topics"][number] {
    const topic = this.#models.topics.find((candidate) => candidate.name === name);
    if (topic === undefined) throw new Error(`no topic ${name}`);
    return topic;
  }

  close(): void {
    this.connection.closeSync();
    this.#database.close();
  }
}
