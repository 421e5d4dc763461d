import { ManualClock } from "@gridlake/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakePlatform } from "../fake-platform.ts";
import { DemoMeter } from "./meter.ts";
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

test("the demo sends the last hours at once, then what each second brings; started again, it sends the same", async () => {
  const clock = new ManualClock(NOON + 500);
  const run = async (wanted: number) => {
    platform.batches.length = 0;
    const stop = new AbortController();
    const target = { url, adminPassword: "secret", signal: stop.signal };
    const done = runDemo({ meters: 10, feeders: 2, historyMs: 3_600_000, clock }, target);
    await expect.poll(() => platform.lines.length, { interval: 5 }).toBeGreaterThanOrEqual(wanted);
    stop.abort();
    await done;
    return platform.lines;
  };
  const history = await run(591);
  expect(
    history
      .map((line) => (JSON.parse(line) as Reading).ts)
      .toSorted()
      .slice(0, 2),
  ).toEqual(["2026-05-07T11:01:00Z", "2026-05-07T11:01:06Z"]);
  expect(new Set(history).size).toBe(history.length);
  clock.advance(60_000);
  const again = await run(591);
  const both = new Set([...history, ...again]);
  expect(both.size).toBe(history.length + 10);
  expect(platform.imports.length).toBe(4);
});

test("readings are spread over the minute", () => {
  expect([0, 1, 25, 49].map((number) => readingSecond(number, 50))).toEqual([0, 1, 30, 58]);
});
