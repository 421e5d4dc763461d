import { type Clock, DAY_MS, GIB, MINUTE_MS, systemClock } from "@gridlake/kernel";
import type { Position } from "./log.ts";

/** What retention has to know of a record. */
export interface RecordExtent {
  offset: number;
  timestampMs: number;
  /** What it takes on disk. */
  bytes: number;
}

/** A log that leaves its retention to us (Kafka's brokers do their own). */
export interface RetainedLog {
  /** What all records take on disk. */
  readonly bytes: number;
  /** Every partition that was ever written. */
  positions(): Promise<Required<Position>[]>;
  /** Extents from the first kept record with an offset > `after` on, in order, at most `limit`; reads no values. */
  extents(position: Position, range: { after: number; limit: number }): Promise<RecordExtent[]>;
  trim(position: Position, options: { upTo: number }): Promise<void>;
}

export interface RetentionPolicy {
  /** A record older than this is forgotten. @default 7 days */
  maxAgeMs: number;
  /** While all records take more than this, the oldest are forgotten, whatever partition they lie in. @default 4 GiB */
  maxBytes: number;
}

export const DEFAULT_RETENTION: RetentionPolicy = { maxAgeMs: 7 * DAY_MS, maxBytes: 4 * GIB };

/** The highest offset that may be forgotten: what the lake holds for good. −1 keeps everything. */
export type RetentionFloor = (position: Required<Position>) => number | Promise<number>;

export interface RetentionPass {
  records: number;
  bytes: number;
  /** Bytes above the policy's `maxBytes` that stay, because the floor holds them (or the next pass takes them). */
  overBytes: number;
}

/** One pass looks at this many records of a partition at a time, and forgets no more than MAX_PASS_RECORDS. */
const PART_RECORDS = 1_000;
const MAX_PASS_RECORDS = 200_000;

/** A partition's records that may go, oldest first. */
class Head {
  readonly position: Required<Position>;
  readonly floor: number;
  /** The last offset that the pass has decided to forget; −1 for none. */
  upTo = -1;
  #part: RecordExtent[] = [];
  #at = 0;

  constructor(position: Required<Position>, floor: number) {
    this.position = position;
    this.floor = floor;
  }

  /** The next record that may be forgotten. */
  async peek(log: RetainedLog): Promise<RecordExtent | undefined> {
    if (this.#at === this.#part.length) {
      this.#part = await log.extents(this.position, { after: this.upTo, limit: PART_RECORDS });
      this.#at = 0;
    }
    const extent = this.#part[this.#at];
    return extent !== undefined && extent.offset <= this.floor ? extent : undefined;
  }

  take(extent: RecordExtent): void {
    this.upTo = extent.offset;
    this.#at += 1;
  }
}

/** Forgets what the policy lets go, oldest first, and nothing above the floor. */
export async function retain(
  log: RetainedLog,
  options: { policy: RetentionPolicy; floor: RetentionFloor; nowMs: number },
): Promise<RetentionPass> {
  const { policy, floor, nowMs } = options;
  const heads: Head[] = [];
  for (const position of await log.positions()) heads.push(new Head(position, await floor(position)));
  let records = 0;
  let bytes = 0;
  while (records < MAX_PASS_RECORDS) {
    const oldest = await oldestOf(log, heads);
    if (oldest === undefined) break;
    const { head, extent } = oldest;
    const tooOld = extent.timestampMs < nowMs - policy.maxAgeMs;
    if (!tooOld && log.bytes - bytes <= policy.maxBytes) break;
    head.take(extent);
    records += 1;
    bytes += extent.bytes;
  }
  for (const { position, upTo } of heads) if (upTo >= 0) await log.trim(position, { upTo });
  return { records, bytes, overBytes: Math.max(0, log.bytes - policy.maxBytes) };
}

async function oldestOf(
  log: RetainedLog,
  heads: readonly Head[],
): Promise<{ head: Head; extent: RecordExtent } | undefined> {
  let oldest: { head: Head; extent: RecordExtent } | undefined;
  for (const head of heads) {
    const extent = await head.peek(log);
    if (extent === undefined) continue;
    if (oldest === undefined || extent.timestampMs < oldest.extent.timestampMs) oldest = { head, extent };
  }
  return oldest;
}

export interface RetentionOptions {
  log: RetainedLog;
  floor: RetentionFloor;
  /** @default DEFAULT_RETENTION */
  policy?: Partial<RetentionPolicy>;
  /** The pause between two passes. @default 1 minute */
  intervalMs?: number;
  /** @default the system's */
  clock?: Clock;
  /** Called after each pass. */
  onPass?: (pass: RetentionPass) => void;
  /** Called when a pass fails; the next one is tried all the same. */
  onError: (error: unknown) => void;
}

/** Passes over a log, one after the other, from `start` to `stop`. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #policy: RetentionPolicy;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #started = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#policy = { ...DEFAULT_RETENTION, ...options.policy };
    this.#intervalMs = options.intervalMs ?? MINUTE_MS;
    this.#clock = options.clock ?? systemClock;
  }

  /** The first pass begins after one interval: a start has better things to do. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#schedule();
  }

  /** Resolves once no pass runs any more. */
  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One pass now. */
  runOnce(): Promise<RetentionPass> {
    const { log, floor } = this.#options;
    return retain(log, { policy: this.#policy, floor, nowMs: this.#clock.nowMs() });
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#pass().finally(() => {
        this.#running = undefined;
        if (this.#started) this.#schedule();
      });
    }, this.#intervalMs);
  }

  async #pass(): Promise<void> {
    try {
      const pass = await this.runOnce();
      this.#options.onPass?.(pass);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
