import { DAY_MS, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { DWS_PER_WH } from "../fleet.ts";
import { type DayProfile, WEEKDAY, WEEKEND } from "../profile.ts";
import { EPOCH_MS, isOut, WEEK_MINUTES, type WeeklyOutage } from "./outages.ts";

/** An appliance stays on for about this long. */
const BLOCK_MINUTES = 7;
const HALF_HOUR_MINUTES = 30;
const LONGEST_DRAW = 6;
/** Reactive by active power, in thousandths: power factors of 0.98 down to 0.89. */
const LEAST_TANGENT = 200;
const TANGENT_SPREAD = 300;
/** One meter in ten is near its transformer, and now and then has more than 230 V + 7 %. */
const HIGH_EVERY = 10;
const HIGH_DV = 2_480;

/** What a demo meter measures at an instant, in tenths of W and var, and these times seconds. */
export interface DemoState {
  minute: number;
  powerDw: number;
  energyDws: number;
  reactiveDvar: number;
  reactiveDvars: number;
}

/**
 * A demo meter: load and register are pure functions of the time, and the load repeats each week. So a demo that is
 * started again goes on where the registers would be by now, and what it sends twice is the same twice.
 */
export class DemoMeter {
  readonly device: string;
  readonly feeder: string;
  readonly #number: number;
  readonly #tangent: number;
  readonly #outages: readonly WeeklyOutage[];
  /** Tenths of a watt of each minute of the week, and their running sum times 60 s before each minute. */
  readonly #powerDw = new Float64Array(WEEK_MINUTES);
  readonly #before = new Float64Array(WEEK_MINUTES + 1);

  constructor(options: {
    number: number;
    device: string;
    feeder: string;
    /** @default none */
    outages?: readonly WeeklyOutage[];
  }) {
    this.#number = options.number;
    this.#outages = options.outages ?? [];
    this.#tangent = LEAST_TANGENT + Math.floor(chance(this.#number, 2) * TANGENT_SPREAD);
    this.device = options.device;
    this.feeder = options.feeder;
    const scale = 0.5 + chance(this.#number, 0);
    const shift = Math.floor(chance(this.#number, 1) * HALF_HOUR_MINUTES * 2);
    for (let minute = 0; minute < WEEK_MINUTES; minute += 1) {
      const lit = !isOut(this.#outages, EPOCH_MS + minute * MINUTE_MS);
      const watts = lit ? this.#watts((minute + shift) % WEEK_MINUTES) * scale : 0;
      this.#powerDw[minute] = Math.round(watts * 10);
      this.#before[minute + 1] = (this.#before[minute] as number) + (this.#powerDw[minute] as number) * 60;
    }
  }

  /** Whether it has no supply, and so sends nothing. */
  isOut(timeMs: number): boolean {
    return isOut(this.#outages, timeMs);
  }

  stateAt(timeMs: number): DemoState {
    const minute = Math.floor((timeMs - EPOCH_MS) / MINUTE_MS);
    const inWeek = minute % WEEK_MINUTES;
    const seconds = (timeMs % MINUTE_MS) / SECOND_MS;
    const powerDw = this.#powerDw[inWeek] as number;
    const weeks = Math.floor(minute / WEEK_MINUTES) * (this.#before[WEEK_MINUTES] as number);
    const energyDws = weeks + (this.#before[inWeek] as number) + powerDw * seconds;
    const reactive = (active: number): number => Math.floor((active * this.#tangent) / 1_000);
    return {
      minute,
      powerDw,
      energyDws,
      reactiveDvar: reactive(powerDw),
      reactiveDvars: reactive(energyDws),
    };
  }

  /** The reading at an instant, which falls on a second, as one NDJSON line. */
  read(timeMs: number): string {
    const { minute, powerDw, energyDws, reactiveDvar, reactiveDvars } = this.stateAt(timeMs);
    const energyWh = Math.floor(energyDws / DWS_PER_WH);
    const reactiveVarh = Math.floor(reactiveDvars / DWS_PER_WH);
    const isHigh = this.#number % HIGH_EVERY === 0 && chance(this.#number, 3e6 + minute) > 0.97;
    const voltageDv = isHigh ? HIGH_DV : 2_300 + Math.round((chance(this.#number, minute) - 0.5) * 60);
    const apparentDva = Math.hypot(powerDw, reactiveDvar);
    const currentMa = Math.round((apparentDva * 1_000) / voltageDv);
    const ts = new Date(timeMs).toISOString().replace(".000Z", "Z");
    return `{"device":"${this.device}","ts":"${ts}","seq":${minute},"energy_wh":${energyWh},"active_power_w":${powerDw / 10},"reactive_power_var":${reactiveDvar / 10},"voltage_v":${voltageDv / 10},"current_a":${currentMa / 1_000},"reactive_energy_varh":${reactiveVarh}}`;
  }

  #watts(minuteOfWeek: number): number {
    const day: DayProfile = minuteOfWeek < (5 * DAY_MS) / MINUTE_MS ? WEEKDAY : WEEKEND;
    const slot = Math.floor((minuteOfWeek % 1_440) / HALF_HOUR_MINUTES);
    const mean = day.meanW[slot] as number;
    // household load is mostly little and now and then much: an exponential draw around the mean
    const draw = Math.min(
      LONGEST_DRAW,
      -Math.log(1 - chance(this.#number, 1e6 + Math.floor(minuteOfWeek / BLOCK_MINUTES))),
    );
    const spread = Math.min(1, (day.deviationW[slot] as number) / mean);
    const jitter = 0.95 + chance(this.#number, 2e6 + minuteOfWeek) / 10;
    return mean * (1 - spread + spread * draw) * jitter;
  }
}

/** In [0, 1), the same for the same two numbers (the finaliser of MurmurHash3). */
function chance(meter: number, about: number): number {
  let hash = Math.imul(meter + 1, 0x9e3779b1) ^ Math.imul(about + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
