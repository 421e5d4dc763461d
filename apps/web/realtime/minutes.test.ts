import { MINUTE_MS } from "@gridlake/kernel/units.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Minutes, pointsOf, settledMinutes, type Minute } from "./minutes.ts";

const minute = (n: number, powerW = n, devices = 10): Minute => ({ atMs: n * MINUTE_MS, powerW, devices });

describe("Minutes", () => {
  const change = fc.record({
    n: fc.integer({ min: 0, max: 30 }),
    powerW: fc.nat(),
    kind: fc.constantFrom("set", "delete", "trim", "replace"),
  });

  it("stays in order and equals a map, whatever is done to it", () => {
    fc.assert(
      fc.property(fc.array(change), (steps) => {
        const minutes = new Minutes();
        const model = new Map<number, Minute>();
        for (const { n, powerW, kind } of steps) {
          if (kind === "set") {
            minutes.set(minute(n, powerW));
            model.set(n, minute(n, powerW));
          } else if (kind === "delete") {
            minutes.delete(n * MINUTE_MS);
            model.delete(n);
          } else if (kind === "trim") {
            minutes.trim(n * MINUTE_MS);
            for (const at of model.keys()) if (at < n) model.delete(at);
          } else {
            minutes.replace({ fromMs: n * MINUTE_MS, toMs: (n + 5) * MINUTE_MS }, [
              minute(n, powerW),
              minute(n + 3),
            ]);
            for (let at = n; at < n + 5; at += 1) model.delete(at);
            model.set(n, minute(n, powerW)).set(n + 3, minute(n + 3));
          }
        }
        expect(minutes.all).toEqual([...model.values()].sort((a, b) => a.atMs - b.atMs));
      }),
    );
  });
});

describe("settledMinutes", () => {
  it("leaves out the newest minute while it has heard fewer devices than the one before", () => {
    const full = [minute(1), minute(2)];
    expect(settledMinutes([...full, minute(3, 3, 9)])).toEqual(full);
    expect(settledMinutes([...full, minute(3, 3, 10)])).toHaveLength(3);
    expect(settledMinutes([minute(1, 1, 1)])).toHaveLength(1);
    expect(settledMinutes([])).toEqual([]);
  });
});

describe("pointsOf", () => {
  it("breaks the line where minutes are missing, but not for one or two", () => {
    expect(pointsOf([minute(1), minute(2), minute(5), minute(9)])).toEqual([
      [1 * MINUTE_MS, 1],
      [2 * MINUTE_MS, 2],
      [5 * MINUTE_MS, 5],
      [6 * MINUTE_MS, null],
      [9 * MINUTE_MS, 9],
    ]);
  });
});
