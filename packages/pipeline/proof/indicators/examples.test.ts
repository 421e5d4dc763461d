// The formulas of docs/reference/indicators.md by worked examples, each small enough to be reckoned by hand.

import { beforeAll, expect, test } from "vitest";
import { evaluate, type Lines, type Rows } from "./evaluate.fixture.ts";

/** A Monday in Shanghai, which is 8 hours ahead of UTC at all times. */
const at = (clock: string, day = "2026-05-04"): string => `${day}T${clock}:00+08:00`;
const READ = { seq: 0 };

const LINES: Lines = {
  regions: [
    { region: "town", parent: "county" },
    { region: "county", parent: "province" },
    // a ring: the way up ends before it comes back
    { region: "province", parent: "town" },
  ],
  feeders: [
    { feeder: "F1", region: "town" },
    { feeder: "F2", region: "county" },
  ],
  transformers: [{ transformer: "T1", feeder: "F1", rated_capacity_va: 400_000 }],
  customers: [
    { customer: "C1", tariff: "TOU" },
    { customer: "C2", tariff: "unheard of" },
  ],
  tariffs: [
    { from_minute: 0, period: "valley", price_per_kwh: 0.3 },
    { from_minute: 480, period: "peak", price_per_kwh: 1 },
  ].map((step) => ({ tariff: "TOU", valid_from: at("00:00", "2026-01-01"), day_type: "workday", ...step })),
  devices: [
    { device: "head", feeder: "F1", kind: "feeder_head" },
    { device: "area", feeder: "F1", kind: "transformer", transformer: "T1" },
    { device: "M1", feeder: "F1", transformer: "T1", customer: "C1", rated_voltage_v: 220 },
    { device: "M2", feeder: "F1", transformer: "T1", customer: "C2", rated_voltage_v: 10_000 },
    { device: "L1", feeder: "F2" },
  ],
  readings: [
    // head and customers, 07:30 to 08:15: 1,000 Wh enter, 600 + 350 leave
    ...[
      ["head", 0, 400, 1_000],
      ["M1", 0, 500, 600],
      ["M2", 100, 100, 450],
    ].flatMap(([device, ...registers]) =>
      registers.map((energy_wh, quarter) => ({
        ...READ,
        device,
        ts: at(["07:30", "07:45", "08:00"][quarter] ?? ""),
        energy_wh,
      })),
    ),
    // 300 kW and 400 kvar through 400 kVA, then a pause, then once more
    ...["10:00", "10:15", "11:00"].map((clock) => ({
      ...READ,
      device: "area",
      ts: at(clock),
      energy_wh: 0,
      active_power_w: 300_000,
      reactive_power_var: 400_000,
    })),
    // 0.9 of the rated capacity
    { ...READ, device: "area", ts: at("10:30"), energy_wh: 0, active_power_w: 360_000 },
    // a day later: 3,000 Wh and 4,000 varh, a quarter of them given back
    { ...READ, device: "L1", ts: at("09:00"), energy_wh: 0, reactive_energy_varh: 0 },
    {
      ...READ,
      device: "L1",
      ts: at("09:00", "2026-05-05"),
      energy_wh: 3_000,
      reactive_energy_varh: 3_000,
      reactive_energy_exported_varh: 1_000,
    },
    // GB/T 12325-2008, 220 V: 198 V and 235.4 V are the limits; 242 V is EN 50160's
    ...[230, 235.4, 235.5, 197.9].map((voltage_v, minute) => ({
      ...READ,
      device: "M1",
      ts: at(`12:0${minute}`),
      energy_wh: 600,
      voltage_v,
    })),
    { ...READ, device: "M1", ts: at("12:10"), energy_wh: 600, voltage_v: 242.1 },
    // quarters of 100, 200 and 150 W
    ...[100, 200, 150].map((active_power_w, quarter) => ({
      ...READ,
      device: "L1",
      ts: at(`13:${15 * quarter || "00"}`),
      energy_wh: 0,
      active_power_w,
    })),
  ],
};

const QUERIES = {
  cost: `SELECT customer, period, energy_wh, cost FROM ads_energy_cost_customer_day
    WHERE window_start = '2026-05-04T00:00:00+08:00' ORDER BY ALL`,
  loss: `SELECT area_kind, energy_in_wh, energy_out_wh, loss_wh, loss_rate, values_read, values_expected,
    complete_quarters, complete_loss_wh, complete_loss_rate
    FROM ads_line_loss_hour WHERE window_start = '2026-05-04T08:00:00+08:00' ORDER BY ALL`,
  lossOfDay: `SELECT loss_wh, loss_rate FROM ads_line_loss_day WHERE area_kind = 'feeder' AND
    window_start = '2026-05-04T00:00:00+08:00'`,
  voltage: `SELECT device, samples, low, high, qualification_rate, deviation_sum, means, means_within, means_rate
    FROM ads_voltage_device_day`,
  limits: "SELECT device, lower_v, upper_v FROM dim_device_voltage ORDER BY device",
  factor:
    "SELECT device, energy_wh, reactive_energy_varh, power_factor FROM ads_power_factor_device_day ORDER BY window_start",
  load: "SELECT max_power_w, min_power_w, mean_power_w, load_factor, quarters FROM ads_load_feeder_day WHERE feeder = 'F2'",
  regions:
    "SELECT region, feeders, active_power_w FROM ads_load_region_15min WHERE window_start = '2026-05-04T13:15:00+08:00' ORDER BY region",
  above:
    "SELECT feeder, list(region ORDER BY depth) AS regions FROM dim_feeder_region GROUP BY feeder ORDER BY feeder",
  rate: "SELECT apparent_power_va, load_rate FROM ads_load_transformer_15min ORDER BY window_start",
  overload: `SELECT quarters, max_load_rate, heavy_minutes, heavy_events, overload_minutes, overload_events
    FROM ads_transformer_overload_day`,
} as const;

let rows: Record<keyof typeof QUERIES, Rows>;
beforeAll(async () => {
  rows = await evaluate(LINES, { timeZone: "Asia/Shanghai", queries: QUERIES });
}, 300_000);

test("cost: 500 Wh until 08:00 at 0.30, 100 Wh from then on at 1.00; no step, no cost", () => {
  expect(rows.cost).toEqual([
    { customer: "C1", period: "peak", energy_wh: "100", cost: "0.100000000" },
    { customer: "C1", period: "valley", energy_wh: "500", cost: "0.150000000" },
    { customer: "C2", period: "none", energy_wh: "350", cost: null },
  ]);
});

test("line loss: 600 Wh in, 100 and 350 Wh out in the hour; 1,000 and 950 in the day", () => {
  expect(rows.loss).toEqual([
    {
      area_kind: "feeder",
      energy_in_wh: "600",
      energy_out_wh: "450",
      loss_wh: "150",
      loss_rate: "0.250000",
      values_read: "3",
      values_expected: "3",
      complete_quarters: "1",
      complete_loss_wh: "150",
      complete_loss_rate: "0.250000",
    },
    // the transformer's meter was not read in the hour
    {
      area_kind: "transformer",
      energy_in_wh: "0",
      energy_out_wh: "450",
      loss_wh: "-450",
      loss_rate: null,
      values_read: "2",
      values_expected: "3",
      complete_quarters: "0",
      complete_loss_wh: "0",
      complete_loss_rate: null,
    },
  ]);
  expect(rows.lossOfDay).toEqual([{ loss_wh: "50", loss_rate: "0.050000" }]);
});

test("voltage: GB/T 12325's limits are within, EN 50160's mean of 242.1 V is not", () => {
  expect(rows.limits).toEqual([
    { device: "M1", lower_v: "198.0000000", upper_v: "235.4000000" },
    { device: "M2", lower_v: "9300.0000000", upper_v: "10700.0000000" },
  ]);
  expect(rows.voltage).toEqual([
    {
      device: "M1",
      samples: "5",
      low: "1",
      high: "2",
      qualification_rate: "0.400000",
      // (242.1 - 220 + 220 - 197.9) / 220
      deviation_sum: "0.200909",
      means: "2",
      means_within: "1",
      means_rate: "0.500000",
    },
  ]);
});

test("power factor: 3,000 Wh and 4,000 varh of both directions are 0.6", () => {
  expect(rows.factor).toEqual([
    { device: "L1", energy_wh: "0", reactive_energy_varh: "0", power_factor: null },
    { device: "L1", energy_wh: "3000", reactive_energy_varh: "4000", power_factor: "0.600000" },
  ]);
});

test("load: quarters of 100, 200 and 150 W have a load factor of 0.75; regions hold what is below them, once", () => {
  expect(rows.load).toEqual([
    {
      max_power_w: "200.000",
      min_power_w: "100.000",
      mean_power_w: "150.000",
      load_factor: "0.750000",
      quarters: "3",
    },
  ]);
  expect(rows.above).toEqual([
    { feeder: "F1", regions: ["town", "county", "province"] },
    { feeder: "F2", regions: ["county", "province", "town"] },
  ]);
  expect(rows.regions).toEqual(
    ["county", "province", "town"].map((region) => ({ region, feeders: "1", active_power_w: "200.000" })),
  );
});

test("load rate: 300 kW and 400 kvar are 500 kVA, 1.25 of 400; what a pause parts are two overloads", () => {
  expect(rows.rate).toEqual([
    { apparent_power_va: "500000.000000", load_rate: "1.250000" },
    { apparent_power_va: "500000.000000", load_rate: "1.250000" },
    { apparent_power_va: "360000.000000", load_rate: "0.900000" },
    { apparent_power_va: "500000.000000", load_rate: "1.250000" },
  ]);
  expect(rows.overload).toEqual([
    {
      quarters: "4",
      max_load_rate: "1.250000",
      heavy_minutes: "15",
      heavy_events: "2",
      overload_minutes: "45",
      overload_events: "2",
    },
  ]);
});
