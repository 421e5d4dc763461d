import { type Clock, GridlakeError, SECOND_MS } from "@gridlake/kernel";

/** Senders whose use is remembered; one that is forgotten starts with a full bucket. */
const MAX_SENDERS = 10_000;
const BURST_SECONDS = 2;

/**
 * A token bucket of lines for each sender. How many lines a body has is known only once it is there, so a batch is let
 * in while anything is left and may overdraw the bucket; the debt then delays the next one.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #linesPerSecond: number;
  readonly #buckets = new Map<string, { lines: number; atMs: number }>();

  /** 0 sets no limit. */
  constructor(options: { clock: Clock; linesPerSecond: number }) {
    this.#clock = options.clock;
    this.#linesPerSecond = options.linesPerSecond;
  }

  /** @throws INGEST_RATE_LIMITED with the time until the debt is paid. */
  check(subject: string): void {
    if (this.#linesPerSecond === 0) return;
    const { lines } = this.#bucket(subject);
    if (lines > 0) return;
    throw new GridlakeError("INGEST_RATE_LIMITED", `more than ${this.#linesPerSecond} lines a second`, {
      remedy: "slow down and send the same bytes again",
      retry: "later",
      details: {
        maxLinesPerSecond: this.#linesPerSecond,
        retryAfterSeconds: Math.ceil((1 - lines) / this.#linesPerSecond),
      },
      status: 429,
    });
  }

  spend(subject: string, lines: number): void {
    if (this.#linesPerSecond > 0) this.#bucket(subject).lines -= lines;
  }

  #bucket(subject: string): { lines: number; atMs: number } {
    const nowMs = this.#clock.nowMs();
    const full = this.#linesPerSecond * BURST_SECONDS;
    let bucket = this.#buckets.get(subject);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_SENDERS) {
        const oldest = this.#buckets.keys().next();
        if (!oldest.done) this.#buckets.delete(oldest.value);
      }
      bucket = { lines: full, atMs: nowMs };
      this.#buckets.set(subject, bucket);
    }
    bucket.lines = Math.min(full, bucket.lines + ((nowMs - bucket.atMs) / SECOND_MS) * this.#linesPerSecond);
    bucket.atMs = nowMs;
    return bucket;
  }
}
