import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@gridlake/kernel";

/** Waits shorter than this are saved up: a timer is no finer. */
const SHORTEST_WAIT_MS = 4;

/** Holds series time to a multiple of real time, and lines to a rate. */
export class Pace {
  readonly #speed: number;
  readonly #maxRate: number;
  readonly #signal: AbortSignal | undefined;
  readonly #startedAt = performance.now();
  #firstMs: number | undefined;

  /** `speed`: series seconds a real second, 0 for no limit. `maxRate`: lines a second, 0 for no limit. */
  constructor(options: { speed: number; maxRate: number; signal?: AbortSignal }) {
    this.#speed = options.speed;
    this.#maxRate = options.maxRate;
    this.#signal = options.signal;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Waits until `seriesMs` may be sent, `lines` having been sent before. `idle` runs before a wait. */
  async until(seriesMs: number, lines: number, idle: () => Promise<void>): Promise<void> {
    this.#firstMs ??= seriesMs;
    const bySeries = this.#speed === 0 ? 0 : (seriesMs - this.#firstMs) / this.#speed;
    const byRate = this.#maxRate === 0 ? 0 : (lines / this.#maxRate) * SECOND_MS;
    if (Math.max(bySeries, byRate) - this.elapsedMs < SHORTEST_WAIT_MS) return;
    await idle();
    const waitMs = Math.max(bySeries, byRate) - this.elapsedMs;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#signal });
  }
}
