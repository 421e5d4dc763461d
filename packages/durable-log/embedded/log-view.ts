import { readOnly } from "../errors.ts";
import type { Log, LogRecord, Position, StoredRecord } from "../log.ts";

/** The reading side of a log that this very process writes; ends with it. */
export class LogView implements Log {
  readonly recordUnit: Log["recordUnit"];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
    this.recordUnit = log.recordUnit;
  }

  async append(_position: Position, _records: readonly LogRecord[]): Promise<never> {
    throw readOnly();
  }

  async trim(_position: Position, _options: { upTo: number }): Promise<never> {
    throw readOnly();
  }

  read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]> {
    return this.#log.read(position, range);
  }

  bounds(position: Position): Promise<{ first: number; next: number }> {
    return this.#log.bounds(position);
  }

  waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean> {
    return this.#log.waitFor(position, options);
  }

  partitions(topic: string): Promise<number> {
    return this.#log.partitions(topic);
  }

  /** Leaves the log to its writer. */
  async close(): Promise<void> {}
}
