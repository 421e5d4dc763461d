// L1: once the inputs are drained, every table equals its SQL evaluated in one batch over all inputs received,
// whatever the order, the duplication or the batching of the inputs, and across restarts.

import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { PipelineFixture, shippedModels } from "./pipeline.fixture.ts";

/** Cases of the property; the long proof sets more. */
const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 5);
const SEED = process.env["GRIDLAKE_SEED"];
const T0 = Date.parse("2026-03-28T22:40:00Z");

const device = fc.integer({ min: 0, max: 4 }).map((n) => `M${n}`);
const reading = fc
  .record({
    device,
    minute: fc.integer({ min: 0, max: 180 }),
    second: fc.constantFrom(0, 0, 0, 30),
    seq: fc.integer({ min: 0, max: 3 }),
    energy_wh: fc.integer({ min: 0, max: 5_000 }),
    power: fc.option(fc.integer({ min: -50_000, max: 9_000_000 })),
    rest: fc.record(
      {
        voltage_v: fc.constantFrom(195.3, 207, 230.1, 246.1, 9_300, 10_700.5),
        reactive_power_var: fc.integer({ min: -2_000, max: 4_000 }),
        energy_exported_wh: fc.integer({ min: 0, max: 900 }),
        reactive_energy_varh: fc.integer({ min: 0, max: 3_000 }),
        reactive_energy_exported_varh: fc.integer({ min: 0, max: 500 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ minute, second, power, rest, ...read }) => ({
    ...read,
    ...rest,
    ts: new Date(T0 + minute * 60_000 + second * 1000).toISOString(),
    ...(power === null ? {} : { active_power_w: power / 1000 }),
  }));
const QUARTER_MS = 900_000;
/** A device read in each of twelve quarters of an hour, and a week later in some of them: gaps with a profile. */
const twoWeeks = fc
  .record({
    device,
    seq: fc.integer({ min: 0, max: 3 }),
    uses: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 24, maxLength: 24 }),
    read: fc.subarray([...Array(12).keys()], { minLength: 1, maxLength: 4 }),
  })
  .map(({ device: name, seq, uses, read }) => {
    const steps = [...Array(12).keys(), ...read.map((step) => step + 672)];
    let energy_wh = 1_000;
    return steps.map((step, at) => {
      energy_wh += uses[at % uses.length] ?? 0;
      return { device: name, seq, energy_wh, ts: new Date(T0 + 1_200_000 + step * QUARTER_MS).toISOString() };
    });
  });
const outageLine = fc
  .record({
    outage: fc.constantFrom("O1", "O2", "O3", "O4"),
    scope: fc.constantFrom("feeder", "device", "transformer"),
    element: fc.constantFrom("F0", "F1", "M0", "M1", "T0"),
    day: fc.integer({ min: -1_500, max: 0 }),
    minutes: fc.option(fc.integer({ min: -5, max: 3_000 })),
    customers_interrupted: fc.constantFrom(undefined, 0, 1, 5),
    planned: fc.constantFrom(undefined, false, true),
    deleted: fc.constantFrom(undefined, undefined, true),
  })
  .map(({ day, minutes, ...rest }) => {
    const start = T0 + day * 86_400_000;
    const ended_at = minutes === null ? undefined : new Date(start + minutes * 60_000).toISOString();
    return { ...rest, started_at: new Date(start).toISOString(), ended_at };
  });
const spoilt = fc.constantFrom(
  "{",
  '{"device":"M1"}',
  '{"device":1,"ts":"x","seq":"1","energy_wh":1.5}',
  "[]",
  "nonsense",
);
const deleted = fc.constantFrom(undefined, undefined, true);
const feeder = fc.constantFrom("F0", "F1", "F2");
const region = fc.constantFrom("R0", "R1", "R2", "R3", "R4");
const transformer = fc.constantFrom("T0", "T1");
const customer = fc.constantFrom("C0", "C1");
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });
/** The hours that the readings lie in, and those around them. */
const instant = fc.integer({ min: -4, max: 8 }).map((n) => new Date(T0 + n * 30 * 60_000).toISOString());

/** An entry of each register, and a decision on a line that may be in quarantine, or come there later. */
const REGISTRATIONS = {
  quarantine_resolutions: fc.record({
    of_topic: fc.constantFrom("readings", "devices"),
    of_offset: fc.integer({ min: 0, max: 6 }),
    of_line: fc.integer({ min: 1, max: 5 }),
    action: fc.constantFrom("replayed", "discarded"),
    resolved_by: maybe(fc.constant("ann")),
  }),
  devices: fc.record({
    device,
    feeder,
    kind: maybe(fc.constantFrom("customer", "customer", "feeder_head", "transformer")),
    transformer: maybe(transformer),
    customer: maybe(customer),
    rated_voltage_v: maybe(fc.constantFrom(220, 230.5, 380, 10_000, 35_000, 0)),
    deleted,
  }),
  feeders: fc.record({ feeder, region: maybe(region), deleted }),
  // any region may be part of any other: rings too
  regions: fc.record({ region, parent: maybe(region), deleted }),
  stations: fc.record({ station: fc.constantFrom("S0", "S1"), region: maybe(region), deleted }),
  transformers: fc.record({
    transformer,
    feeder,
    rated_capacity_va: maybe(fc.constantFrom(50, 4_000, 8_000)),
    deleted,
  }),
  customers: fc.record({ customer, tariff: maybe(fc.constantFrom("P0", "P1", "P2")), deleted }),
  tariffs: fc.record({
    tariff: fc.constantFrom("P0", "P1"),
    valid_from: instant,
    valid_to: fc.option(instant, { nil: undefined, freq: 2 }),
    day_type: fc.constantFrom("workday", "weekend"),
    // the readings begin at 22:40 of a Saturday
    from_minute: fc.constantFrom(0, 15, 60, 1_365, 1_380, 1_425),
    period: fc.constantFrom("sharp", "peak", "flat", "valley"),
    price_per_kwh: fc.integer({ min: 0, max: 2_000_000 }).map((price) => price / 1e6),
    deleted,
  }),
  voltage_limits: fc.record({
    nominal_voltage_v: fc.constantFrom(220, 230, 10_000),
    lower_percent: fc.constantFrom(10, 5.5, 0),
    upper_percent: fc.constantFrom(7, 10),
    deleted,
  }),
  outages: fc.record({
    outage: fc.constantFrom("O0", "O1", "O2"),
    scope: fc.constantFrom("feeder", "transformer", "device"),
    element: fc.constantFrom("F0", "T0", "M0", "M1"),
    started_at: instant,
    ended_at: maybe(instant),
    customers_interrupted: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    planned: fc.option(fc.boolean(), { nil: undefined }),
    deleted,
  }),
} satisfies Record<string, fc.Arbitrary<object>>;

const registrationOf = (topic: keyof typeof REGISTRATIONS) =>
  fc.record({
    kind: fc.constant(topic),
    lines: fc.array(REGISTRATIONS[topic] as fc.Arbitrary<object>, { minLength: 1, maxLength: 6 }),
  });

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("readings" as const),
      lines: fc.array(fc.oneof({ weight: 12, arbitrary: reading }, { weight: 1, arbitrary: spoilt }), {
        minLength: 1,
        maxLength: 25,
      }),
    }),
  },
  { weight: 4, arbitrary: registrationOf("devices") },
  { weight: 2, arbitrary: registrationOf("feeders") },
  { weight: 2, arbitrary: registrationOf("regions") },
  { weight: 1, arbitrary: registrationOf("stations") },
  { weight: 2, arbitrary: registrationOf("transformers") },
  { weight: 2, arbitrary: registrationOf("customers") },
  { weight: 3, arbitrary: registrationOf("tariffs") },
  { weight: 1, arbitrary: registrationOf("voltage_limits") },
  { weight: 1, arbitrary: registrationOf("outages") },
  { weight: 2, arbitrary: registrationOf("quarantine_resolutions") },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("readings" as const), lines: twoWeeks }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("outages" as const),
      lines: fc.array(outageLine, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "checkpoint" as const, lines: [] }) },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const, lines: [] }) },
);

/** A grid to begin with, so that short histories reach the indicators too. */
const GRID: readonly [string, readonly object[]][] = [
  ["regions", [{ region: "R0" }, { region: "R1", parent: "R0" }, { region: "R2", parent: "R1" }]],
  [
    "feeders",
    [
      { feeder: "F0", region: "R2" },
      { feeder: "F1", region: "R1" },
    ],
  ],
  ["transformers", [{ transformer: "T0", feeder: "F0", rated_capacity_va: 4_000 }]],
  ["customers", [{ customer: "C0", tariff: "P0" }]],
  [
    "tariffs",
    [
      { from_minute: 0, period: "valley", price_per_kwh: 0.25 },
      { from_minute: 1_380, period: "peak", price_per_kwh: 1.125 },
    ].flatMap((one) =>
      ["workday", "weekend"].map((day_type) => ({
        tariff: "P0",
        valid_from: "2026-01-01T00:00:00Z",
        day_type,
        ...one,
      })),
    ),
  ],
  [
    "devices",
    [
      { device: "M0", feeder: "F0", kind: "feeder_head", rated_voltage_v: 10_000 },
      { device: "M1", feeder: "F0", kind: "transformer", transformer: "T0", rated_voltage_v: 380 },
      { device: "M2", feeder: "F0", transformer: "T0", customer: "C0", rated_voltage_v: 220 },
      { device: "M3", feeder: "F1", customer: "C0", rated_voltage_v: 220 },
    ],
  ],
];

describe("L1: incremental equals batch", () => {
  let fixture: PipelineFixture | null = null;
  afterEach(async () => fixture?.remove());

  test("for the shipped models, over random inputs", { timeout: 1_800_000 }, async () => {
    const models = await shippedModels();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.boolean(),
        async (steps, registered) => {
          fixture = new PipelineFixture(models);
          await fixture.open();
          try {
            if (registered) for (const [topic, lines] of GRID) await fixture.send(topic, lines);
            for (const { kind, lines } of steps) {
              if (kind === "checkpoint") await fixture.checkpoint();
              else if (kind === "restart") {
                await fixture.stop();
                await fixture.open();
              } else await fixture.send(kind, lines);
            }
            await fixture.stop();
            const { tables, differences } = await fixture.verify();
            expect(tables.filter((table) => table.differences > 0)).toEqual([]);
            expect(differences).toBe(0);
          } finally {
            await fixture.remove();
          }
        },
      ),
      { numRuns: CASES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
  });
});
