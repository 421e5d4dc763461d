import { type Clock, GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import { BoundedMap } from "@gridlake/service-kit";

/** Callers remembered; the one that came first is forgotten first. */
const MAX_CALLERS = 50_000;

/** A bucket for each caller that fills evenly: `perMinute` at once, then as they drip in. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #buckets = new BoundedMap<string, { tokens: number; atMs: number }>(MAX_CALLERS);

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** @throws RATE_LIMITED */
  take(caller: string): void {
    const nowMs = this.#clock.nowMs();
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#perMinute, atMs: nowMs };
    const filled = bucket.tokens + ((nowMs - bucket.atMs) * this.#perMinute) / MINUTE_MS;
    const tokens = Math.min(this.#perMinute, filled);
    if (tokens < 1) {
      const retryAfterSeconds = Math.ceil(((1 - tokens) * MINUTE_MS) / this.#perMinute / 1000);
      throw new GridlakeError("RATE_LIMITED", "too many requests from this address", {
        status: 429,
        retry: "later",
        remedy: `try again in ${retryAfterSeconds} s`,
        details: { retryAfterSeconds },
      });
    }
    this.#buckets.set(caller, { tokens: tokens - 1, atMs: nowMs });
  }
}
