import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Action,
  formatInstant,
  type Instant,
  instantFileName,
  instantMs,
  nextInstant,
  parseInstant,
} from "./instant.ts";
import { Timeline } from "./timeline.ts";

const ms = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
const instant = fc.record({
  timestamp: ms.map(formatInstant),
  action: fc.constantFrom<Action[]>(
    "commit",
    "deltacommit",
    "replacecommit",
    "clean",
    "rollback",
    "savepoint",
  ),
  state: fc.constantFrom<Instant["state"][]>("requested", "inflight", "completed"),
});

it("names and reads back every instant", () => {
  fc.assert(
    fc.property(instant, (one) => {
      expect(parseInstant(instantFileName(one))).toEqual(one);
    }),
  );
  expect(instantFileName({ timestamp: "20260101000000000", action: "commit", state: "inflight" })).toBe(
    "20260101000000000.inflight",
  );
});

it.each([
  "hoodie.properties",
  "archived",
  "lock",
  "20260101000000000.tmp",
  "2026.commit",
  ".hoodie.properties.crc",
])("takes %s for no instant", (name) => expect(parseInstant(name)).toBeNull());

it("makes each instant later than the last, even when the clock stands or goes back", () => {
  fc.assert(
    fc.property(ms, ms, (nowMs, lastMs) => {
      const last = formatInstant(lastMs);
      expect(instantMs(last)).toBe(lastMs);
      const next = nextInstant({ nowMs, last });
      expect(next > last).toBe(true);
      expect(instantMs(next) >= nowMs).toBe(true);
    }),
  );
});

const at = (state: Instant["state"]): Instant => ({
  timestamp: "20260101000000000",
  action: "commit",
  state,
});

it("keeps of an instant its furthest state", () => {
  const timeline = new Timeline([at("requested"), at("completed"), at("inflight")]);
  expect(timeline.instants).toEqual([at("completed")]);
  expect(timeline.pending()).toEqual([]);
});

it("counts a file's instant when it completed, or was archived; never when it is pending or unknown", () => {
  const timeline = new Timeline([
    { timestamp: "20260101000000001", action: "commit", state: "inflight" },
    { timestamp: "20260101000000003", action: "clean", state: "completed" },
    { timestamp: "20260101000000005", action: "commit", state: "completed" },
    { timestamp: "20260101000000007", action: "commit", state: "requested" },
  ]);
  const committed = ["0", "1", "5", "6", "7", "8"].filter((end) =>
    timeline.isCommitted(`2026010100000000${end}`),
  );
  expect(committed).toEqual(["0", "5"]);
  expect(new Timeline([]).isCommitted("20260101000000000")).toBe(false);
});
