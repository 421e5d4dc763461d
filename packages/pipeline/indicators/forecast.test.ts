// Day-ahead load forecast and its backtest: docs/reference/forecast.md.

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Grid } from "./grid.fixture.ts";

let grid: Grid;
beforeAll(async () => {
  grid = await Grid.open();
});
afterAll(() => grid.close());

const HOUR_MS = 3_600_000;
const T0 = Date.parse("2024-01-01T00:00:00Z");
const hourAt = (hour: number): string => `${new Date(T0 + hour * HOUR_MS).toISOString().slice(0, 19)}Z`;
const WEIGHTS = new Map([
  [1, 4],
  [2, 4],
  [3, 4],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 7],
  [14, 3],
  [21, 3],
  [28, 3],
]);

const loads = fc.array(fc.option(fc.integer({ min: 0, max: 9_000 }), { freq: 8 }), {
  minLength: 40,
  maxLength: 40,
});

test("the forecast is the weighted mean of the days behind, and its error is reckoned by the day", async () => {
  const property = fc.asyncProperty(loads, fc.integer({ min: 0, max: 23 }), async (days, hour) => {
    // one hour of each of forty days, and the one after it
    const load = new Map<number, number>();
    days.forEach((value, day) => {
      if (value === null) return;
      load.set(day * 24 + hour, value).set(day * 24 + ((hour + 1) % 24), value * 2);
    });
    const given = {
      dws_load_feeder_hour: [...load].map(([at, w]) => ({
        feeder: "F",
        window_start: hourAt(at),
        load_w: w,
        intervals: 4,
      })),
    };
    const wanted = new Map<number, { forecast: number; naive: number | null; lags: number }>();
    for (let at = 0; at < 24 * 70; at += 1) {
      const behind = [...WEIGHTS].flatMap(([day, weight]) => {
        const value = load.get(at - day * 24);
        return value === undefined ? [] : [{ value, weight }];
      });
      if (behind.length === 0) continue;
      const weight = behind.reduce((sum, one) => sum + one.weight, 0);
      const forecast = Math.floor(behind.reduce((sum, one) => sum + one.value * one.weight, 0) / weight);
      wanted.set(at, { forecast, naive: load.get(at - 168) ?? null, lags: behind.length });
    }
    const forecasts = await grid.rows("ads_forecast_load_feeder", given);
    expect(
      forecasts.map((row) => [row["window_start"], row["forecast_w"], row["naive_w"], row["lags"]]),
    ).toEqual([...wanted].map(([at, { forecast, naive, lags }]) => [hourAt(at), forecast, naive, lags]));
    const errors = await grid.rows("ads_forecast_error", given);
    const compared = [...wanted].filter(([at, { naive }]) => naive !== null && load.has(at));
    expect(errors.reduce((sum, row) => sum + Number(row["hours"]), 0)).toBe(compared.length);
    for (const row of errors) {
      const ofDay = compared.filter(([at]) => hourAt(at - (at % 24)) === row["window_start"]);
      const error = ofDay.reduce(
        (sum, [at, { forecast }]) => sum + Math.abs(forecast - (load.get(at) ?? 0)),
        0,
      );
      const total = ofDay.reduce((sum, [at]) => sum + (load.get(at) ?? 0), 0);
      expect([row["hours"], row["error_sum_w"], row["mae_w"]]).toEqual([
        ofDay.length,
        error,
        Math.floor(error / ofDay.length),
      ]);
      if (total === 0) expect(row["wape"]).toBeNull();
      else expect(Number(row["wape"])).toBeCloseTo(error / total, 5);
    }
  });
  await fc.assert(property, { numRuns: 20, seed: 28 });
}, 120_000);
