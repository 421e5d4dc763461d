import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LakeQuery, openLakeQuery } from "../lake-query.ts";
import { Load } from "./load.fixture.ts";
import { lines, Operator, send } from "./operator.fixture.ts";
import { Ground, type PlatformProcess } from "./platform.fixture.ts";

const BUSY_CHECKPOINTS = 4;
const BUSY_LIMIT_MS = 300_000;

const ground = new Ground();
let platform: PlatformProcess;
let operator: Operator;
let token: string;
let lake: LakeQuery;

beforeAll(async () => {
  platform = await ground.start({ env: { GRIDLAKE_CHECKPOINT_MS: "100" } });
  operator = await Operator.logIn(platform);
  ({ token } = await operator.deviceToken());
  await operator.register(["L1", "L2"]);
  await operator.settled();
  lake = await openLakeQuery({ dataDir: ground.dataDir });
});
afterAll(async () => {
  await lake.close();
  await ground.clear();
});

const reading = (device: string, minute: number, energyWh: number, seq = 1) => ({
  device,
  ts: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString(),
  seq,
  energy_wh: energyWh,
});

/** Readings kept, energy, quarantined lines and devices. */
async function energyAt(asOf?: string) {
  const { rows } = await lake.run(
    `SELECT (SELECT count(*) FROM dwd_reading), (SELECT sum(energy_wh) FROM dws_energy_day),
      (SELECT count(*) FROM dwd_quarantine), (SELECT count(*) FROM dim_device)`,
    asOf === undefined ? {} : { asOf },
  );
  return rows[0];
}

/** Sends, waits until the lake has it, and @returns an instant at which it has this and no more. */
async function bring(readings: readonly object[]): Promise<string> {
  const answer = await send(platform.url, lines(readings), { token });
  expect(answer.status).toBe(200);
  await operator.drained(Number(String(answer.body["batch"]).split("-").at(-1)));
  await operator.settled();
  const instant = new Date().toISOString();
  // an instant of the lake is a millisecond long
  await sleep(5);
  return instant;
}

test("the lake as it was: before a correction, before a device was known, before everything", async () => {
  const start = new Date().toISOString();
  await sleep(5);
  const first = await bring([reading("L2", 0, 100), reading("L2", 20, 180), reading("L9", 0, 5)]);
  const corrected = await bring([reading("L2", 20, 150, 2), reading("L2", 10, 120)]);
  await operator.register(["L9"]);
  await operator.settled();

  expect(await energyAt(start)).toEqual(["0", null, "0", "2"]);
  expect(await energyAt(first)).toEqual(["2", "80", "1", "2"]);
  expect(await energyAt(corrected)).toEqual(["3", "50", "1", "2"]);
  expect(await energyAt()).toEqual(["4", "50", "0", "3"]);
  // Hudi's own writing of an instant, to the millisecond
  expect(await energyAt(first.replaceAll(/\D/g, ""))).toEqual(["2", "80", "1", "2"]);
  expect(await energyAt("2000-01-01T00:00:00Z")).toEqual(["0", null, "0", "0"]);
  await expect(energyAt("yesterday")).rejects.toMatchObject({ code: "LAKE_INSTANT_INVALID" });
});

test("a reader beside a busy writer sees one checkpoint in all tables, and never less than before", async () => {
  const load = new Load({ url: platform.url, token, device: "L1", pauseMs: 50 });
  try {
    const seen: { checkpoint: number; readings: number }[] = [];
    const checkpoints = new Set<number>();
    const endMs = performance.now() + BUSY_LIMIT_MS;
    while (checkpoints.size < BUSY_CHECKPOINTS && performance.now() < endMs) {
      const { checkpoint, rows } = await lake.run(
        `SELECT (SELECT count(*) FROM dwd_reading WHERE device = 'L1'),
          (SELECT sum(readings) FROM dws_register_15min WHERE device = 'L1'),
          (SELECT sum(readings) FROM dws_energy_day WHERE device = 'L1'),
          (SELECT sum(energy_wh) FROM dws_energy_hour WHERE device = 'L1')`,
      );
      const [kept, quarters, days, energyWh] = (rows[0] ?? []).map(Number);
      expect([quarters, days]).toEqual([kept, kept]);
      // its register rises by 10 Wh a reading, from the first one on
      expect(energyWh).toBe(Math.max(0, ((kept ?? 0) - 1) * 10));
      seen.push({ checkpoint, readings: kept ?? 0 });
      checkpoints.add(checkpoint);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a.checkpoint - b.checkpoint || a.readings - b.readings));
    // it was busy indeed
    expect(checkpoints.size).toBe(BUSY_CHECKPOINTS);
    expect(seen.at(-1)?.readings).toBeGreaterThan(seen[0]?.readings ?? 0);
  } finally {
    await load.end();
  }
  expect(load.refusals).toEqual([]);
});
