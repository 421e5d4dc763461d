import { existsSync } from "node:fs";
import { checkPosition, checkTopic, closed, emptyRead, notFound, readOnly } from "../errors.ts";
import type { Log, LogRecord, Position, StoredRecord } from "../log.ts";
import { LogView } from "./log-view.ts";
import type { PartitionRow } from "./layout.ts";
import { Partitions } from "./partitions.ts";
import { SnapshotReader } from "./reader.ts";
import { enterReader, writerHere } from "./same-process.ts";
import { Store } from "./store.ts";

/** How often `waitFor` looks for what the writing process has synced. */
const POLL_MS = 50;

/** A log that another process may be writing. Each call sees what was synced when it began. */
export class ReadOnlyLog implements Log {
  readonly recordUnit = "lines";
  readonly #store: Store;
  readonly #reader: SnapshotReader;
  readonly #leave: () => void;
  readonly #closing = new AbortController();

  private constructor(dir: string, store: Store, leave: () => void) {
    this.#store = store;
    this.#leave = leave;
    this.#reader = new SnapshotReader(dir, store);
  }

  static async open(dir: string): Promise<ReadOnlyLog> {
    const leave = enterReader(dir);
    try {
      return new ReadOnlyLog(dir, await Store.openForReading(dir), leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async append(_position: Position, _records: readonly LogRecord[]): Promise<never> {
    throw readOnly();
  }

  async trim(_position: Position, _options: { upTo: number }): Promise<never> {
    throw readOnly();
  }

  async read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]> {
    const records = await this.#store.read(() => {
      const { where, row } = this.#find(position);
      return row === undefined ? emptyRead(where, range) : this.#reader.read(row.id, range);
    });
    if (this.#store.worn) await this.#store.remap();
    return records;
  }

  async bounds(position: Position): Promise<{ first: number; next: number }> {
    const { row } = await this.#store.read(() => this.#find(position));
    return { first: row?.first ?? 0, next: row?.next ?? 0 };
  }

  async waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean> {
    if (this.#closing.signal.aborted) throw closed();
    const end = performance.now() + options.timeoutMs;
    while (true) {
      const there = await this.#store.read(() => this.#reaches(position, options.after));
      if (there) return true;
      if (this.#closing.signal.aborted || options.signal?.aborted === true) return false;
      const left = end - performance.now();
      if (left <= 0) return false;
      await pause(Math.min(POLL_MS, left), options.signal, this.#closing.signal);
    }
  }

  async partitions(topic: string): Promise<number> {
    checkTopic(topic);
    return this.#store.read(() => this.#snapshot().count(topic));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#store.close();
    this.#leave();
  }

  #reaches(position: Position, after: number): boolean {
    if (this.#closing.signal.aborted) return false;
    return (this.#find(position).row?.next ?? 0) > after + 1;
  }

  #find(position: Position): { where: Required<Position>; row: PartitionRow | undefined } {
    const where = checkPosition(position);
    return { where, row: this.#snapshot().find(where) };
  }

  #snapshot(): Partitions {
    if (this.#closing.signal.aborted) throw closed();
    // the other process commits without telling us
    this.#store.database.resetReadTxn();
    return new Partitions(this.#reader.partitions());
  }
}

function pause(ms: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal?.addEventListener("abort", end, { once: true });
  });
}

/**
 * Opens the log of `dir` for reading, while another process, or this one, may write it.
 * @throws LOG_NOT_FOUND, LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED, LOG_OPEN_FAILED
 */
export async function openReadOnlyLog(dir: string): Promise<Log> {
  if (!existsSync(dir)) throw notFound(dir);
  const writer = writerHere(dir);
  return writer === undefined ? ReadOnlyLog.open(dir) : new LogView(writer);
}
