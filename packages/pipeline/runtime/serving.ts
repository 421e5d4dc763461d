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

/** Reads over the engine's own tables, each on a snapshot of its own, so that no micro-batch waits for a reader. */
export class DatabaseServing implements Serving {
  readonly #database: Database;
  readonly #limits: Required<ServingOptions>;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  #open = 0;
  #closed = false;

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
    let timedOut = true;
    try {
      const reader = await connection.runAndReadAll(sql, [...params]);
      timedOut = false;
      return reader.getRowObjects().map((row) => {
        const out: Record<string, ReturnType<typeof rowValue>> = {};
        for (const [name, value] of Object.entries(row)) out[name] = rowValue(value);
        return out;
      });
    } catch (cause) {
      if (timedOut && cause instanceof Error && /interrupt/i.test(cause.message)) {
        throw new GridlakeError(
          "SERVING_TIMEOUT",
          `the query took longer than ${this.#limits.timeoutMs} ms`,
          {
            remedy: "ask for a shorter range",
            status: 503,
            cause,
          },
        );
      }
      throw cause;
    } finally {
      clearTimeout(timer);
      this.#release(connection);
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }

  async #acquire(): Promise<DuckDBConnection> {
    if (this.#closed) throw unavailable("the engine has stopped");
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open < this.#limits.connections) {
      this.#open += 1;
      return this.#database.connect();
    }
    if (this.#waiting.length >= this.#limits.queueLimit) throw unavailable("too many queries wait");
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(connection);
    else if (this.#closed) connection.closeSync();
    else this.#idle.push(connection);
  }
}

function unavailable(why: string): GridlakeError {
  return new GridlakeError("SERVING_UNAVAILABLE", why, {
    remedy: "try again in a moment",
    retry: "later",
    status: 503,
  });
}
