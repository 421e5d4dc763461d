import { DEVICES } from "@gridlake/contracts";
import { GridlakeError, ManualClock, MINUTE_MS } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { Progress } from "./progress.ts";

const START_MS = Date.parse("2026-01-01T00:00:00Z");
const noChange = new Map<string, { newRows: number; oldRows: number }>();

function record(timestampMs: number) {
  return { value: new Uint8Array(), headers: {}, timestampMs, offset: 0 };
}

test("what waits has waited no longer than the newest record taken in is old", () => {
  const clock = new ManualClock(START_MS);
  const progress = new Progress(clock);
  const behind = { topic: DEVICES.name, next: 1, end: 3 };
  expect(progress.lagMs(behind)).toBeNull();
  progress.microBatch([{ topic: DEVICES, records: [record(START_MS - 500), record(START_MS - 200)] }], {
    changes: noChange,
  });
  clock.advance(1_000);
  expect(progress.lagMs(behind)).toBe(1_200);
  expect(progress.lagMs({ ...behind, next: 3 })).toBe(0);
});

test("a promise is broken when the model has not changed for longer, counted from the start at first", () => {
  const clock = new ManualClock(START_MS);
  const progress = new Progress(clock);
  const promising = { name: "dws_a", freshnessMs: MINUTE_MS };
  const stale = () => progress.freshness(promising).isStale;
  clock.advance(MINUTE_MS);
  expect(progress.freshness(promising)).toEqual({ promisedMs: MINUTE_MS, changedAt: null, isStale: false });
  clock.advance(1);
  expect(stale()).toBe(true);
  progress.microBatch([], { changes: new Map([["dws_a", { newRows: 1, oldRows: 0 }]]) });
  expect(stale()).toBe(false);
  clock.advance(MINUTE_MS + 1);
  progress.microBatch([], { changes: new Map([["dws_a", { newRows: 0, oldRows: 0 }]]) });
  expect(stale()).toBe(true);
  progress.microBatch([], { changes: new Map([["dws_a", { newRows: 0, oldRows: 2 }]]) });
  expect(stale()).toBe(false);
  expect(progress.rowsReplaced("dws_a")).toBe(2);
  expect(progress.freshness({ name: "dws_b", freshnessMs: null }).isStale).toBeNull();
});

test("failed checkpoints are counted; the failure is told until one is written", () => {
  const progress = new Progress(new ManualClock(START_MS));
  expect(progress.checkpoint).toEqual({ durationMs: null, failures: 0, error: null });
  progress.checkpointFailed(new GridlakeError("LAKE_FULL", "no room"));
  progress.checkpointFailed(new Error("odd"));
  expect(progress.checkpoint).toMatchObject({
    failures: 2,
    error: { code: "PIPELINE_FAILED", message: "odd" },
  });
  progress.checkpointWritten(12.6);
  expect(progress.checkpoint).toEqual({ durationMs: 13, failures: 2, error: null });
});
