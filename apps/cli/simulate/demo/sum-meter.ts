import { DWS_PER_WH } from "../fleet.ts";
import type { DemoMeter } from "./meter.ts";
import { isOut, type WeeklyOutage } from "./outages.ts";

/** A meter of all that its meters draw, and of what is lost on the way to them; a pure function of the time as they are. */
export class DemoSumMeter {
  readonly device: string;
  readonly feeder: string;
  readonly #below: readonly DemoMeter[];
  /** What enters by what leaves: above 1. */
  readonly #factor: number;
  readonly #nominalV: number;
  readonly #outages: readonly WeeklyOutage[];

  constructor(options: {
    device: string;
    feeder: string;
    below: readonly DemoMeter[];
    lossShare: number;
    nominalV: number;
    outages: readonly WeeklyOutage[];
  }) {
    this.device = options.device;
    this.feeder = options.feeder;
    this.#below = options.below;
    this.#factor = 1 + options.lossShare;
    this.#nominalV = options.nominalV;
    this.#outages = options.outages;
  }

  isOut(timeMs: number): boolean {
    return isOut(this.#outages, timeMs);
  }

  /** The reading at an instant, which falls on a second, as one NDJSON line. */
  read(timeMs: number): string {
    const sum = { energyDws: 0, powerDw: 0, reactiveDvars: 0, reactiveDvar: 0 };
    let seq = 0;
    for (const meter of this.#below) {
      const state = meter.stateAt(timeMs);
      sum.energyDws += state.energyDws;
      sum.powerDw += state.powerDw;
      sum.reactiveDvars += state.reactiveDvars;
      sum.reactiveDvar += state.reactiveDvar;
      seq = state.minute;
    }
    const register = (tenths: number): number => Math.floor((tenths / DWS_PER_WH) * this.#factor);
    const power = (tenths: number): number => Math.round(tenths * this.#factor) / 10;
    const ts = new Date(timeMs).toISOString().replace(".000Z", "Z");
    return JSON.stringify({
      device: this.device,
      ts,
      seq,
      energy_wh: register(sum.energyDws),
      active_power_w: power(sum.powerDw),
      reactive_power_var: power(sum.reactiveDvar),
      voltage_v: this.#nominalV,
      reactive_energy_varh: register(sum.reactiveDvars),
    });
  }
}
