import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Action,
  completedAction,
  formatInstant,
  type Instant,
  instantMs,
  nextInstant,
  pendingInstant,
} from "./instant.ts";
import { LAYOUT_1, layout2, layoutOf } from "./layout.ts";
import { Timeline } from "./timeline.ts";

const ms = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
const LAYOUTS = [LAYOUT_1, layout2("timeline")];
const instant = fc
  .record({
    timestamp: ms.map(formatInstant),
    tookMs: fc.integer({ min: 0, max: 100_000 }),
    action: fc.constantFrom<Action[]>(
      "commit",
      "deltacommit",
      "replacecommit",
      "compaction",
      "clustering",
      "clean",
      "rollback",
      "restore",
      "savepoint",
    ),
    state: fc.constantFrom<Instant["state"][]>("requested", "inflight", "completed"),
  })
  .map(({ tookMs, ...one }) => ({ ...one, completion: formatInstant(instantMs(one.timestamp) + tookMs) }));

it.each(LAYOUTS)("names and reads back every instant in layout $version", (layout) => {
  fc.assert(
    fc.property(instant, ({ timestamp, action, state, completion }) => {
      const isDone = state === "completed";
      const completedAt = isDone ? (layout.version === 1 ? timestamp : completion) : null;
      const one: Instant = {
        timestamp,
        action: isDone ? completedAction(action) : action,
        state,
        completedAt,
      };
      expect(layout.parse(layout.fileName(one))).toEqual(one);
    }),
  );
});

it("names instants as Hudi does", () => {
  const [begin, end] = ["20260101000000000", "20260101000000005"];
  const done: Instant = { timestamp: begin, action: "deltacommit", state: "completed", completedAt: end };
  const [one, two] = LAYOUTS.map((layout) => (some: Instant) => layout.fileName(some));
  expect(one?.(done)).toBe("20260101000000000.deltacommit");
  expect(two?.(done)).toBe("20260101000000000_20260101000000005.deltacommit");
  for (const name of [one, two]) {
    expect(name?.(pendingInstant(begin, "commit", "inflight"))).toBe("20260101000000000.inflight");
    expect(name?.(pendingInstant(begin, "commit"))).toBe("20260101000000000.commit.requested");
    expect(name?.(pendingInstant(begin, "compaction", "inflight"))).toBe(
      "20260101000000000.compaction.inflight",
    );
  }
  expect(layoutOf(new Map()).folder).toBe(".hoodie");
  expect(layoutOf(new Map([["hoodie.timeline.layout.version", "2"]])).folder).toBe(".hoodie/timeline");
});

it("takes a completed instant that an upgrade carried over as complete from its beginning", () => {
  const name = "20260101000000000.commit";
  const carried = layout2("timeline").parse(name);
  expect(carried).toMatchObject({ state: "completed", completedAt: "20260101000000000" });
  expect(carried && layout2("timeline").fileName(carried)).toBe(name);
});

it.each([
  "hoodie.properties",
  "archived",
  "lock",
  "20260101000000000.tmp",
  "20260101000000000_20260101000000001.commit.requested",
  "2026.commit",
  ".hoodie.properties.crc",
  ".20260101000000000.commit.crc",
  "history",
])("takes %s for no instant", (name) => {
  for (const layout of LAYOUTS) expect(layout.parse(name)).toBeNull();
});

it("takes a compaction and the commit that it became for one instant", () => {
  const requested = pendingInstant("20260101000000000", "compaction");
  const commit: Instant = {
    timestamp: "20260101000000000",
    action: "commit",
    state: "completed",
    completedAt: "20260101000000000",
  };
  const saved: Instant = { ...commit, action: "savepoint" };
  expect(new Timeline([requested, commit, saved]).instants).toEqual([commit, saved]);
  expect(new Timeline([requested]).pending()).toEqual([requested]);
});

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
  completedAt: state === "completed" ? "20260101000000000" : null,
});

it("keeps of an instant its furthest state", () => {
  const timeline = new Timeline([at("requested"), at("completed"), at("inflight")]);
  expect(timeline.instants).toEqual([at("completed")]);
  expect(timeline.pending()).toEqual([]);
});

const done = (end: number, action: Action): Instant => ({
  timestamp: `2026010100000000${end}`,
  action,
  state: "completed",
  completedAt: `2026010100000000${end}`,
});

it("counts a file's instant when it completed, or was archived; never when it is pending or unknown", () => {
  const timeline = new Timeline([
    pendingInstant("20260101000000001", "commit", "inflight"),
    done(3, "clean"),
    done(5, "commit"),
    pendingInstant("20260101000000007", "commit"),
  ]);
  const committed = ["0", "1", "5", "6", "7", "8"].filter((end) =>
    timeline.isCommitted(`2026010100000000${end}`),
  );
  expect(committed).toEqual(["0", "5"]);
  expect(new Timeline([]).isCommitted("20260101000000000")).toBe(false);
});

it("is as late as its latest completion", () => {
  const [begin, end] = ["20260101000000000", "20260101000000009"];
  const slow: Instant = { timestamp: begin, action: "commit", state: "completed", completedAt: end };
  const timeline = new Timeline([slow, pendingInstant("20260101000000004", "commit")]);
  expect(timeline.last()).toBe(end);
  expect(timeline.completionOf(begin)).toBe(end);
  expect(timeline.completionOf("20260101000000004")).toBeNull();
});
