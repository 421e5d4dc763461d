import { MINUTE_MS } from "@gridlake/kernel/units.ts";

/** The load of one minute, [atMs, atMs + 1 min). */
export interface Minute {
  atMs: number;
  powerW: number;
  /** Devices heard in it. */
  devices: number;
}

/** A series of minutes in order of time. Nearly every change is at its end, so an array beats a tree. */
export class Minutes {
  #minutes: Minute[] = [];

  get all(): readonly Minute[] {
    return this.#minutes;
  }

  /** Sets a minute's load, whether it was there or not. */
  set(minute: Minute): void {
    const at = this.#firstFrom(minute.atMs);
    this.#minutes.splice(at, this.#minutes[at]?.atMs === minute.atMs ? 1 : 0, minute);
  }

  delete(atMs: number): void {
    const at = this.#firstFrom(atMs);
    if (this.#minutes[at]?.atMs === atMs) this.#minutes.splice(at, 1);
  }

  /** Puts `minutes`, in order, in the place of what lies in [fromMs, toMs). */
  replace(range: { fromMs: number; toMs: number }, minutes: readonly Minute[]): void {
    const from = this.#firstFrom(range.fromMs);
    const to = this.#firstFrom(range.toMs);
    this.#minutes = [...this.#minutes.slice(0, from), ...minutes, ...this.#minutes.slice(to)];
  }

  /** Forgets what lies before `fromMs`. */
  trim(fromMs: number): void {
    const keep = this.#firstFrom(fromMs);
    if (keep > 0) this.#minutes.splice(0, keep);
  }

  /** Index of the first minute at or after `atMs`. */
  #firstFrom(atMs: number): number {
    let low = 0;
    let high = this.#minutes.length;
    // looked for from the end first: that is where the changes are
    const last = this.#minutes[high - 1];
    if (last === undefined || last.atMs < atMs) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#minutes[middle]?.atMs ?? 0) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The minutes that may be drawn: without the newest while it has heard fewer devices than the one before, because a
 * minute that is still filling looks like a drop of the load. The summary's total load follows the same rule.
 */
export function settledMinutes(minutes: readonly Minute[]): readonly Minute[] {
  const newest = minutes.at(-1);
  const before = minutes.at(-2);
  const filling = newest !== undefined && before !== undefined && newest.devices < before.devices;
  return filling ? minutes.slice(0, -1) : minutes;
}

/** Minutes without data in a row from which on a line is broken: a gap is shown, not drawn over. */
const GAP_MINUTES = 2;

/** The points of a line: [ms since the epoch, W], with a null where the line breaks. */
export function pointsOf(minutes: readonly Minute[]): [number, number | null][] {
  const points: [number, number | null][] = [];
  let beforeMs = Infinity;
  for (const { atMs, powerW } of minutes) {
    if (atMs - beforeMs > (GAP_MINUTES + 1) * MINUTE_MS) points.push([beforeMs + MINUTE_MS, null]);
    points.push([atMs, powerW]);
    beforeMs = atMs;
  }
  return points;
}
