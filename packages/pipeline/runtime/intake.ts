import type { Topic } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { MIB } from "@gridlake/kernel";
import type { TopicBatch } from "./micro-batch.ts";

export interface IntakeLimits {
  /** Bytes of log records in one micro-batch, of all topics. @default 6 MiB: some 40,000 readings */
  maxBytes?: number;
  /** Log records in one micro-batch, of each topic. @default 20000 */
  maxRecords?: number;
}

/** Takes log records in for the micro-batches, topic by topic, from the positions that were committed. */
export class Intake {
  readonly #log: Log;
  readonly #topics: readonly Topic[];
  readonly #next: Map<string, number>;
  readonly #limits: Required<IntakeLimits>;

  constructor(options: {
    log: Log;
    /** Registers first, so that a device is known before its first reading is judged. */
    topics: readonly Topic[];
    positions: ReadonlyMap<string, number>;
    limits?: IntakeLimits;
  }) {
    this.#log = options.log;
    this.#topics = options.topics;
    this.#next = new Map(options.topics.map(({ name }) => [name, options.positions.get(name) ?? 0]));
    this.#limits = {
      maxBytes: options.limits?.maxBytes ?? 6 * MIB,
      maxRecords: options.limits?.maxRecords ?? 20_000,
    };
  }

  /** The offset of the next record that will be taken in. */
  next(topic: string): number {
    return this.#next.get(topic) ?? 0;
  }

  /** What waits now, within the limits; empty when nothing does. */
  async take(): Promise<TopicBatch[]> {
    const batches: TopicBatch[] = [];
    let left = this.#limits.maxBytes;
    for (const topic of this.#topics) {
      if (left <= 0) break;
      const range = { after: this.next(topic.name) - 1, maxRecords: this.#limits.maxRecords, maxBytes: left };
      const records = await this.#log.read({ topic: topic.name }, range);
      if (records.length === 0) continue;
      left -= records.reduce((sum, record) => sum + record.value.byteLength, 0);
      batches.push({ topic, records });
    }
    return batches;
  }

  /** Moves on behind records that were committed. */
  committed(batches: readonly TopicBatch[]): void {
    for (const { topic, records } of batches) {
      const last = records.at(-1);
      if (last !== undefined) this.#next.set(topic.name, last.offset + 1);
    }
  }

  /** Resolves when any topic has something, at the latest after `timeoutMs`. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      await Promise.race(
        this.#topics.map(({ name }) =>
          this.#log.waitFor({ topic: name }, { after: this.next(name) - 1, timeoutMs, signal: either }),
        ),
      );
    } finally {
      stop.abort();
    }
  }

  /** Per topic, the next record to take in and the end of the log. */
  async lag(): Promise<{ topic: string; next: number; end: number }[]> {
    return Promise.all(
      this.#topics.map(async ({ name }) => {
        const { next: end } = await this.#log.bounds({ topic: name });
        return { topic: name, next: this.next(name), end };
      }),
    );
  }
}
