import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LATE_MS } from "./arrivals.ts";
import { DWS_PER_WH } from "./fleet.ts";
import { Generator } from "./generator.ts";
import { planRun, type SimulateOptions } from "./options.ts";

interface Reading {
  device: string;
  ts: string;
  seq: number;
  energy_wh: number;
  active_power_w: number;
  voltage_v: number;
  current_a: number;
}

const START_MS = Date.UTC(2013, 9, 1);
const LONGEST_DOUBLE_MS = 10 * 60_000;

/** Runs a series of one-minute points through a generator; each line with the tick at which it went out. */
function run(options: Omit<SimulateOptions, "series">, powersDw: readonly number[], stepMs = 60_000) {
  const generator = new Generator(planRun({ ...options, series: "" }));
  const sent: { reading: Reading; line: string; sentAtMs: number }[] = [];
  let sentAtMs = START_MS;
  for (const [index, powerDw] of powersDw.entries()) {
    const tick = generator.next({ timeMs: START_MS + index * stepMs, powerDw });
    if (tick === "done") break;
    if (tick === null) continue;
    sentAtMs = tick.timeMs;
    for (const line of tick.lines) sent.push({ reading: JSON.parse(line) as Reading, line, sentAtMs });
  }
  for (const line of generator.emission.rest()) {
    sent.push({ reading: JSON.parse(line) as Reading, line, sentAtMs: Number.NaN });
  }
  return { generator, sent };
}

/** L4: of the readings of one device and instant, the highest seq holds. */
function held(readings: readonly Reading[]): Map<string, Reading> {
  const map = new Map<string, Reading>();
  for (const reading of readings) {
    const key = `${reading.device} ${reading.ts}`;
    if ((map.get(key)?.seq ?? -1) < reading.seq) map.set(key, reading);
  }
  return map;
}

const DAY = Array.from({ length: 300 }, (_, minute) => 1_500 + ((minute * 37) % 4_000));

const linesOf = (seed: number) =>
  run({ meters: 4, late: 0.1, duplicates: 0.1, seed }, DAY).sent.map(({ line }) => line);

describe("what a run sends", () => {
  test("ends in the registers that its report expects, whatever is late, doubled or corrected", () => {
    const options = fc.record({
      meters: fc.integer({ min: 1, max: 8 }),
      noise: fc.constantFrom(0, 0.3),
      late: fc.constantFrom(0, 0.02, 0.5, 1),
      duplicates: fc.constantFrom(0, 0.01, 0.6, 1),
      seed: fc.nat(1_000_000),
      intervalSeconds: fc.constantFrom(60, 900),
    });
    fc.assert(
      fc.property(options, fc.array(fc.nat(60_000), { minLength: 1, maxLength: 200 }), (given, powers) => {
        const { generator, sent } = run({ ...given, feeders: 1 }, powers);
        const truth = held(sent.map(({ reading }) => reading));
        const counts = generator.emission.counts;
        expect(truth.size).toBe(counts.readings);
        expect(sent.length).toBe(counts.readings + counts.repeated + counts.corrected);
        for (const { device, readings, first, last } of generator.fleet.expectations()) {
          const own = [...truth.values()].filter((reading) => reading.device === device);
          own.sort((a, b) => a.ts.localeCompare(b.ts));
          expect(own.length).toBe(readings);
          expect(first).toEqual({ ts: own[0]?.ts, energyWh: own[0]?.energy_wh });
          expect(last).toEqual({ ts: own.at(-1)?.ts, energyWh: own.at(-1)?.energy_wh });
        }
      }),
    );
  });

  test("registers are the exact sums of the powers: less than 1 Wh is carried, never lost", () => {
    const { sent } = run({ meters: 3, noise: 0.2 }, DAY);
    for (const device of ["M0001", "M0002", "M0003"]) {
      const own = sent.map(({ reading }) => reading).filter((reading) => reading.device === device);
      let sumDws = 0;
      for (const [index, reading] of own.entries()) {
        if (index > 0) sumDws += Math.round(reading.active_power_w * 10) * 60;
        expect(reading.energy_wh - (own[0] as Reading).energy_wh).toBe(Math.floor(sumDws / DWS_PER_WH));
      }
    }
  });

  test("power is voltage times current times a power factor from 0.9 to 1", () => {
    for (const { reading } of run({ meters: 5 }, DAY).sent) {
      const apparent = reading.voltage_v * reading.current_a;
      expect(reading.active_power_w).toBeGreaterThan(0.88 * apparent);
      expect(reading.active_power_w).toBeLessThan(1.01 * apparent);
      expect(Math.abs(reading.voltage_v - 230)).toBeLessThanOrEqual(8);
    }
  });

  test("the same seed sends the same lines in the same order, another seed does not", () => {
    expect(linesOf(7)).toEqual(linesOf(7));
    expect(linesOf(7)).not.toEqual(linesOf(8));
  });

  test("late and doubled are as many as asked for, and never later than their bounds", () => {
    const { generator, sent } = run({ meters: 100, late: 0.02, duplicates: 0.01 }, DAY);
    const { readings, late, repeated, corrected } = generator.emission.counts;
    expect(readings).toBe(30_000);
    expect(Math.abs(late / readings - 0.02)).toBeLessThan(0.005);
    expect(Math.abs((repeated + corrected) / readings - 0.01)).toBeLessThan(0.004);
    expect(Math.min(repeated, corrected)).toBeGreaterThan(80);
    const delays = sent.map(({ reading, sentAtMs }) => sentAtMs - Date.parse(reading.ts));
    const delayed = delays.filter((delay) => delay > 0);
    expect(Math.max(...delayed)).toBeLessThanOrEqual(MAX_LATE_MS);
    expect(delayed.filter((delay) => delay > LONGEST_DOUBLE_MS).length).toBeGreaterThan(300);
    // shuffled: the meters of a tick do not come in their order
    expect(sent.slice(0, 50).map(({ reading }) => reading.device)).not.toEqual(
      sent
        .slice(0, 50)
        .map(({ reading }) => reading.device)
        .toSorted(),
    );
  });

  test("an identical double is the same bytes; a correction is the same instant under the next seq", () => {
    const { generator, sent } = run({ meters: 2, duplicates: 1 }, DAY);
    const byKey = Map.groupBy(sent, ({ reading }) => `${reading.device} ${reading.ts}`);
    let same = 0;
    for (const [first, second] of byKey.values()) {
      if (first?.line === second?.line) same += 1;
      else {
        expect((second?.reading.seq ?? 0) - (first?.reading.seq ?? 0)).toBe(1);
        expect(first?.reading.energy_wh).toBeGreaterThan(second?.reading.energy_wh ?? 0);
      }
    }
    expect(same).toBe(generator.emission.counts.repeated);
  });

  test("days end the series, startAt moves it, an interval thins the readings and not the energy", () => {
    const { sent } = run({ meters: 1, days: 1 / 24, startAt: "2024-06-01T00:00:00+02:00" }, DAY);
    expect(sent.length).toBe(60);
    expect(sent[0]?.reading.ts).toBe("2024-05-31T22:00:00Z");
    const every = run({ meters: 1 }, DAY).sent;
    const thin = run({ meters: 1, intervalSeconds: 900 }, DAY).sent;
    expect(thin.map(({ reading }) => reading.energy_wh)).toEqual(
      every.filter((_, index) => index % 15 === 0).map(({ reading }) => reading.energy_wh),
    );
  });
});

test.each([
  ["meters", { meters: 0 }],
  ["meters", { meters: 1.5 }],
  ["feeders", { meters: 2, feeders: 3 }],
  ["late", { late: 2 }],
  ["noise", { noise: Number.NaN }],
  ["days", { days: 1, until: "2013-10-02" }],
  ["from", { from: "soon" }],
  ["batch", { batch: 0 }],
])("a wrong %s is named: %j", (option, options) => {
  expect(() => planRun({ series: "x", ...options })).toThrow(
    expect.objectContaining({
      code: "SIMULATE_OPTION_INVALID",
      details: expect.objectContaining({ option }),
    }),
  );
});
