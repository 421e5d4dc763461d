import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECOND_MS } from "@gridlake/kernel";

/** How much memory the making of images takes, whatever they are made of: DuckDB puts the rest on disk. */
const MEMORY_LIMIT = "1GiB";
/** Every statement is as parallel as it can be; more at once only makes waits for the disk shorter. */
const BUILDS_AT_ONCE = 4;
/** An idle instance is closed after. */
const LINGER_MS = 30 * SECOND_MS;

/**
 * The DuckDB that images are made with. Not the caller's: his connection may be in a transaction, in another time zone,
 * or locked.
 */
class ImageBuilder {
  #instance: Promise<DuckDBInstance> | null = null;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #closing: NodeJS.Timeout | undefined;

  /** Runs work on a connection of its own; its TEMP tables are gone after. */
  async run<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#running >= BUILDS_AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    clearTimeout(this.#closing);
    try {
      const connection = await (await this.#open()).connect();
      try {
        await connection.run("SET TimeZone = 'UTC'");
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#finished();
    }
  }

  async #open(): Promise<DuckDBInstance> {
    this.#instance ??= DuckDBInstance.create(":memory:", {
      memory_limit: MEMORY_LIMIT,
      temp_directory: join(tmpdir(), `gridlake-hudi-images-${process.pid}.tmp`),
      autoinstall_known_extensions: "false",
    });
    try {
      return await this.#instance;
    } catch (error) {
      this.#instance = null;
      throw error;
    }
  }

  #finished(): void {
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#closing = setTimeout(() => {
      const instance = this.#instance;
      this.#instance = null;
      void instance?.then((one) => one.closeSync());
    }, LINGER_MS);
    this.#closing.unref();
  }
}

export const imageBuilder = new ImageBuilder();
