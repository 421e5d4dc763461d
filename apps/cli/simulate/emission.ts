import { MINUTE_MS } from "@gridlake/kernel";
import { Arrivals } from "./arrivals.ts";
import type { Fleet } from "./fleet.ts";
import { SeededRandom } from "./random.ts";

/** A doubled reading follows within this much series time. */
const MAX_DOUBLE_MS = 10 * MINUTE_MS;
/** How wrong a reading may be that is corrected afterwards. */
const MAX_MISREAD_WH = 50;

/** What the lines of a run did on their way. */
export interface EmissionCounts {
  readings: number;
  late: number;
  repeated: number;
  corrected: number;
}

/**
 * From readings to lines in the order in which they are sent: some wait, some come twice, and with either the rest
 * is shuffled a little. Of a corrected reading the first line is wrong, and the one with the higher `seq` holds (L4).
 */
export class Emission {
  readonly #fleet: Fleet;
  readonly #duplicates: number;
  readonly #random: SeededRandom;
  readonly #arrivals: Arrivals;
  readonly #shuffled: boolean;
  readonly #counts = { readings: 0, repeated: 0, corrected: 0 };

  constructor(fleet: Fleet, options: { late: number; duplicates: number; seed: number }) {
    this.#fleet = fleet;
    this.#duplicates = options.duplicates;
    this.#random = new SeededRandom(options.seed, 3);
    this.#arrivals = new Arrivals({ late: options.late, random: this.#random });
    this.#shuffled = options.late > 0 || options.duplicates > 0;
  }

  get counts(): EmissionCounts {
    return { ...this.#counts, late: this.#arrivals.lateCount };
  }

  /** All meters read at `ts`; @returns the lines that go out now. */
  readAll(ts: string, nowMs: number): string[] {
    const out = this.#arrivals.take(nowMs);
    for (let meter = 0; meter < this.#fleet.size; meter += 1) this.#read(meter, { ts, nowMs, out });
    this.#counts.readings += this.#fleet.size;
    if (this.#shuffled) this.#random.shuffle(out);
    return out;
  }

  /** What is still held back. */
  rest(): string[] {
    return this.#arrivals.take(Number.POSITIVE_INFINITY);
  }

  #read(meter: number, { ts, nowMs, out }: { ts: string; nowMs: number; out: string[] }): void {
    const doubled = this.#duplicates > 0 && this.#random.next() < this.#duplicates;
    if (!doubled) {
      const line = this.#fleet.read(meter, ts);
      if (this.#arrivals.pass(line, nowMs)) out.push(line);
      return;
    }
    const double = { nowMs, maxMs: MAX_DOUBLE_MS };
    if (this.#random.next() < 0.5) {
      const line = this.#fleet.read(meter, ts);
      if (this.#arrivals.pass(line, nowMs)) out.push(line);
      this.#arrivals.hold(line, double);
      this.#counts.repeated += 1;
      return;
    }
    const wrong = this.#fleet.misread(meter, ts, 1 + this.#random.below(MAX_MISREAD_WH));
    if (this.#arrivals.pass(wrong, nowMs)) out.push(wrong);
    this.#arrivals.hold(this.#fleet.read(meter, ts), double);
    this.#counts.corrected += 1;
  }
}
