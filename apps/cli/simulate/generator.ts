import { DAY_MS, SECOND_MS } from "@gridlake/kernel";
import { Emission } from "./emission.ts";
import { Fleet, MAX_SHIFT_POINTS } from "./fleet.ts";
import type { RunPlan } from "./options.ts";
import type { SeriesPoint } from "./series/point.ts";

/** The lines of one instant of the series. */
export interface Tick {
  ts: string;
  timeMs: number;
  lines: string[];
}

/** Turns a series into what the fleet sends, tick by tick; nothing is kept but the last two hours of it. */
export class Generator {
  readonly fleet: Fleet;
  readonly emission: Emission;
  readonly #plan: RunPlan;
  readonly #history = new Float64Array(MAX_SHIFT_POINTS + 1);
  #offsetMs: number | undefined;
  #firstMs = 0;
  #lastMs = 0;
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.fleet = new Fleet(plan);
    this.emission = new Emission(this.fleet, plan);
  }

  /**
   * The first point gives the first registers; each further one adds the energy since the one before it.
   * `done` once `days` are over; `null` where no meter reads.
   */
  next(point: SeriesPoint): Tick | "done" | null {
    if (this.#offsetMs === undefined) {
      this.#offsetMs = (this.#plan.startAtMs ?? point.timeMs) - point.timeMs;
      this.#firstMs = point.timeMs;
      this.#lastMs = point.timeMs;
      this.#history.fill(point.powerDw);
    } else {
      this.#history.copyWithin(0, 1);
      this.#history[MAX_SHIFT_POINTS] = point.powerDw;
    }
    if (this.#plan.days !== null && point.timeMs - this.#firstMs >= this.#plan.days * DAY_MS) return "done";
    this.fleet.advance(this.#history, (point.timeMs - this.#lastMs) / SECOND_MS);
    this.#lastMs = point.timeMs;
    if (this.#plan.intervalMs !== null && point.timeMs - this.#lastReadMs < this.#plan.intervalMs)
      return null;
    this.#lastReadMs = point.timeMs;
    const timeMs = point.timeMs + this.#offsetMs;
    const ts = new Date(timeMs).toISOString().replace(".000Z", "Z");
    return { ts, timeMs, lines: this.emission.readAll(ts, timeMs) };
  }
}
