import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import { text } from "../dialect/duckdb/quote.ts";

/**
 * DuckDB 1.5 rewrites `QUALIFY row_number() … <= n` to an arg_max, whose kind it chooses by the committed rows' statistics:
 * where none of those is NULL but one of the transaction's own rows is, that row is lost. A micro-batch reads what it
 * has just written, so it must do without. With an order of two terms or more, the rewriting never applied anyway.
 */
const MISTAKEN_OPTIMIZERS = ["top_n_window_elimination"];
/** A statement of a micro-batch has no parts that are alike: to look for them is a tenth of its planning. */
const IDLE_OPTIMIZERS = ["common_subplan"];

export interface DatabaseOptions {
  /** The database's file; `:memory:` for one that is gone with the process. */
  path: string;
  /** The grid's time zone, in which a day begins (IANA name). */
  timeZone: string;
  /** Of one query. @default 2 */
  threads?: number;
  /** Upper bound of DuckDB's buffers; beyond it, work spills to disk. @default 2048 */
  memoryLimitMib?: number;
}

/**
 * The engine's DuckDB: one instance for the whole process, because two instances on one file lose committed
 * rows. Every use has a connection of its own, and with it a snapshot of its own.
 */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #timeZone: string;

  private constructor(instance: DuckDBInstance, timeZone: string) {
    this.#instance = instance;
    this.#timeZone = timeZone;
  }

  /** @throws ENGINE_STATE_LOCKED when another process has the file open, ENGINE_STATE_CORRUPT */
  static async open(options: DatabaseOptions): Promise<Database> {
    if (options.path !== ":memory:") mkdirSync(dirname(options.path), { recursive: true });
    try {
      const instance = await DuckDBInstance.create(options.path, {
        threads: String(options.threads ?? 2),
        memory_limit: `${options.memoryLimitMib ?? 2048}MiB`,
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "true",
        preserve_insertion_order: "true",
        disabled_optimizers: [...MISTAKEN_OPTIMIZERS, ...IDLE_OPTIMIZERS].join(),
      });
      const database = new Database(instance, options.timeZone);
      const connection = await database.connect();
      // a long write-ahead log is cheap to write and is replayed at ~100 MB/s
      await connection.run("SET GLOBAL wal_autocheckpoint = '128MiB'");
      connection.closeSync();
      return database;
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      if (/lock/i.test(message)) {
        throw new GridlakeError("ENGINE_STATE_LOCKED", `another process has ${options.path} open`, {
          remedy: "stop the platform that runs on this data directory",
          cause,
        });
      }
      throw new GridlakeError("ENGINE_STATE_CORRUPT", `${options.path} can't be opened: ${message}`, {
        remedy: "move the file away; the state is then rebuilt from the lake and the log",
        cause,
      });
    }
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(`SET TimeZone = ${text(this.#timeZone)}`);
    return connection;
  }

  /**
   * How many threads one query may use from now on; queries on different connections run side by side in any case. With
   * more than one, a query that has work for one only keeps another busy with waiting.
   */
  async useThreads(threads: number): Promise<void> {
    const connection = await this.connect();
    await connection.run(`SET GLOBAL threads = ${threads}`);
    connection.closeSync();
  }

  close(): void {
    this.#instance.closeSync();
  }
}
