import { MINUTE_MS } from "@gridlake/kernel";
import type { SeededRandom } from "./random.ts";

/** Longest that a line is held back, in series time. */
export const MAX_LATE_MS = 120 * MINUTE_MS;

/** Lines on their way: each is due at an instant of series time, to the minute; memory is bounded by MAX_LATE_MS. */
export class Arrivals {
  readonly #random: SeededRandom;
  readonly #late: number;
  readonly #due = new Map<number, string[]>();
  #waiting = 0;
  lateCount = 0;

  /** `late` is the fraction of lines that are held back. */
  constructor(options: { late: number; random: SeededRandom }) {
    this.#late = options.late;
    this.#random = options.random;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** True when the line goes out at once; else it is held and comes with a later `take`. */
  pass(line: string, nowMs: number): boolean {
    if (this.#late === 0 || this.#random.next() >= this.#late) return true;
    this.lateCount += 1;
    this.hold(line, { nowMs, maxMs: MAX_LATE_MS });
    return false;
  }

  /** Holds a line back for 1 minute up to `maxMs`. */
  hold(line: string, { nowMs, maxMs }: { nowMs: number; maxMs: number }): void {
    const minutes = 1 + this.#random.below(maxMs / MINUTE_MS);
    const minute = Math.floor(nowMs / MINUTE_MS) + minutes;
    const lines = this.#due.get(minute);
    if (lines === undefined) this.#due.set(minute, [line]);
    else lines.push(line);
    this.#waiting += 1;
  }

  /** The lines that are due by `nowMs`; with `Infinity`, all. */
  take(nowMs: number): string[] {
    if (this.#waiting === 0) return [];
    const upTo = Math.floor(nowMs / MINUTE_MS);
    const taken: string[] = [];
    for (const [minute, lines] of this.#due) {
      if (minute > upTo) continue;
      for (const line of lines) taken.push(line);
      this.#due.delete(minute);
    }
    this.#waiting -= taken.length;
    return taken;
  }
}
