// Validation, estimation and editing: docs/reference/vee.md.

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Grid, type Row } from "./grid.fixture.ts";

let grid: Grid;
beforeAll(async () => {
  grid = await Grid.open();
});
afterAll(() => grid.close());

const QUARTER_MS = 900_000;
const WEEK = 672;
const T0 = Date.parse("2024-05-06T00:00:00Z");
const at = (quarter: number): string => `${new Date(T0 + quarter * QUARTER_MS).toISOString().slice(0, 19)}Z`;

/** Registers by the quarter of an hour in which they were read. */
const registers = (series: ReadonlyMap<number, number>, device = "M"): Row[] =>
  [...series].map(([quarter, wh]) => ({
    device,
    window_start: at(quarter),
    register_start_wh: wh,
    register_end_wh: wh,
    readings: 1,
    power_readings: 0,
  }));
const vee = (series: ReadonlyMap<number, number>): Promise<Row[]> =>
  grid.rows("dws_vee_interval", { dws_register_15min: registers(series) });
const short = (row: Row): unknown[] => [
  row["window_start"],
  row["status"],
  row["method"],
  row["raw_wh"],
  row["vee_wh"],
];

test("a short gap is filled in even parts whose remainder is spread, to the Wh", async () => {
  const rows = await vee(
    new Map([
      [0, 1_000],
      [1, 1_100],
      [5, 1_111],
      [6, 1_120],
    ]),
  );
  expect(rows.map(short)).toEqual([
    [at(0), "validated", "register", 0, 0],
    [at(1), "validated", "register", 100, 100],
    [at(2), "estimated", "linear", null, 2],
    [at(3), "estimated", "linear", null, 3],
    [at(4), "estimated", "linear", null, 3],
    [at(5), "estimated", "linear", 11, 3],
    [at(6), "validated", "register", 9, 9],
  ]);
});

test("a long gap is filled by the profile of the week before, a quarter each as much of the whole as then", async () => {
  const series = new Map<number, number>();
  // a week before: nothing but in the second half, where each quarter uses 10 Wh
  for (let quarter = 0; quarter <= 20; quarter += 1) series.set(quarter, Math.max(0, quarter - 10) * 10);
  series.set(WEEK, 5_000).set(WEEK + 20, 5_055);
  const rows = await vee(series);
  const filled = rows.filter((row) => row["method"] === "profile").map((row) => row["vee_wh"]);
  expect(filled).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6]);
});

test("a register that went back is rejected, and a gap of more than seven days is not estimated", async () => {
  const rows = await vee(
    new Map([
      [0, 500],
      [1, 20],
      [4, 10],
      [5 + 1_000, 90],
    ]),
  );
  expect(rows.map(short)).toEqual([
    [at(0), "validated", "register", 0, 0],
    [at(1), "rejected", "none", -480, null],
    [at(4), "rejected", "none", -10, null],
    [at(1_005), "not_estimated", "none", 80, null],
  ]);
});

/** What the documentation says, read once more. */
function expected(series: ReadonlyMap<number, number>): Map<number, { method: string; wh: number | null }> {
  const quarters = [...series.keys()].sort((a, b) => a - b);
  const result = new Map<number, { method: string; wh: number | null }>();
  quarters.forEach((end, index) => {
    const before = quarters[index - 1];
    const used = before === undefined ? 0 : (series.get(end) ?? 0) - (series.get(before) ?? 0);
    const steps = before === undefined ? 1 : end - before;
    if (used < 0 || steps > 673) return result.set(end, { method: "none", wh: null });
    if (before === undefined || steps === 1) return result.set(end, { method: "register", wh: used });
    const week =
      steps <= 9 ? undefined : [1, 2, 3, 4].find((weeks) => isProfile(series, before - weeks * WEEK, steps));
    const upTo = (step: number): number => {
      if (step === steps) return used;
      if (week === undefined) return Math.floor((used * step) / steps);
      const first = series.get(before - week * WEEK) ?? 0;
      const whole = (series.get(end - week * WEEK) ?? 0) - first;
      return Math.floor((used * ((series.get(before + step - week * WEEK) ?? 0) - first)) / whole);
    };
    for (let step = 1; step <= steps; step += 1)
      result.set(before + step, {
        method: week === undefined ? "linear" : "profile",
        wh: upTo(step) - upTo(step - 1),
      });
    return result;
  });
  return result;
}

function isProfile(series: ReadonlyMap<number, number>, first: number, steps: number): boolean {
  const values = Array.from({ length: steps + 1 }, (_, step) => series.get(first + step));
  const known = values.filter((value) => value !== undefined);
  const [low, high] = [known[0] ?? 0, known.at(-1) ?? 0];
  return known.length === steps + 1 && high > low && known.every((value) => value >= low && value <= high);
}

const sum = (name: string, of: readonly Row[]): number =>
  of.reduce((total, row) => total + Number(row[name] ?? 0), 0);

/** One register and the powers read beside it. */
const readIn = (quarter: number, wh: number, power: number, readings: number): Row => ({
  ...registers(new Map([[quarter, wh]]))[0],
  power_sum_w: power,
  power_readings: readings,
});

const meter = fc.record({
  uses: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 60, maxLength: 60 }),
  gaps: fc.array(fc.tuple(fc.integer({ min: 1, max: 95 }), fc.integer({ min: 1, max: 30 })), {
    maxLength: 5,
  }),
  jump: fc.constantFrom(0, 0, 700),
  reset: fc.option(fc.integer({ min: 5, max: 90 })),
});

test("any series of registers comes to what the documentation says, and keeps its sum", async () => {
  const property = fc.asyncProperty(meter, async ({ uses, gaps, jump, reset }) => {
    // two stretches of 50 quarters a week apart, so that the second may take the first for its profile
    const series = new Map<number, number>();
    let register = 10_000;
    for (let step = 0; step < 100; step += 1) {
      if (gaps.some(([from, length]) => step >= from && step < from + length)) continue;
      register += uses[step % 60] ?? 0;
      if (reset === step) register = 0;
      series.set(step < 50 ? step : step - 50 + WEEK + jump, register);
    }
    const wanted = expected(series);
    const rows = await vee(series);
    const found = new Map(
      rows.map((row) => [(Date.parse(String(row["window_start"])) - T0) / QUARTER_MS, row]),
    );
    expect(found.size).toBe(rows.length);
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([...wanted.keys()].sort((a, b) => a - b));
    for (const [quarter, { method, wh }] of wanted)
      expect([quarter, found.get(quarter)?.["method"], found.get(quarter)?.["vee_wh"]]).toEqual([
        quarter,
        method,
        wh,
      ]);
    const reckoned = rows.filter((row) => row["method"] !== "none");
    expect(sum("vee_wh", reckoned)).toBe(sum("raw_wh", reckoned));
    const quarters = [...series.keys()].sort((a, b) => a - b);
    const difference = (series.get(quarters.at(-1) ?? 0) ?? 0) - (series.get(quarters[0] ?? 0) ?? 0);
    expect(sum("raw_wh", rows)).toBe(difference);
  });
  await fc.assert(property, { numRuns: 25, seed: 20_240_506 });
}, 120_000);

test("rules: missing, negative, stuck, spike, a day of nothing", async () => {
  const found = await grid.rows("dws_vee_finding", {
    dws_register_15min: [
      readIn(0, 1_000, 0, 0),
      readIn(1, 1_000, 149, 3), // 49 W: it may stand still
      readIn(2, 1_000, 150, 3), // 50 W: it may not
      readIn(3, 1_700, 3_000, 3), // 700 Wh is all that 1,000 W let pass
      readIn(4, 2_401, 3_000, 3), // 701 Wh
      readIn(5, 3_401, 300, 2), // two powers say too little
      readIn(8, 3_500, 0, 0),
      readIn(9, 3_400, 0, 0),
      ...Array.from({ length: 192 }, (_, quarter) => readIn(96 + quarter, 3_400, 0, 0)),
    ],
  });
  const rules = found.map((one) => [one["window_start"], one["rule"], one["value"], one["limit_value"]]);
  expect(rules).toEqual([
    [at(2), "stuck", 50, 50],
    [at(4), "spike", 701, 700],
    [at(8), "missing", 2, 0],
    [at(9), "negative", -100, 0],
    // the gap up to the second day ends in its first quarter
    [at(96), "missing", 86, 0],
    [at(192), "zero_run", 96, 90],
  ]);
});

test("a day's quality by feeder: what was read, of the quarters that the day has", async () => {
  const clocks = await Grid.open("Europe/Berlin");
  // 2024-03-31 has 23 hours there; a device with every second quarter read
  const first = Date.parse("2024-03-30T23:00:00Z");
  const series = Array.from({ length: 46 }, (_, step) => ({
    ...registers(new Map([[0, step * 10]]))[0],
    window_start: new Date(first + 2 * step * QUARTER_MS).toISOString(),
  }));
  const [day] = await clocks.rows("ads_vee_feeder_day", {
    dws_register_15min: series,
    dim_device: [{ device: "M", feeder: "F", kind: "customer" }],
  });
  clocks.close();
  expect(day).toMatchObject({
    devices: 1,
    expected: 92,
    collected: 46,
    completeness: "0.500000",
    rejected: 0,
  });
  // each quarter that ends a gap of one is shared out as well; the last quarter of the day is not known yet
  expect(day?.["estimated"]).toBe(90);
});
