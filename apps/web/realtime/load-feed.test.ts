import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel/units.ts";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Range } from "./changed-range.ts";
import type { LiveRow } from "./live-stream.ts";
import {
  KEPT_MS,
  LoadFeed,
  MAX_WAITING_ROWS,
  RETRY_PAUSE_MS,
  SNAPSHOT_PAUSE_MS,
  TOTAL,
  type CurveAnswer,
} from "./load-feed.ts";
import type { Minute } from "./minutes.ts";

const START_MS = Date.parse("2013-10-14T00:00:00Z");

/** The platform's table of feeder minutes, and the deltas that its changes send. */
class Table {
  readonly #loads = new Map<string, Map<number, number>>();
  newestMs = -Infinity;
  fetches: (Range | null)[] = [];
  failures = 0;

  set(feeder: string, minute: number, powerW: number): LiveRow {
    const atMs = START_MS + minute * MINUTE_MS;
    this.newestMs = Math.max(this.newestMs, atMs);
    this.#loads.set(feeder, (this.#loads.get(feeder) ?? new Map<number, number>()).set(atMs, powerW));
    // a DECIMAL leaves the stream as text
    return {
      feeder,
      window_start: new Date(atMs).toISOString(),
      active_power_w: powerW.toFixed(3),
      devices: 1,
    };
  }

  delete(feeder: string, minute: number): LiveRow {
    const atMs = START_MS + minute * MINUTE_MS;
    this.#loads.get(feeder)?.delete(atMs);
    return { feeder, window_start: new Date(atMs).toISOString() };
  }

  minutes(feeder: string, range: Range | null): Minute[] {
    const sums = new Map<number, Minute>();
    for (const [name, loads] of this.#loads) {
      if (feeder !== TOTAL && feeder !== name) continue;
      for (const [atMs, powerW] of loads) {
        const sum = sums.get(atMs) ?? { atMs, powerW: 0, devices: 0 };
        sums.set(atMs, { atMs, powerW: sum.powerW + powerW, devices: sum.devices + 1 });
      }
    }
    const fromMs = range?.fromMs ?? this.newestMs + MINUTE_MS - KEPT_MS;
    const toMs = range?.toMs ?? Infinity;
    return [...sums.values()]
      .filter((m) => m.atMs >= fromMs && m.atMs < toMs)
      .sort((a, b) => a.atMs - b.atMs);
  }

  fetch = (feeders: readonly string[], range: Range | null): Promise<CurveAnswer> => {
    this.fetches.push(range);
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error("no answer"));
    }
    const names = feeders.length === 0 ? [TOTAL] : feeders;
    return Promise.resolve({
      toMs: this.newestMs === -Infinity ? null : this.newestMs + MINUTE_MS,
      curves: new Map(names.map((name) => [name, this.minutes(name, range)])),
    });
  };
}

describe("LoadFeed", () => {
  let table: Table;
  let frames: (() => void)[];
  let changes: number;
  let errors: unknown[];
  let feed: LoadFeed;
  let sequence: number;

  const frame = (): void => frames.splice(0).forEach((callback) => callback());
  const send = (upserts: LiveRow[], deletes: LiveRow[] = []): void => {
    sequence += 1;
    feed.take({ sequence, upserts, deletes });
  };

  beforeEach(() => {
    vi.useFakeTimers();
    table = new Table();
    frames = [];
    changes = 0;
    errors = [];
    sequence = 0;
    feed = new LoadFeed({
      fetch: table.fetch,
      nextFrame: (callback) => frames.push(callback),
      onChange: () => (changes += 1),
      onError: (error) => errors.push(error),
    });
  });
  afterEach(() => {
    feed.end();
    vi.useRealTimers();
  });

  it("sets a chosen feeder's values as they come, once a frame, without asking again", async () => {
    table.set("F1", 0, 100);
    feed.choose(["F1"]);
    await vi.advanceTimersByTimeAsync(0);
    const before = changes;
    send([table.set("F1", 1, 110)]);
    send([table.set("F1", 2, 120), table.set("F2", 2, 999)]);
    expect(changes).toBe(before);
    frame();
    expect(changes).toBe(before + 1);
    expect(feed.minutesOf("F1").map((m) => m.powerW)).toEqual([100, 110, 120]);
    expect(table.fetches).toHaveLength(1);
  });

  it("takes away what was deleted", async () => {
    table.set("F1", 0, 100);
    table.set("F1", 1, 110);
    feed.choose(["F1"]);
    await vi.advanceTimersByTimeAsync(0);
    send([], [table.delete("F1", 0)]);
    frame();
    expect(feed.minutesOf("F1").map((m) => m.powerW)).toEqual([110]);
  });

  it("reads only the total's changed minutes again, at most once a second", async () => {
    table.set("F1", 0, 100);
    feed.choose([]);
    await vi.advanceTimersByTimeAsync(0);
    for (let minute = 1; minute <= 5; minute += 1) {
      send([table.set("F1", minute, 100), table.set("F2", minute, 50)]);
      frame();
      await vi.advanceTimersByTimeAsync(SECOND_MS / 10);
    }
    expect(table.fetches).toEqual([null, { fromMs: START_MS + MINUTE_MS, toMs: START_MS + 2 * MINUTE_MS }]);
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(table.fetches.at(-1)).toEqual({
      fromMs: START_MS + 2 * MINUTE_MS,
      toMs: START_MS + 6 * MINUTE_MS,
    });
    expect(feed.minutesOf(TOTAL)).toEqual(table.minutes(TOTAL, null));
  });

  it("keeps 24 h and no more", async () => {
    table.set("F1", 0, 1);
    feed.choose(["F1"]);
    await vi.advanceTimersByTimeAsync(0);
    for (let minute = 1; minute < 1_500; minute += 1) send([table.set("F1", minute, minute)]);
    frame();
    expect(feed.minutesOf("F1")).toHaveLength(1_440);
    expect(feed.minutesOf("F1")).toEqual(table.minutes("F1", null));
  });

  it("holds changes back until the snapshot is there, then applies them on top", async () => {
    table.set("F1", 0, 100);
    feed.choose(["F1"]);
    send([table.set("F1", 1, 110)]);
    frame();
    expect(feed.minutesOf("F1")).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    frame();
    expect(feed.minutesOf("F1").map((m) => m.powerW)).toEqual([100, 110]);
  });

  it("loads anew when more waits than a frame should take", async () => {
    feed.choose(["F1"]);
    await vi.advanceTimersByTimeAsync(0);
    const rows = Array.from({ length: MAX_WAITING_ROWS }, (_, n) => table.set("F1", n % 1_000, n));
    send(rows);
    expect(table.fetches).toHaveLength(1);
    send([table.set("F1", 1_000, 1)]);
    await vi.advanceTimersByTimeAsync(SNAPSHOT_PAUSE_MS);
    expect(table.fetches).toHaveLength(2);
    expect(feed.minutesOf("F1")).toEqual(table.minutes("F1", null));
  });

  it("is not kept from loading by resets that come faster than snapshots", async () => {
    const slowMs = 700;
    const { fetch } = table;
    table.fetch = async (...asked) => {
      await new Promise((resolve) => setTimeout(resolve, slowMs));
      return fetch(...asked);
    };
    feed = new LoadFeed({
      fetch: (asked, range) => table.fetch(asked, range),
      nextFrame: (callback) => frames.push(callback),
      onChange: () => (changes += 1),
      onError: (error) => errors.push(error),
    });
    feed.choose(["F1"]);
    for (let minute = 0; minute < 60; minute += 1) {
      table.set("F1", minute, minute);
      feed.reset();
      await vi.advanceTimersByTimeAsync(SECOND_MS / 10);
    }
    expect(changes).toBeGreaterThanOrEqual(3);
    expect(table.fetches.length).toBeLessThanOrEqual(5);
    // and the last reset was not forgotten
    await vi.advanceTimersByTimeAsync(SNAPSHOT_PAUSE_MS + 2 * slowMs);
    expect(feed.minutesOf("F1")).toEqual(table.minutes("F1", null));
  });

  it("says why a snapshot failed, and tries again", async () => {
    table.set("F1", 0, 100);
    table.failures = 1;
    feed.choose([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(errors).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(RETRY_PAUSE_MS);
    expect(feed.minutesOf(TOTAL)).toHaveLength(1);
  });

  it("reads the total's minutes again after a reading that failed", async () => {
    table.set("F1", 0, 100);
    feed.choose([]);
    await vi.advanceTimersByTimeAsync(0);
    table.failures = 1;
    send([table.set("F1", 1, 110)]);
    frame();
    await vi.advanceTimersByTimeAsync(2 * SECOND_MS);
    expect(errors).toHaveLength(1);
    expect(feed.minutesOf(TOTAL).map((m) => m.powerW)).toEqual([100, 110]);
  });

  const step = fc.record({
    feeder: fc.constantFrom("F1", "F2", "F3"),
    minute: fc.integer({ min: 0, max: 3_000 }),
    powerW: fc.integer({ min: 0, max: 5_000 }),
    gone: fc.boolean(),
    framed: fc.boolean(),
  });

  it.each([[["F1", "F2"]], [[]]])(
    "ends up with what the platform has, whatever changes in whatever order: %j",
    async (chosen) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          table = new Table();
          frames = [];
          feed = new LoadFeed({
            fetch: (asked, range) => table.fetch(asked, range),
            nextFrame: (callback) => frames.push(callback),
            onChange: () => undefined,
            onError: (error) => errors.push(error),
          });
          table.set("F1", 0, 1);
          feed.choose(chosen);
          await vi.advanceTimersByTimeAsync(0);
          for (const { feeder, minute, powerW, gone, framed } of steps) {
            if (gone) send([], [table.delete(feeder, minute)]);
            else send([table.set(feeder, minute, powerW)]);
            if (framed) frame();
            await vi.advanceTimersByTimeAsync(300);
          }
          frame();
          await vi.advanceTimersByTimeAsync(3 * SECOND_MS);
          for (const name of chosen.length === 0 ? [TOTAL] : chosen) {
            // the feed never forgets the newest minute it saw, the table's own newest may have been deleted: both keep it
            expect(feed.minutesOf(name)).toEqual(table.minutes(name, null));
          }
          feed.end();
        }),
        { numRuns: 60 },
      );
    },
  );
});
