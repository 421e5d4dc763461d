import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakePlatform, type Mood } from "./fake-platform.ts";
import { simulate } from "./run.ts";
import { Sender } from "./sender.ts";

let dir: string;
let platform: FakePlatform;
let url: string;
let series: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "simulate-"));
  platform = new FakePlatform();
  url = await platform.start();
  series = join(dir, "series.csv");
  const rows = Array.from({ length: 120 }, (_, m) => `${1_380_585_600 + m * 60},${100 + m}`);
  writeFileSync(series, `time,watts\n${rows.join("\n")}\n`);
});
afterEach(() => {
  platform.stop();
  rmSync(dir, { recursive: true });
});

const admin = { adminPassword: "secret" };

describe("a run", () => {
  test("registers feeders and devices, sends everything, reports what must be there, and leaves no token behind", async () => {
    const report = join(dir, "report.json");
    const told: string[] = [];
    const done = await simulate(
      { series, meters: 7, feeders: 2, late: 0.1, duplicates: 0.1, batch: 50, report },
      { url, ...admin, print: (text) => void told.push(text) },
    );
    expect(platform.imports.map(({ path }) => path.split("?")[0])).toEqual([
      "/api/telemetry/feeders/import",
      "/api/telemetry/devices/import",
    ]);
    expect(platform.imports[1]?.csv.split("\n").slice(0, 3)).toEqual([
      "device,feeder,rated_voltage_v",
      "M0001,F1,230",
      "M0002,F2,230",
    ]);
    expect(platform.lines.length).toBe(done.lines);
    expect(done).toMatchObject({ readings: 840, retries: 0, interrupted: false });
    expect(new Set(platform.lines.map((line) => line.split(",").slice(0, 2).join())).size).toBe(840);
    for (const body of platform.batches.slice(0, -1)) expect(body.split("\n").length).toBe(50);
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual(done);
    expect(told.at(-1)).toContain("840 of 7 meters");
    expect(platform.revoked).toEqual(["/api/authority/tokens/id-1"]);
  });

  test("sends the same bytes until they are acknowledged, whatever the platform does", async () => {
    const calm = await simulate({ series, meters: 3, batch: 20, maxInFlight: 1 }, { url, ...admin });
    const lines = platform.lines;
    platform.batches.length = 0;
    const moods: Mood[] = [503, 429, "cut-before", 200, "cut-after", 502, 200, "cut-after"];
    platform.moods.push(...moods);
    const moody = await simulate({ series, meters: 3, batch: 20, maxInFlight: 1 }, { url, token: "api" });
    expect(platform.batches.flatMap((body) => body.split("\n"))).toEqual(lines);
    expect(moody).toMatchObject({ retries: 6, lines: calm.lines, meters: calm.meters });
    // what was taken unheard was sent again, byte for byte
    expect(platform.unheard.length).toBe(2);
    for (const body of platform.unheard) expect(platform.batches).toContain(body);
  });

  test("gets a new token when the old one is no longer taken", async () => {
    const done = simulate({ series, meters: 1, batch: 10, maxRate: 500, maxInFlight: 1 }, { url, ...admin });
    await expect.poll(() => platform.batches.length).toBeGreaterThan(2);
    platform.valid = -1;
    expect((await done).lines).toBe(120);
    expect(platform.tokens).toBe(2);
    expect(platform.lines.length).toBe(120);
  });

  test("holds the series to the speed", async () => {
    const begun = performance.now();
    // 119 minutes at 7,140 times real time are one second
    await simulate({ series, meters: 1, speed: 7_140 }, { url, ...admin });
    const tookMs = performance.now() - begun;
    expect(tookMs).toBeGreaterThan(950);
    // a wait sends what has been gathered, so that a slow series is not a late one
    expect(platform.batches.length).toBeGreaterThan(20);
  });

  test("ends at a signal with all sent that was made", async () => {
    const stop = new AbortController();
    const done = simulate({ series, meters: 2, speed: 1_000 }, { url, ...admin, signal: stop.signal });
    await expect.poll(() => platform.batches.length).toBeGreaterThan(3);
    stop.abort();
    const report = await done;
    expect(report.interrupted).toBe(true);
    expect(platform.lines.length).toBe(report.readings);
    expect(report.readings).toBeLessThan(240);
    const last = platform.lines.findLast((line) => line.includes("M0001")) ?? "{}";
    expect(JSON.parse(last)).toMatchObject({ energy_wh: report.meters[0]?.last?.energyWh });
  });

  test.each([
    ["no way in", {}, "SIMULATE_ACCESS_MISSING"],
    ["a wrong password", { adminPassword: "guess" }, "SIMULATE_ACCESS_REFUSED"],
    ["a wrong token", { token: "guess" }, "SIMULATE_ACCESS_REFUSED"],
  ])("is refused: %s", async (_, access, code) => {
    await expect(simulate({ series, meters: 1 }, { url, ...access })).rejects.toMatchObject({ code });
    expect(platform.lines).toEqual([]);
  });

  test("fails on an answer that no retry can change", async () => {
    platform.moods.push(400);
    await expect(simulate({ series, meters: 1 }, { url, ...admin })).rejects.toMatchObject({
      code: "SIMULATE_REFUSED",
    });
  });
});

test("a sender gives up on a platform that never acknowledges", async () => {
  platform.moods.push(...Array.from({ length: 50 }, () => 503));
  const sender = new Sender({ url, token: async () => "device-0", giveUpAfterMs: 300 });
  await sender.send(["{}"]);
  await expect(sender.drain()).rejects.toMatchObject({ code: "SIMULATE_GAVE_UP" });
});
