// The models against an oracle in plain TypeScript, over random grids and readings.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate, type Lines, type Rows } from "./evaluate.fixture.ts";
import { type Figures, type Grid, Oracle } from "./oracle.fixture.ts";

/** The whole proof: GRIDLAKE_CASES=1000 npx vitest run packages/pipeline/proof/indicators */
const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 6);
const SEED = Number(process.env["GRIDLAKE_SEED"] ?? 20_240_101);
/** Saturday evening; in Berlin the clocks are put forward in the night. */
const T0 = Date.parse("2026-03-28T20:00:00Z");
const MINUTE_MS = 60_000;
const HOURS = 34;

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const devices = fc.array(
  fc.record({
    feeder: fc.constantFrom("F0", "F1"),
    kind: fc.constantFrom(
      "customer" as const,
      "customer" as const,
      "feeder_head" as const,
      "transformer" as const,
    ),
    transformer: maybe(fc.constantFrom("T0", "T1")),
    customer: maybe(fc.constantFrom("C0", "C1", "C2")),
    ratedV: maybe(fc.constantFrom(220, 380, 10_000, 35_000)),
  }),
  { minLength: 3, maxLength: 7 },
);

const readings = fc.uniqueArray(
  fc.record({
    device: fc.integer({ min: 0, max: 6 }).map((n) => `M${n}`),
    // many in a few hours, so that quarters stand side by side
    ms: fc.oneof(
      fc.integer({ min: 150, max: 330 }).map((minute) => T0 + minute * MINUTE_MS),
      fc.integer({ min: 0, max: HOURS * 60 }).map((minute) => T0 + minute * MINUTE_MS),
    ),
    energyWh: fc.integer({ min: 0, max: 20_000 }),
    exportedWh: maybe(fc.integer({ min: 0, max: 500 })),
    reactiveVarh: maybe(fc.integer({ min: 0, max: 9_000 })),
    reactiveExportedVarh: maybe(fc.integer({ min: 0, max: 500 })),
    powerMw: maybe(fc.integer({ min: -900_000, max: 9_000_000 })),
    reactiveMvar: maybe(fc.integer({ min: -5_000_000, max: 5_000_000 })),
    voltageMv: maybe(
      fc.oneof(
        fc.integer({ min: 190_000, max: 250_000 }),
        fc.constantFrom(198_000, 235_400, 242_000, 353_400, 9_300_000, 10_700_001, 36_750_000),
      ),
    ),
  }),
  { selector: ({ device, ms }) => `${device} ${ms}`, minLength: 20, maxLength: 160 },
);

const steps = fc.uniqueArray(
  fc.record({
    tariff: fc.constantFrom("P0", "P1"),
    fromMs: fc.constantFrom(T0 - 86_400_000, T0 + 2 * 3_600_000, T0 + 20 * 3_600_000),
    toMs: maybe(fc.constantFrom(T0 + 5 * 3_600_000, T0 + 40 * 3_600_000)),
    dayType: fc.constantFrom("workday" as const, "weekend" as const),
    minute: fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
    period: fc.constantFrom("sharp", "peak", "flat", "valley"),
    price: fc.integer({ min: 1, max: 2_000_000 }),
  }),
  { selector: (step) => `${step.tariff} ${step.fromMs} ${step.dayType} ${step.minute}`, maxLength: 40 },
);

const grid: fc.Arbitrary<Grid> = fc
  .record({
    timeZone: fc.constantFrom("Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu"),
    devices: devices.map((list) => list.map((one, n) => ({ device: `M${n}`, ...one }))),
    readings,
    customers: fc.constant(
      new Map([
        ["C0", "P0"],
        ["C1", "P1"],
      ]),
    ),
    steps,
    capacityVa: fc.constant(
      new Map([
        ["T0", 5_000],
        ["T1", 9_000],
      ]),
    ),
  })
  // readings of devices that are not registered are in the quarantine
  .map((one) => ({
    ...one,
    readings: one.readings.filter(({ device }) => one.devices.some((known) => known.device === device)),
  }));

const iso = (ms: number): string => new Date(ms).toISOString();
const thousandth = (value: number | undefined): number | undefined =>
  value === undefined ? value : value / 1000;

function linesOf({ devices: registered, readings: read, customers, steps: of, capacityVa }: Grid): Lines {
  return {
    devices: registered.map(({ ratedV, ...device }) => ({ ...device, rated_voltage_v: ratedV })),
    customers: [...customers].map(([customer, tariff]) => ({ customer, tariff })),
    transformers: [...capacityVa].map(([transformer, rated_capacity_va]) => ({
      transformer,
      feeder: "F0",
      rated_capacity_va,
    })),
    tariffs: of.map(({ tariff, fromMs, toMs, dayType, minute, period, price }) => ({
      tariff,
      valid_from: iso(fromMs),
      valid_to: toMs === undefined ? undefined : iso(toMs),
      day_type: dayType,
      from_minute: minute,
      period,
      price_per_kwh: price / 1e6,
    })),
    readings: read.map((reading) => ({
      device: reading.device,
      ts: iso(reading.ms),
      seq: 0,
      energy_wh: reading.energyWh,
      energy_exported_wh: reading.exportedWh,
      reactive_energy_varh: reading.reactiveVarh,
      reactive_energy_exported_varh: reading.reactiveExportedVarh,
      active_power_w: thousandth(reading.powerMw),
      reactive_power_var: thousandth(reading.reactiveMvar),
      voltage_v: thousandth(reading.voltageMv),
    })),
  };
}

const DAY = "strftime(window_start, '%Y-%m-%d')";
const INTEGER = (sql: string): string => `CAST(${sql} AS BIGINT)`;
/** Figures as doubles and whole numbers; each row's key first. */
const QUERIES = {
  cost: `SELECT concat_ws(' ', customer, ${DAY}, period) AS key, energy_wh AS energy,
    ${INTEGER("coalesce(cost, 0) * 1000000000")} AS cost FROM ads_energy_cost_customer_day`,
  loss: `SELECT concat_ws(' ', area_kind, area, ${DAY}) AS key, energy_in_wh AS "in", loss_wh AS loss, values_read AS read,
    values_expected AS expected, complete_quarters AS complete, complete_in_wh AS completeIn,
    complete_loss_wh AS completeLoss, loss_rate AS rate, complete_loss_rate AS completeRate FROM ads_line_loss_day`,
  voltage: `SELECT concat_ws(' ', device, ${DAY}) AS key, samples, low, high, means, means_within AS within,
    deviation_sum AS deviation, qualification_rate AS rate FROM ads_voltage_device_day`,
  powerFactor: `SELECT concat_ws(' ', device, ${DAY}) AS key, energy_wh AS active, reactive_energy_varh AS reactive,
    power_factor AS factor FROM ads_power_factor_device_day`,
  load: `SELECT concat_ws(' ', feeder, ${DAY}) AS key, ${INTEGER("max_power_w * 1000")} AS max,
    ${INTEGER("min_power_w * 1000")} AS min, ${INTEGER("mean_power_w * 1000")} AS mean, load_factor AS factor, quarters
    FROM ads_load_feeder_day`,
  overload: `SELECT concat_ws(' ', transformer, ${DAY}) AS key, quarters, heavy_minutes AS heavyMinutes,
    heavy_events AS heavyEvents, overload_minutes AS overloadMinutes, overload_events AS overloadEvents,
    max_load_rate AS max FROM ads_transformer_overload_day`,
} as const;

function figuresOf(rows: Rows): Record<string, Record<string, number | null>> {
  return Object.fromEntries(
    rows.map(({ key, ...values }) => [
      String(key),
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value === null ? null : Number(value)]),
      ),
    ]),
  );
}

test("every indicator is what the oracle makes of the same readings", { timeout: 1_800_000 }, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(grid, async (one) => {
      const rows = await evaluate(linesOf(one), { timeZone: one.timeZone, queries: QUERIES });
      const oracle = new Oracle(one);
      for (const name of Object.keys(QUERIES) as (keyof typeof QUERIES)[]) {
        const expected: Figures = oracle[name]();
        if (expected.size > 0) seen.add(name);
        expect([name, figuresOf(rows[name])]).toEqual([name, Object.fromEntries(expected)]);
      }
    }),
    { numRuns: CASES, seed: SEED },
  );
  // an oracle that is never asked would prove nothing
  expect([...seen].toSorted()).toEqual(Object.keys(QUERIES).toSorted());
});
