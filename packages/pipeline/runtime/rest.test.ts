// Small micro-batches are followed by a rest, in which what trickles in is gathered. It must hold nobody up.

import { afterEach, expect, test } from "vitest";
import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { modelsOf, PipelineFixture } from "./pipeline.fixture.ts";

/** A test that had to wait for it would not end. */
const GATHER_MS = 3_600_000;

let fixture: PipelineFixture;
afterEach(() => fixture.remove());

test("a reader who waits for an offset ends the rest, and so does a stop", async () => {
  fixture = new PipelineFixture(await modelsOf(INPUTS, TOPICS), { gatherMs: GATHER_MS });
  await fixture.open();
  for (const k of [1, 2, 3]) await fixture.send("facts", [{ k, g: "g0", x: 1, ts: "2026-01-01T00:00:00Z" }]);
  expect(await fixture.rows("SELECT count(*) AS n FROM dim_fact")).toEqual([{ n: 3 }]);
  await fixture.stop();
});
