import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Topic } from "@gridlake/contracts";
import { type EmbeddedLog, openEmbeddedLog } from "@gridlake/durable-log";
import { Intake, type IntakeLimits } from "./intake.ts";

const topic = (name: string): Topic => ({ name, description: name, fields: [] });
const TOPICS = [topic("registers"), topic("readings")];

let dir: string;
let log: EmbeddedLog;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-intake-"));
  log = await openEmbeddedLog({ dir });
});
afterEach(async () => {
  await log.close();
  rmSync(dir, { recursive: true, force: true });
});

const open = (limits?: IntakeLimits, positions: ReadonlyMap<string, number> = new Map()): Intake =>
  new Intake({ log, topics: TOPICS, positions, ...(limits === undefined ? {} : { limits }) });

async function append(name: string, ...sizes: number[]): Promise<void> {
  const records = sizes.map((size) => ({ value: new Uint8Array(size), timestampMs: 0 }));
  await log.append({ topic: name }, records);
}

const taken = async (intake: Intake): Promise<Record<string, number[]>> => {
  const batches = await intake.take();
  return Object.fromEntries(
    batches.map((batch) => [batch.topic.name, batch.records.map(({ offset }) => offset)]),
  );
};

test("what waits is taken, and taken again until it is committed", async () => {
  const intake = open();
  expect(await intake.take()).toEqual([]);
  await append("readings", 1, 1);
  await append("registers", 1);
  const batches = await intake.take();
  expect(batches.map((batch) => batch.topic.name)).toEqual(["registers", "readings"]);
  expect(await taken(intake)).toEqual({ registers: [0], readings: [0, 1] });
  expect(intake.next("readings")).toBe(0);
  intake.committed(batches);
  expect(intake.next("readings")).toBe(2);
  expect(await intake.take()).toEqual([]);
  expect(await intake.lag()).toEqual([
    { topic: "registers", next: 1, end: 1 },
    { topic: "readings", next: 2, end: 2 },
  ]);
});

test("records of each topic are bounded", async () => {
  await append("readings", 1, 1, 1);
  await append("registers", 1, 1, 1);
  expect(await taken(open({ maxRecords: 2 }))).toEqual({ registers: [0, 1], readings: [0, 1] });
});

test("bytes of all topics together are bounded, registers first; a record beyond the bound goes alone", async () => {
  await append("registers", 40, 40);
  await append("readings", 40, 40);
  expect(await taken(open({ maxBytes: 100 }))).toEqual({ registers: [0, 1], readings: [0] });
  expect(await taken(open({ maxBytes: 80 }))).toEqual({ registers: [0, 1] });
  expect(await taken(open({ maxBytes: 10 }))).toEqual({ registers: [0] });
});

test("it goes on at the positions that were committed", async () => {
  await append("readings", 1, 1, 1);
  expect(await taken(open({}, new Map([["readings", 2]])))).toEqual({ readings: [2] });
});

test("positions outside of the log are told, not skipped", async () => {
  await append("readings", 1, 1, 1);
  await log.trim({ topic: "readings" }, { upTo: 0 });
  await expect(open().take()).rejects.toMatchObject({ code: "LOG_OFFSET_OUT_OF_RANGE" });
  await expect(open({}, new Map([["readings", 9]])).take()).rejects.toMatchObject({
    code: "LOG_OFFSET_OUT_OF_RANGE",
  });
});

test("a wait ends with the first record of any topic, with time, or when it is given up", async () => {
  const intake = open();
  const { signal } = new AbortController();
  const startedMs = performance.now();
  const wait = intake.wait(10_000, signal);
  await append("readings", 1);
  await wait;
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  intake.committed(await intake.take());
  await intake.wait(20, signal);
  const stop = new AbortController();
  const stopped = intake.wait(10_000, stop.signal);
  stop.abort();
  await stopped;
});
