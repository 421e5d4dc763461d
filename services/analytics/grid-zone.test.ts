import { HOUR_MS } from "@gridlake/kernel";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { GridZone, STEP_MS, type Step } from "./grid-zone.ts";

const ZONES = ["UTC", "Europe/London", "Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Asia/Kathmandu"];
const SIZES: Readonly<Record<Step, string>> = {
  minute: "INTERVAL '1 minute'",
  "15min": "INTERVAL '15 minutes'",
  hour: "INTERVAL '1 hour'",
  day: "day",
};

describe("GridZone", () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(":memory:")).connect();
  });

  const instant = fc.integer({ min: Date.parse("2012-01-01"), max: Date.parse("2030-01-01") });

  it.each(ZONES)("begins steps where DuckDB begins them in %s", async (name) => {
    const zone = new GridZone(name);
    await connection.run(`SET TimeZone = '${name}'`);
    const instants = fc.sample(instant, { numRuns: 300, seed: 7 });
    for (const step of Object.keys(STEP_MS) as Step[]) {
      const bucket =
        step === "day"
          ? "date_trunc('day', ts)"
          : `time_bucket(${SIZES[step]}, ts, to_seconds(-extract(timezone FROM ts)))`;
      const reader = await connection.runAndReadAll(
        `SELECT epoch_ms(${bucket}) FROM (SELECT unnest(CAST([${instants.map((ms) => `to_timestamp(${ms / 1_000})`).join(",")}] AS TIMESTAMPTZ[])) AS ts)`,
      );
      const starts = reader.getRowsJson().map(([start]) => Number(start));
      expect(
        instants.map((ms) => zone.startOf(step, ms)),
        step,
      ).toEqual(starts);
    }
  });

  it("knows days of 23 and 25 hours", () => {
    const zone = new GridZone("Europe/London");
    const short = zone.dayNamed("2013-03-31");
    const long = zone.dayNamed("2013-10-27");
    expect((short.toMs - short.fromMs) / HOUR_MS).toBe(23);
    expect((long.toMs - long.fromMs) / HOUR_MS).toBe(25);
  });

  it("names the day that holds an instant, and finds it again by its name", () => {
    for (const name of ZONES) {
      const zone = new GridZone(name);
      fc.assert(
        fc.property(instant, (atMs) => {
          const day = zone.dayOf(atMs);
          expect(day.fromMs <= atMs && atMs < day.toMs).toBe(true);
          expect(zone.dayNamed(day.day)).toEqual(day);
        }),
      );
    }
    expect(new GridZone("Asia/Shanghai").dayOf(Date.parse("2013-10-13T16:00:00Z")).day).toBe("2013-10-14");
  });

  it("refuses a zone that does not exist", () => {
    expect(() => new GridZone("Mars/Olympus")).toThrow(/no time zone/);
  });
});
