import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@gridlake/kernel";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedLog, openEmbeddedLog } from "./embedded/log.ts";
import type { Position } from "./log.ts";
import { retain, Retention, type RecordExtent, type RetainedLog } from "./retention.ts";

const FOREVER = Number.MAX_SAFE_INTEGER;

/** A log of extents alone, as the model of one. */
class ExtentLog implements RetainedLog {
  readonly byTopic: Map<string, RecordExtent[]>;

  constructor(byTopic: Record<string, readonly [timestampMs: number, bytes: number][]>) {
    const extents = Object.entries(byTopic).map(([topic, records]): [string, RecordExtent[]] => [
      topic,
      records.map(([timestampMs, bytes], offset) => ({ offset, timestampMs, bytes })),
    ]);
    this.byTopic = new Map(extents);
  }

  get bytes(): number {
    return [...this.byTopic.values()].flat().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async positions(): Promise<Required<Position>[]> {
    return [...this.byTopic.keys()].map((topic) => ({ topic, partition: 0 }));
  }

  async extents({ topic }: Position, range: { after: number; limit: number }): Promise<RecordExtent[]> {
    return (this.byTopic.get(topic) ?? []).filter(({ offset }) => offset > range.after).slice(0, range.limit);
  }

  async trim({ topic }: Position, { upTo }: { upTo: number }): Promise<void> {
    this.byTopic.set(
      topic,
      (this.byTopic.get(topic) ?? []).filter(({ offset }) => offset > upTo),
    );
  }

  kept(topic: string): number[] {
    return this.byTopic.get(topic)!.map(({ offset }) => offset);
  }
}

describe("retain", () => {
  test("by age: forgets from the head on what is older, and stops at the first that is not", async () => {
    const log = new ExtentLog({
      a: [
        [10, 1],
        [20, 1],
        [30, 1],
        [5, 1],
      ],
      b: [[25, 1]],
    });
    const pass = await retain(log, {
      policy: { maxAgeMs: 70, maxBytes: FOREVER },
      floor: () => FOREVER,
      nowMs: 100,
    });
    expect([log.kept("a"), log.kept("b")]).toEqual([[2, 3], []]);
    expect(pass).toEqual({ records: 3, bytes: 3, overBytes: 0 });
  });

  test("a record exactly as old as maxAgeMs stays", async () => {
    const log = new ExtentLog({ a: [[30, 1]] });
    await retain(log, { policy: { maxAgeMs: 70, maxBytes: FOREVER }, floor: () => FOREVER, nowMs: 100 });
    expect(log.kept("a")).toEqual([0]);
  });

  test("by bytes: the oldest go first, whatever partition they lie in", async () => {
    const log = new ExtentLog({
      a: [
        [1, 10],
        [4, 10],
      ],
      b: [
        [2, 10],
        [3, 10],
      ],
    });
    await retain(log, { policy: { maxAgeMs: FOREVER, maxBytes: 15 }, floor: () => FOREVER, nowMs: 100 });
    expect([log.kept("a"), log.kept("b")]).toEqual([[1], []]);
  });

  test("never beyond the floor, and says what that holds", async () => {
    const log = new ExtentLog({
      a: [
        [1, 10],
        [2, 10],
        [3, 10],
      ],
      b: [[1, 10]],
    });
    const policy = { maxAgeMs: 0, maxBytes: 0 };
    const pass = await retain(log, { policy, floor: ({ topic }) => (topic === "a" ? 1 : -1), nowMs: 100 });
    expect([log.kept("a"), log.kept("b")]).toEqual([[2], [0]]);
    expect(pass).toEqual({ records: 2, bytes: 20, overBytes: 20 });
  });

  test("property: what is above a floor stays; what goes is a head of its partition; no more goes than must", async () => {
    const records = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 })), { maxLength: 30 });
    const arbitrary = fc.record({
      a: records,
      b: records,
      floorA: fc.integer({ min: -1, max: 30 }),
      floorB: fc.integer({ min: -1, max: 30 }),
      maxAgeMs: fc.nat(60),
      maxBytes: fc.nat(400),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ a, b, floorA, floorB, maxAgeMs, maxBytes }) => {
        const before = new ExtentLog({ a, b });
        const log = new ExtentLog({ a, b });
        const floors: Record<string, number> = { a: floorA, b: floorB };
        await retain(log, {
          policy: { maxAgeMs, maxBytes },
          floor: ({ topic }) => floors[topic]!,
          nowMs: 60,
        });
        for (const topic of ["a", "b"]) {
          const all = before.byTopic.get(topic)!;
          const kept = log.byTopic.get(topic)!;
          expect(kept).toEqual(all.slice(all.length - kept.length));
          expect(all.length - kept.length).toBeLessThanOrEqual(floors[topic]! + 1);
          const head = kept[0];
          if (head === undefined || head.offset > floors[topic]!) continue;
          // a head that may go and stays has its reason
          expect(log.bytes).toBeLessThanOrEqual(maxBytes);
          expect(head.timestampMs).toBeGreaterThanOrEqual(60 - maxAgeMs);
        }
      }),
    );
  });
});

describe("Retention over an embedded log", () => {
  let dir: string;
  let log: EmbeddedLog;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "gridlake-retention-"));
    log = await openEmbeddedLog({ dir });
  });
  afterEach(async () => {
    await log.close();
    await rm(dir, { recursive: true });
  });

  test("trims by the clock it is given, and counts the bytes it gives back", async () => {
    const clock = new ManualClock(1_000);
    const append = (timestampMs: number): Promise<unknown> =>
      log.append({ topic: "readings" }, [{ value: Buffer.alloc(10_000), timestampMs }]);
    await append(1_000);
    await append(2_000);
    const before = log.bytes;
    const retention = new Retention({
      log,
      floor: () => FOREVER,
      policy: { maxAgeMs: 500 },
      clock,
      onError: throwIt,
    });
    expect(await retention.runOnce()).toMatchObject({ records: 0 });
    clock.advance(501);
    expect(await retention.runOnce()).toEqual({ records: 1, bytes: before / 2, overBytes: 0 });
    expect(await log.bounds({ topic: "readings" })).toEqual({ first: 1, next: 2 });
    expect(log.bytes).toBe(before / 2);
  });

  test("runs from start to stop, goes on after a failed pass, and never after stop", async () => {
    await log.append({ topic: "readings" }, [{ value: Buffer.alloc(10), timestampMs: 0 }]);
    const errors: unknown[] = [];
    let calls = 0;
    let passed: () => void;
    const pass = new Promise<void>((resolve) => (passed = resolve));
    const retention = new Retention({
      log,
      floor: () => {
        calls += 1;
        if (calls === 1) throw new Error("the checkpoint cannot be read");
        return FOREVER;
      },
      policy: { maxAgeMs: 0 },
      intervalMs: 1,
      onPass: () => passed(),
      onError: (error) => errors.push(error),
    });
    retention.start();
    await pass;
    await retention.stop();
    expect(errors).toEqual([new Error("the checkpoint cannot be read")]);
    expect(await log.bounds({ topic: "readings" })).toEqual({ first: 1, next: 1 });
    const after = calls;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(after);
  });
});

function throwIt(error: unknown): never {
  throw error;
}
