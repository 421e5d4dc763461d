import { expect, test } from "vitest";
import { type PipelineState, statusText } from "./pipeline-status.ts";

const NOW_MS = Date.parse("2026-01-01T00:10:00Z");
const STATE: PipelineState = {
  status: "running",
  sequence: 42,
  topics: [
    { topic: "readings", next: 40, end: 47, lagMs: 1_500 },
    { topic: "devices", next: 0, end: 1, lagMs: null },
  ],
  checkpoint: {
    number: 7,
    sequence: 41,
    completedAt: "2026-01-01T00:09:56Z",
    durationMs: 180,
    failures: 2,
    error: null,
  },
  models: [
    {
      name: "dwd_reading",
      layer: "dwd",
      rowsIn: 100,
      rowsOut: 90,
      rowsReplaced: 3,
      checkpoint: 7,
      freshness: { promisedMs: 300_000, changedAt: "2026-01-01T00:01:00Z", isStale: true },
      version: { status: "building", asOf: 40, building: { rows: 12, partsDone: 1, parts: 3 } },
    },
  ],
  tests: [
    {
      name: "dwd_reading: not_null(device)",
      model: "dwd_reading",
      kind: "notNull",
      severity: "error",
      status: "fail",
      failures: 2,
      error: null,
      checkedAt: "2026-01-01T00:09:00Z",
      durationMs: 3,
    },
  ],
  quarantine: [{ topic: "readings", reason: "WRONG_TYPE", lines: 5 }],
  linesPerSecond: 1234.5,
  error: { code: "LAKE_FULL", message: "no room" },
};

test("what is behind, what is broken and what waits is told", () => {
  const text = statusText(STATE, NOW_MS);
  expect(text.split("\n").slice(0, 6)).toEqual([
    "running, micro-batch 42, 1235 lines/s",
    "checkpoint 7 of micro-batch 41, 4.0 s ago, took 180 ms, 2 failed",
    "LAKE_FULL: no room",
    "new version of dwd_reading building, 1 of 3 parts, 12 rows; shown as of micro-batch 40",
    "FAIL dwd_reading: not_null(device): 2 rows break it",
    "0 of 1 tests pass",
  ]);
  expect(text).toMatch(/│ readings +│ +7 │ +1\.5 s │/);
  expect(text).toMatch(/│ devices +│ +1 │ +unknown │/);
  expect(text).toMatch(/│ dwd_reading +│ +100 │ +90 │ +3 │ +7 │ +9 min ago │ 5 min, stale +│/);
  expect(text).toMatch(/│ readings +│ WRONG_TYPE +│ +5 │/);
});

test("a start without a checkpoint and an empty quarantine say so", () => {
  const checkpoint = { ...STATE.checkpoint, completedAt: null, durationMs: null };
  const text = statusText({ ...STATE, checkpoint, quarantine: [], error: null }, NOW_MS);
  expect(text).toContain("checkpoint 7 of micro-batch 41, none since the start, 2 failed\n");
  expect(text).toContain("nothing in quarantine\n");
});
