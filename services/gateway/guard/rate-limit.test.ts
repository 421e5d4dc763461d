import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

const tries = (limit: RateLimit, caller: string): boolean => {
  try {
    limit.take(caller);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "RATE_LIMITED", status: 429 });
    return false;
  }
};

test("no caller gets more than its share in any minute, and waiting as long as told is enough", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 200 }), (pauses) => {
      const clock = new ManualClock(0);
      const limit = new RateLimit(10, clock);
      const passedAt: number[] = [];
      for (const pause of pauses) {
        clock.advance(pause);
        if (tries(limit, "a")) passedAt.push(clock.nowMs());
      }
      for (const at of passedAt) {
        // a full bucket at once, and what drips in meanwhile
        const within = passedAt.filter((other) => other >= at && other < at + MINUTE_MS).length;
        expect(within).toBeLessThanOrEqual(20);
      }
    }),
  );
});

test("callers do not share; the time told is right", () => {
  const clock = new ManualClock(0);
  const limit = new RateLimit(2, clock);
  expect([tries(limit, "a"), tries(limit, "a"), tries(limit, "a"), tries(limit, "b")]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  clock.advance(29_999);
  expect(tries(limit, "a")).toBe(false);
  clock.advance(1);
  expect(tries(limit, "a")).toBe(true);
});
