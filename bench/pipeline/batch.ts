// Every model once, each as one plain query over its whole inputs: the oracle that the stream must equal, and its peer.
import type { DuckDBConnection } from "@duckdb/node-api";
import { batchSql, type ModelSet } from "@gridlake/pipeline";
import { decodeTopicSql } from "@gridlake/pipeline/dialect/duckdb/decode.ts";
import { ident, text } from "@gridlake/pipeline/dialect/duckdb/quote.ts";
import { columnList, stateName } from "@gridlake/pipeline/dialect/duckdb/state-table.ts";
import { Database } from "@gridlake/pipeline/runtime/database.ts";
import { recordsName, stageRecords } from "@gridlake/pipeline/runtime/records.ts";
import { recordsOf, type Spent, spent } from "./state.ts";

/** A batch holds all of its input at once. */
const MEMORY_MIB = 8_192;
/** Records that are handed over at once. */
const STAGED = 500;

export class Batch {
  readonly connection: DuckDBConnection;
  readonly #database: Database;
  readonly #models: ModelSet;

  private constructor(database: Database, connection: DuckDBConnection, models: ModelSet) {
    this.#database = database;
    this.connection = connection;
    this.#models = models;
  }

  static async open(path: string, models: ModelSet, threads: number): Promise<Batch> {
    const database = await Database.open({ path, timeZone: "UTC", threads, memoryLimitMib: MEMORY_MIB });
    return new Batch(database, await database.connect(), models);
  }

  /** Hands over all of a topic's records; the same way that a micro-batch gets them. */
  async stage(topic: string, bodies: Iterable<Uint8Array>): Promise<Spent> {
    const total: Spent = { cpuMs: 0, wallMs: 0 };
    const all = `temp.${ident(`${topic}__all`)}`;
    let offset = 0;
    const hand = async (some: Uint8Array[]): Promise<void> => {
      const one = await spent(async () => {
        await stageRecords(this.connection, topic, recordsOf(some, offset));
        const from = `FROM ${recordsName(topic)}`;
        await this.connection.run(
          offset === 0 ? `CREATE TEMP TABLE ${all} AS ${from}` : `INSERT INTO ${all} ${from}`,
        );
      });
      offset += some.length;
      total.cpuMs += one.cpuMs;
      total.wallMs += one.wallMs;
    };
    let some: Uint8Array[] = [];
    for (const body of bodies) {
      some.push(body);
      if (some.length < STAGED) continue;
      await hand(some);
      some = [];
    }
    if (some.length > 0 || offset === 0) await hand(some);
    return total;
  }

  /** Computes all models, one after the other. */
  run(): Promise<Spent> {
    return spent(async () => {
      for (const model of this.#models.models) {
        const sql = batchSql(model, ({ source }) => {
          if (source.kind === "model") return ident(source.name);
          const topic = this.#models.topics.find(({ name }) => name === source.name);
          if (topic === undefined) throw new Error(`no topic ${source.name}`);
          return `(${decodeTopicSql(topic, `temp.${ident(`${source.name}__all`)}`)})`;
        });
        await this.connection.run(`CREATE TABLE ${ident(model.name)} AS ${sql}`);
      }
    });
  }

  /** @returns rows that only the batch or only the stream has, over all tables (law L1) */
  async differences(statePath: string): Promise<number> {
    await this.connection.run(`ATTACH ${text(statePath)} AS stream (READ_ONLY)`);
    let differences = 0;
    for (const { name, columns } of this.#models.models) {
      const list = columnList(columns.map((column) => column.name));
      const [batch, stream] = [
        `SELECT ${list} FROM ${ident(name)}`,
        `SELECT ${list} FROM stream.${stateName(name)}`,
      ];
      const reader = await this.connection.runAndReadAll(`SELECT
(SELECT count(*) FROM (${batch} EXCEPT ALL ${stream})) + (SELECT count(*) FROM (${stream} EXCEPT ALL ${batch}))`);
      const found = Number(reader.getRows()[0]?.[0] ?? 0);
      if (found > 0) console.log(`DIFFERENT  ${name}: ${found} rows`);
      differences += found;
    }
    return differences;
  }

  close(): void {
    this.connection.closeSync();
    this.#database.close();
  }
}
