import { describe, expect, it } from "vitest";
import type { Instant } from "../timeline/instant.ts";
import { Timeline } from "../timeline/timeline.ts";
import { positionOf } from "./position.ts";
import { writtenInSql } from "./range.ts";

const commit = (timestamp: string, completedAt: string): Instant => ({
  timestamp,
  action: "commit",
  state: "completed",
  completedAt,
});
const at = (end: number) => `2026010100000000${end}`;
// the second began before the first was complete, and completed before it
const timeline = new Timeline([commit(at(1), at(6)), commit(at(2), at(4)), commit(at(7), at(8))]);
const table = (zone?: string) => ({
  timeline,
  config: {
    properties: new Map(zone === undefined ? [] : [["hoodie.table.timeline.timezone", zone]]),
  } as never,
});

it("takes the timestamp of a write for when it was completed", () => {
  expect(positionOf(table(), at(1))).toBe(at(6));
  expect(positionOf(table(), at(6))).toBe(at(6));
  expect(positionOf(table(), at(3))).toBe(at(3));
});

it("takes the beginning of an instant for the first moment of it, and a Date for itself", () => {
  expect(positionOf(table(), "20260131")).toBe("20260131000000000");
  expect(positionOf(table(), "0")).toBe("00000000000000000");
  expect(positionOf(table("UTC"), new Date("2026-01-31T12:00:00.123Z"))).toBe("20260131120000123");
});

it.each([
  ["2026-01-31", undefined],
  ["", undefined],
  ["202601310000000000", undefined],
  [new Date("2026-01-31"), undefined],
  [new Date("2026-01-31"), "LOCAL"],
  [new Date(Number.NaN), "UTC"],
])("refuses %s in a timeline of zone %s", (when, zone) => {
  expect(() => positionOf(table(zone), when)).toThrow(expect.objectContaining({ code: "HUDI_INSTANT" }));
});

describe("the rows of a range", () => {
  it("go by completion, where that tells another order than the rows' timestamps", () => {
    expect(writtenInSql(timeline, { after: at(4), upTo: at(6) })).toContain(
      `_hoodie_commit_time >= '${at(1)}' AND _hoodie_commit_time <= '${at(1)}'`,
    );
    expect(writtenInSql(timeline, { after: at(4), upTo: at(8) })).toContain(
      `_hoodie_commit_time IN ('${at(1)}', '${at(7)}')`,
    );
  });

  it("are one stretch of timestamps where these are the times of completion", () => {
    const first = new Timeline([commit(at(1), at(1)), commit(at(2), at(2))]);
    expect(writtenInSql(first, { after: at(1), upTo: at(2) })).toBe(
      `_hoodie_commit_time > '${at(1)}' AND _hoodie_commit_time <= '${at(2)}'`,
    );
  });
});
