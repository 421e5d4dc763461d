import { SeededRandom } from "./random.ts";

/** 1 Wh in tenths of a watt times seconds. */
export const DWS_PER_WH = 36_000;
/** Furthest that a meter's load lags behind the series, in series points. */
export const MAX_SHIFT_POINTS = 120;

const FIRST_REGISTER_BELOW_WH = 50_000_000;
const NOMINAL_DV = 2_300;
const SWING_DV = 80;

/** What a run must have left on the platform for one meter. */
export interface MeterExpectation {
  device: string;
  feeder: string;
  readings: number;
  first: { ts: string; energyWh: number } | null;
  last: { ts: string; energyWh: number } | null;
}

/**
 * N meters whose loads all come from one series, each shifted in time, scaled and blurred by its own seeded draw.
 * Registers are whole Wh; what is less than 1 Wh is carried in whole tenths of a watt-second, so that a register is
 * the exact sum of its powers. Kept as arrays of numbers, not objects, for the generator feeds ingest benchmarks.
 */
export class Fleet {
  readonly size: number;
  readonly feeders: readonly string[];
  readonly #devices: string[] = [];
  readonly #heads: string[] = [];
  readonly #shiftPoints: Int32Array;
  readonly #scale: Float64Array;
  readonly #factor: Float64Array;
  readonly #registerWh: Float64Array;
  readonly #carryDws: Float64Array;
  readonly #powerDw: Float64Array;
  readonly #voltageDv: Int32Array;
  readonly #seq: Float64Array;
  readonly #first: ({ ts: string; energyWh: number } | null)[] = [];
  readonly #readings: Float64Array;
  /** The register at the last reading. */
  readonly #lastWh: Float64Array;
  readonly #blur: SeededRandom;
  /** Of its own, so that how often a meter reads does not change what it has consumed. */
  readonly #drift: SeededRandom;
  readonly #noise: number;
  #lastTs = "";

  constructor(options: { meters: number; feeders: number; seed: number; noise: number }) {
    const size = options.meters;
    const traits = new SeededRandom(options.seed, 1);
    this.size = size;
    this.feeders = Array.from({ length: options.feeders }, (_, index) => `F${index + 1}`);
    this.#blur = new SeededRandom(options.seed, 2);
    this.#drift = new SeededRandom(options.seed, 4);
    this.#lastWh = new Float64Array(size);
    this.#noise = options.noise;
    this.#shiftPoints = new Int32Array(size);
    this.#scale = new Float64Array(size);
    this.#factor = new Float64Array(size);
    this.#registerWh = new Float64Array(size);
    this.#carryDws = new Float64Array(size);
    this.#powerDw = new Float64Array(size);
    this.#voltageDv = new Int32Array(size).fill(NOMINAL_DV);
    this.#seq = new Float64Array(size);
    this.#readings = new Float64Array(size);
    const digits = Math.max(4, String(size).length);
    for (let meter = 0; meter < size; meter += 1) {
      const device = `M${String(meter + 1).padStart(digits, "0")}`;
      this.#devices.push(device);
      this.#heads.push(`{"device":"${device}","ts":"`);
      this.#first.push(null);
      this.#shiftPoints[meter] = traits.below(MAX_SHIFT_POINTS);
      this.#scale[meter] = 0.5 + traits.next();
      this.#factor[meter] = 0.9 + traits.next() / 10;
      this.#registerWh[meter] = traits.below(FIRST_REGISTER_BELOW_WH);
    }
  }

  device(meter: number): string {
    return this.#devices[meter] as string;
  }

  feederOf(meter: number): string {
    return this.feeders[meter % this.feeders.length] as string;
  }

  /** Draws every meter's power for the next span and adds its energy; `history` holds the series, newest last. */
  advance(history: Float64Array, seconds: number): void {
    const newest = history.length - 1;
    for (let meter = 0; meter < this.size; meter += 1) {
      const base =
        (history[newest - (this.#shiftPoints[meter] as number)] as number) * (this.#scale[meter] as number);
      const blurred = this.#noise === 0 ? base : base * (1 + this.#noise * this.#blur.triangle());
      const powerDw = blurred <= 0 ? 0 : Math.round(blurred);
      const total = (this.#carryDws[meter] as number) + powerDw * seconds;
      const wh = Math.floor(total / DWS_PER_WH);
      this.#powerDw[meter] = powerDw;
      this.#carryDws[meter] = total - wh * DWS_PER_WH;
      this.#registerWh[meter] = (this.#registerWh[meter] as number) + wh;
    }
  }

  /** The meter's reading at `ts` as one NDJSON line. */
  read(meter: number, ts: string): string {
    const drift = this.#drift.below(5) - 2;
    const voltageDv = (this.#voltageDv[meter] as number) + drift;
    if (Math.abs(voltageDv - NOMINAL_DV) <= SWING_DV) this.#voltageDv[meter] = voltageDv;
    this.#first[meter] ??= { ts, energyWh: this.#registerWh[meter] as number };
    this.#readings[meter] = (this.#readings[meter] as number) + 1;
    this.#lastTs = ts;
    this.#lastWh[meter] = this.#registerWh[meter] as number;
    return this.#line(meter, ts, this.#registerWh[meter] as number);
  }

  /** A reading that is wrong by `errorWh`; the next `read` of the same `ts` corrects it. */
  misread(meter: number, ts: string, errorWh: number): string {
    return this.#line(meter, ts, (this.#registerWh[meter] as number) + errorWh);
  }

  #line(meter: number, ts: string, energyWh: number): string {
    const seq = (this.#seq[meter] as number) + 1;
    this.#seq[meter] = seq;
    const powerDw = this.#powerDw[meter] as number;
    const voltageDv = this.#voltageDv[meter] as number;
    // I = P / (U · cos φ), in mA
    const currentMa = Math.round((powerDw * 1_000) / (voltageDv * (this.#factor[meter] as number)));
    return `${this.#heads[meter]}${ts}","seq":${seq},"energy_wh":${energyWh},"active_power_w":${powerDw / 10},"voltage_v":${voltageDv / 10},"current_a":${currentMa / 1_000}}`;
  }

  /** What the platform must hold of each meter once everything has arrived. */
  expectations(): MeterExpectation[] {
    return this.#devices.map((device, meter) => ({
      device,
      feeder: this.feederOf(meter),
      readings: this.#readings[meter] as number,
      first: this.#first[meter] ?? null,
      last: this.#first[meter] == null ? null : { ts: this.#lastTs, energyWh: this.#lastWh[meter] as number },
    }));
  }
}
