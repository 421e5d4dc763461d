import { ManualClock } from "@gridlake/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakePlatform } from "../fake-platform.ts";
import { demoGrid } from "./grid.ts";
import { DemoMeter } from "./meter.ts";
import { outageRows } from "./outages.ts";
import { readingSecond, runDemo } from "./run.ts";

interface Reading {
  device: string;
  ts: string;
  seq: number;
  energy_wh: number;
  active_power_w: number;
}
const read = (meter: DemoMeter, timeMs: number) => JSON.parse(meter.read(timeMs)) as Reading;
const NOON = Date.UTC(2026, 4, 7, 12);

test("a demo meter's register is the running sum of its power, also over the end of the week", () => {
  const meter = new DemoMeter({ number: 3, device: "D4", feeder: "F1" });
  for (const start of [NOON, Date.UTC(2026, 4, 10, 23, 30)]) {
    let sumDws = 0;
    const first = read(meter, start);
    for (let minute = 0; minute < 90; minute += 1) {
      const now = read(meter, start + minute * 60_000);
      // to the whole Wh below on either side
      expect(Math.abs(now.energy_wh - first.energy_wh - sumDws / 36_000)).toBeLessThan(1);
      expect(read(meter, start + minute * 60_000 + 30_000).energy_wh).toBeGreaterThanOrEqual(now.energy_wh);
      sumDws += Math.round(now.active_power_w * 10) * 60;
    }
  }
});

/** Mean power of forty meters over an hour of a Thursday, in W. */
const mean = (hour: number) => {
  let sum = 0;
  for (let number = 0; number < 40; number += 1) {
    const meter = new DemoMeter({ number, device: "D", feeder: "F" });
    for (let minute = 0; minute < 60; minute += 5)
      sum += read(meter, Date.UTC(2026, 4, 7, hour, minute)).active_power_w;
  }
  return sum / 480;
};

test("a demo meter has the profile's shape: a quiet night, a busy morning", () => {
  expect(mean(3)).toBeLessThan(200);
  expect(mean(7)).toBeGreaterThan(300);
});

let platform: FakePlatform;
let url: string;
beforeEach(async () => {
  platform = new FakePlatform();
  url = await platform.start();
});
afterEach(() => platform.stop());

test(
  "the demo sends the last hours at once, then what each second brings; started again, it sends the same",
  { timeout: 150_000 },
  async () => {
    const clock = new ManualClock(NOON + 500);
    const run = async (wanted: number) => {
      platform.batches.length = 0;
      const stop = new AbortController();
      const target = { url, adminPassword: "secret", signal: stop.signal };
      const done = runDemo({ meters: 10, feeders: 2, historyMs: 3_600_000, clock }, target);
      await expect
        .poll(() => platform.lines.length, { interval: 5, timeout: 60_000 })
        .toBeGreaterThanOrEqual(wanted);
      stop.abort();
      await done;
      return platform.lines;
    };
    // ten meters, two feeder heads and two transformers: 59 minutes, and what is due at noon
    const history = await run(827);
    expect(
      history
        .map((line) => (JSON.parse(line) as Reading).ts)
        .toSorted()
        .slice(0, 2),
    ).toEqual(["2026-05-07T11:01:00Z", "2026-05-07T11:01:04Z"]);
    expect(new Set(history).size).toBe(history.length);
    clock.advance(60_000);
    const again = await run(827);
    const both = new Set([...history, ...again]);
    expect(both.size).toBe(history.length + 14);
    expect(platform.imports.slice(0, 8).map(({ path }) => path.split("/")[3])).toEqual([
      "regions",
      "stations",
      "feeders",
      "transformers",
      "tariffs",
      "customers",
      "devices",
      "outages",
    ]);
    expect(platform.imports.length).toBe(16);
  },
);

test("readings are spread over the minute", () => {
  expect([0, 1, 25, 49].map((number) => readingSecond(number, 50))).toEqual([0, 1, 30, 58]);
});

const GRID = demoGrid({ meters: 20, feeders: 2 });
const wh = (device: string, timeMs: number): number => {
  const source = GRID.sources.find((one) => one.device === device);
  return source === undefined ? Number.NaN : (JSON.parse(source.read(timeMs)) as Reading).energy_wh;
};

test("a feeder's head measures what its meters do and what is lost, a transformer's meter less of it", () => {
  const [from, to] = [NOON, NOON + 6 * 3_600_000];
  const used = (device: string): number => wh(device, to) - wh(device, from);
  let customers = 0;
  for (const { device, feeder } of GRID.sources) {
    if (feeder === "F1" && device.startsWith("D")) customers += used(device);
  }
  const [head, area] = [used("HEAD-F1") / customers, used("AREA-T1") / customers];
  expect(head).toBeCloseTo(1.04, 2);
  expect(area).toBeCloseTo(1.015, 2);
});

test("an outage is told when it has begun and when it has ended; who is without supply sends nothing and draws nothing", () => {
  // a Thursday: T2 is switched off from 02:10 to 02:55
  const begun = Date.UTC(2026, 4, 7, 2, 10);
  const rowsAt = (minutes: number): string[] =>
    outageRows(GRID.outages, begun + minutes * 60_000).filter((row) => row.includes("2026-05-07"));
  expect(rowsAt(-1)).toEqual([]);
  expect(rowsAt(0)).toEqual(["O-T2-2026-05-07,transformer,T2,2026-05-07T02:10:00.000Z,,maintenance,true"]);
  expect(rowsAt(45)).toEqual([
    "O-T2-2026-05-07,transformer,T2,2026-05-07T02:10:00.000Z,2026-05-07T02:55:00.000Z,maintenance,true",
  ]);
  expect(outageRows(GRID.outages, begun).length).toBe(1 + 14);
  for (const source of GRID.sources) {
    const isBelow = source.feeder === "F2" && source.device !== "HEAD-F2";
    expect([source.device, source.isOut(begun)]).toEqual([source.device, isBelow]);
    expect(source.isOut(begun + 45 * 60_000)).toBe(false);
    if (isBelow) expect(wh(source.device, begun + 45 * 60_000)).toBe(wh(source.device, begun));
  }
});
