// Interruptions and indices after IEEE Std 1366: docs/reference/reliability.md.

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Grid, type Row } from "./grid.fixture.ts";

let grid: Grid;
beforeAll(async () => {
  grid = await Grid.open();
});
afterAll(() => grid.close());

const served = (customers: number): Row[] => [
  { scope: "feeder", element: "F", customers },
  { scope: "region", element: "N", customers },
];
const inputs = (outages: readonly Row[], customers = 2_000) => ({
  dim_outage: outages.map((outage, at) => ({
    outage: `O${at}`,
    scope: "feeder",
    element: "F",
    planned: false,
    ...outage,
  })),
  dim_feeder: [{ feeder: "F", region: "N" }],
  dim_transformer: [{ transformer: "T", feeder: "F" }],
  dim_device: [{ device: "D", feeder: "F" }],
  dim_customers_served: served(customers),
});
const outage = (day: string, from: string, to: string, customers: number): Row => ({
  started_at: `${day}T${from}Z`,
  ended_at: `${day}T${to}Z`,
  customers_interrupted: customers,
});

/** The sample year of IEEE Std 1366: one circuit of 2,000 customers. */
const SAMPLE: readonly Row[] = [
  outage("1994-03-17", "12:12:20", "12:20:30", 200),
  outage("1994-04-05", "18:23:56", "18:24:26", 400),
  outage("1994-05-05", "00:23:10", "01:34:29", 600),
  outage("1994-06-12", "23:17:00", "23:47:14", 25),
  outage("1994-07-06", "09:30:10", "09:31:10", 2_000),
  outage("1994-08-20", "15:45:39", "20:12:50", 90),
  outage("1994-08-31", "08:20:00", "10:20:00", 700),
  outage("1994-09-03", "17:10:00", "17:20:00", 1_500),
  outage("1994-10-27", "10:15:00", "10:55:00", 100),
];

test("the sample year of IEEE Std 1366 has the indices that the guide gives", async () => {
  const rows = await grid.rows("ads_reliability", inputs(SAMPLE));
  const year = rows.find((row) => row["level"] === "feeder" && row["period"] === "year");
  const rounded = (name: string, digits: number): string => Number(year?.[name]).toFixed(digits);
  // the guide reckons with durations in tenths of a minute and gives two digits
  expect(rounded("saidi_min", 2)).toBe("86.11");
  expect(rounded("saifi", 2)).toBe("1.61");
  expect(rounded("caidi_min", 2)).toBe("53.57");
  expect(rounded("asai", 6)).toBe("0.999836");
  expect(rounded("maifi", 2)).toBe("1.20");
  const region = rows.find((row) => row["level"] === "region" && row["period"] === "year");
  expect({ ...region, level: "feeder", element: "F" }).toEqual(year);
  const months = rows.filter((row) => row["level"] === "feeder" && row["period"] === "month");
  expect(months.map((row) => String(row["window_start"]).slice(5, 7))).toEqual(
    "03 04 05 06 07 08 09 10".split(" "),
  );
  const sum = months.reduce((total, row) => total + Number(row["saifi"]), 0);
  expect(sum).toBeCloseTo(1.6075, 6);
});

test("momentary up to five minutes; planned apart; unfinished, impossible and unknown ones are not counted", async () => {
  const started_at = "2024-05-01T10:00:00Z";
  const until = (time: string): Row => ({ started_at, ended_at: `2024-05-01T${time}Z` });
  const outages = [
    until("10:05:00"),
    until("10:05:01"),
    { ...until("11:00:00"), planned: true, scope: "transformer", element: "T", customers_interrupted: 50 },
    { started_at },
    until("09:00:00"),
    { ...until("12:00:00"), element: "nowhere" },
  ];
  const rows = await grid.rows("dwd_interruption", inputs(outages, 100));
  expect(rows.map((row) => [row["kind"], row["customers"], row["duration_s"]])).toEqual([
    ["momentary", 100, 300],
    ["sustained", 100, 301],
    ["sustained", 50, 3_600],
    ["ongoing", 100, null],
    ["invalid", 100, -3_600],
    ["unknown", 0, 7_200],
  ]);
  const [day] = await grid.rows("dws_interruption_day", inputs(outages, 100));
  expect(day).toMatchObject({
    customers_interrupted: 100,
    customer_s: 30_100,
    momentary_interruptions: 100,
    planned_customers: 50,
    planned_customer_s: 180_000,
  });
});

const CUSTOMERS = 1_000;
const history = fc.uniqueArray(
  fc.record({
    year: fc.integer({ min: 2017, max: 2024 }),
    day: fc.integer({ min: 0, max: 300 }),
    customers: fc.integer({ min: 1, max: 1_000 }),
    minutes: fc.oneof(fc.integer({ min: 6, max: 200 }), fc.integer({ min: 1_000, max: 8_000 })),
  }),
  { minLength: 2, maxLength: 60, selector: ({ year, day }) => `${year} ${day}` },
);

test("T_MED is that of the five years before, and tells the major event days, as reckoned here", async () => {
  const property = fc.asyncProperty(history, async (days) => {
    const outages = days.map(({ year, day, customers, minutes }) => {
      const start = Date.UTC(year, 0, 1 + day);
      return {
        started_at: new Date(start).toISOString(),
        ended_at: new Date(start + minutes * 60_000).toISOString(),
        customers_interrupted: customers,
      };
    });
    const given = inputs(outages, CUSTOMERS);
    const thresholds = await grid.rows("ads_major_event_threshold", given);
    for (const row of thresholds) {
      const year = Number(String(row["window_start"]).slice(0, 4));
      const base = days.filter((one) => one.year < year && one.year >= year - 5);
      const logs = base.map(({ customers, minutes }) => Math.log((customers * minutes) / CUSTOMERS));
      const alpha = logs.reduce((sum, log) => sum + log, 0) / logs.length;
      expect(row["days"]).toBe(base.length);
      expect(Number(row["alpha"])).toBeCloseTo(alpha, 7);
      if (logs.length < 2) {
        expect(row["t_med_min"]).toBeNull();
        continue;
      }
      const beta = Math.sqrt(logs.reduce((sum, log) => sum + (log - alpha) ** 2, 0) / (logs.length - 1));
      expect(Number(row["beta"])).toBeCloseTo(beta, 5);
      expect(Number(row["t_med_min"]) / Math.exp(alpha + 2.5 * beta)).toBeCloseTo(1, 4);
    }
    const years = new Set(days.flatMap(({ year }) => [1, 2, 3, 4, 5].map((ahead) => year + ahead)));
    expect(thresholds).toHaveLength(years.size);
    const judged = await grid.rows("ads_major_event_day", given);
    expect(judged).toHaveLength(days.length);
    for (const row of judged) {
      const year = String(row["window_start"]).slice(0, 4);
      const threshold = thresholds.find((one) => String(one["window_start"]).startsWith(year))?.["t_med_min"];
      const above =
        threshold !== undefined && threshold !== null && Number(row["saidi_min"]) > Number(threshold);
      expect(row["is_major"]).toBe(above);
    }
    const indices = await grid.rows("ads_reliability", given);
    for (const row of indices.filter((one) => one["level"] === "region" && one["period"] === "year")) {
      const year = String(row["window_start"]).slice(0, 4);
      const normal = judged.filter(
        (one) => String(one["window_start"]).startsWith(year) && one["is_major"] !== true,
      );
      const saidi = normal.reduce((sum, one) => sum + Number(one["saidi_min"]), 0);
      expect(Number(row["saidi_without_med_min"])).toBeCloseTo(saidi, 4);
    }
  });
  await fc.assert(property, { numRuns: 15, seed: 1_366 });
}, 120_000);
