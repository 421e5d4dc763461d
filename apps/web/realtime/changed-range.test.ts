import { MINUTE_MS } from "@gridlake/kernel/units.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChangedRange, READ_PAUSE_MS, type Range } from "./changed-range.ts";

describe("ChangedRange", () => {
  let reads: Range[];
  let finish: (() => void)[];
  let signals: AbortSignal[];
  let changed: ChangedRange;
  beforeEach(() => {
    vi.useFakeTimers();
    reads = [];
    finish = [];
    signals = [];
    changed = new ChangedRange({
      read: (range, signal) => {
        reads.push(range);
        signals.push(signal);
        return new Promise((resolve) => finish.push(resolve));
      },
      onError: (error) => {
        throw error;
      },
    });
  });
  afterEach(() => vi.useRealTimers());

  it("gathers what is touched in one turn into one range", async () => {
    changed.touch(5 * MINUTE_MS);
    changed.touch(2 * MINUTE_MS);
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toEqual([{ fromMs: 2 * MINUTE_MS, toMs: 6 * MINUTE_MS }]);
  });

  it("reads one at a time, and pauses in between", async () => {
    changed.touch(0);
    await vi.advanceTimersByTimeAsync(0);
    changed.touch(MINUTE_MS);
    await vi.advanceTimersByTimeAsync(10 * READ_PAUSE_MS);
    expect(reads).toHaveLength(1);
    finish[0]?.();
    await vi.advanceTimersByTimeAsync(READ_PAUSE_MS - 1);
    expect(reads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reads).toHaveLength(2);
  });

  it("abandons the reading under way, and reads what is touched after", async () => {
    changed.touch(0);
    await vi.advanceTimersByTimeAsync(0);
    changed.clear();
    expect(signals[0]?.aborted).toBe(true);
    changed.touch(7 * MINUTE_MS);
    await vi.advanceTimersByTimeAsync(0);
    expect(reads.at(-1)).toEqual({ fromMs: 7 * MINUTE_MS, toMs: 8 * MINUTE_MS });
  });
});
