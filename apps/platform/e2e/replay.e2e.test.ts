import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runReplay } from "../proof/replay-run.ts";
import { SeededRandom } from "../proof/seeded-random.ts";

const MINUTES = 1_440;
const METERS = 20;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridlake-series-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bump = (hour: number, at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));

/** One day of a household: little at night, a peak in the morning and a higher one in the evening. */
function daySeries(): string {
  const random = new SeededRandom(11);
  const rows = Array.from({ length: MINUTES }, (_, minute) => {
    const hour = minute / 60;
    const watts = 110 + 450 * bump(hour, 7.5, 1.2) + 700 * bump(hour, 19, 2.5) + 90 * random.next();
    return `${new Date(Date.UTC(2013, 9, 1, 0, minute)).toISOString()},${watts.toFixed(1)}\n`;
  });
  const file = join(folder, "day.csv");
  writeFileSync(file, `time,watts\n${rows.join("")}`);
  return file;
}

test("a day of twenty meters, late and doubled: every table equals its inputs, energy equals the registers", async () => {
  const replay = await runReplay({ series: daySeries(), meters: METERS, late: 0.02, duplicates: 0.01 });
  expect(replay).toMatchObject({
    readings: METERS * MINUTES,
    kept: METERS * MINUTES,
    quarantined: 0,
    differences: 0,
    waiting: 0,
    wrongRegisters: [],
    wrongEnergy: [],
    stateWithoutLake: [],
  });
  // disorder was there to be put right
  expect(replay.late).toBeGreaterThan(METERS * MINUTES * 0.015);
  expect(replay.repeated).toBeGreaterThan(50);
  expect(replay.corrected).toBeGreaterThan(50);
  expect(replay.lines).toBe(METERS * MINUTES + replay.repeated + replay.corrected);
  // each table once: the oracle had something to compare
  expect(replay.rowsVerified).toBeGreaterThan(2 * METERS * MINUTES);
});
