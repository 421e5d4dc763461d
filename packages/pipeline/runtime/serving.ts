import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { Row, Serving } from "../ports.ts";
import type { Database } from "./database.ts";
import { rowValue } from "./row-value.ts";

export interface ServingOptions {
  /** Queries under way at once; more wait in line. @default 4 */
  connections?: number;
  /** Queries waiting in line; one more is refused. @default 256 */
  queueLimit?: number;
  /** @default 15000 */
  timeoutMs?: number;
}

const INTERRUPT_EVERY_MS = 50;

/** Reads over the engine's own tables, each on a snapshot of its own, so that no micro-batch waits for a reader. */
export class DatabaseServing implements Serving {
  readonly #database: Database;
  readonly #limits: Required<ServingOptions>;
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();
  readonly #waiting: { take: (connection: DuckDBConnection) => void; refuse: (error: unknown) => void }[] =
    [];
  /** Idle, busy and being opened. */
  #open = 0;
  #closed = false;
  #onLast: (() => void) | null = null;

  constructor(database: Database, options: ServingOptions = {}) {
    this.#database = database;
    this.#limits = {
      connections: options.connections ?? 4,
      queueLimit: options.queueLimit ?? 256,
      timeoutMs: options.timeoutMs ?? 15_000,
    };
  }

  async rows(sql: string, params: readonly (string | number | boolean | null)[] = []): Promise<Row[]> {
    const connection = await this.#acquire();
    const timer = setTimeout(() => connection.interrupt(), this.#limits.timeoutMs);
    try {
      const reader = await connection.runAndReadAll(sql, [...params]);
      return reader.getRowObjects().map((row) => {
        const out: Record<string, ReturnType<typeof rowValue>> = {};
        for (const [name, value] of Object.entries(row)) out[name] = rowValue(value);
        return out;
      });
    } catch (cause) {
      if (!(cause instanceof Error) || !/^INTERRUPT/i.test(cause.message)) throw cause;
      if (this.#closed) throw unavailable("the engine has stopped");
      throw new GridlakeError("SERVING_TIMEOUT", `the query took longer than ${this.#limits.timeoutMs} ms`, {
        remedy: "ask for a shorter range",
        status: 503,
        cause,
      });
    } finally {
      clearTimeout(timer);
      this.#release(connection);
    }
  }

  /** Refuses what waits, ends what is under way; resolves when no connection is open. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(unavailable("the engine has stopped"));
    for (const connection of this.#idle.splice(0)) this.#drop(connection);
    if (this.#open === 0) return;
    // again and again: an interrupt that comes just before a query begins is forgotten
    const interrupt = (): void => this.#busy.forEach((connection) => connection.interrupt());
    interrupt();
    const timer = setInterval(interrupt, INTERRUPT_EVERY_MS);
    await new Promise<void>((resolve) => (this.#onLast = resolve));
    clearInterval(timer);
  }

  async #acquire(): Promise<DuckDBConnection> {
    if (this.#closed) throw unavailable("the engine has stopped");
    const idle = this.#idle.pop();
    if (idle !== undefined) return this.#use(idle);
    if (this.#open < this.#limits.connections) return this.#connect();
    if (this.#waiting.length >= this.#limits.queueLimit) throw unavailable("too many queries wait");
    return new Promise((take, refuse) => this.#waiting.push({ take, refuse }));
  }

  async #connect(): Promise<DuckDBConnection> {
    this.#open += 1;
    let connection: DuckDBConnection;
    try {
      connection = await this.#database.connect();
    } catch (error) {
      this.#left();
      throw error;
    }
    if (!this.#closed) return this.#use(connection);
    this.#drop(connection);
    throw unavailable("the engine has stopped");
  }

  #use(connection: DuckDBConnection): DuckDBConnection {
    this.#busy.add(connection);
    return connection;
  }

  #release(connection: DuckDBConnection): void {
    this.#busy.delete(connection);
    const next = this.#waiting.shift();
    if (next !== undefined) next.take(this.#use(connection));
    else if (this.#closed) this.#drop(connection);
    else this.#idle.push(connection);
  }

  #drop(connection: DuckDBConnection): void {
    connection.closeSync();
    this.#left();
  }

  #left(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#onLast?.();
  }
}

function unavailable(why: string): GridlakeError {
  return new GridlakeError("SERVING_UNAVAILABLE", why, {
    remedy: "try again in a moment",
    retry: "later",
    status: 503,
  });
}
