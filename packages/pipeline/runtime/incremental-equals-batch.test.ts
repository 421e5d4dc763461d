// L1: once the inputs are drained, every table equals its SQL evaluated in one batch over all inputs received,
// whatever the order, the duplication or the batching of the inputs, and across restarts.

import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { PipelineFixture, shippedModels } from "./pipeline.fixture.ts";

/** Cases of the property; the long proof sets more. */
const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 12);
const SEED = process.env["GRIDLAKE_SEED"];
const T0 = Date.parse("2026-03-28T22:40:00Z");

const device = fc.integer({ min: 0, max: 4 }).map((n) => `M${n}`);
const reading = fc
  .record({
    device,
    minute: fc.integer({ min: 0, max: 180 }),
    second: fc.constantFrom(0, 0, 0, 30),
    seq: fc.integer({ min: 0, max: 3 }),
    energy_wh: fc.integer({ min: 0, max: 5_000 }),
    power: fc.option(fc.integer({ min: -50_000, max: 9_000_000 })),
  })
  .map(({ minute, second, power, ...rest }) => ({
    ...rest,
    ts: new Date(T0 + minute * 60_000 + second * 1000).toISOString(),
    ...(power === null ? {} : { active_power_w: power / 1000, voltage_v: 230.1 }),
  }));
const spoilt = fc.constantFrom(
  "{",
  '{"device":"M1"}',
  '{"device":1,"ts":"x","seq":"1","energy_wh":1.5}',
  "[]",
  "nonsense",
);
const registration = fc.record({
  device,
  feeder: fc.constantFrom("F0", "F1", "F2"),
  deleted: fc.constantFrom(undefined, undefined, true),
});
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("readings" as const),
      lines: fc.array(fc.oneof({ weight: 12, arbitrary: reading }, { weight: 1, arbitrary: spoilt }), {
        minLength: 1,
        maxLength: 25,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("devices" as const),
      lines: fc.array(registration, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("feeders" as const),
      lines: fc.array(fc.record({ feeder: fc.constantFrom("F0", "F1"), region: fc.constantFrom("N", "S") }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "checkpoint" as const, lines: [] }) },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const, lines: [] }) },
);

describe("L1: incremental equals batch", () => {
  let fixture: PipelineFixture | null = null;
  afterEach(async () => fixture?.remove());

  test("for the shipped models, over random inputs", { timeout: 600_000 }, async () => {
    const models = await shippedModels();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        fixture = new PipelineFixture(models);
        await fixture.open();
        try {
          for (const { kind, lines } of steps) {
            if (kind === "checkpoint") await fixture.checkpoint();
            else if (kind === "restart") {
              await fixture.stop();
              await fixture.open();
            } else await fixture.send(kind, lines);
          }
          await fixture.stop();
          const { tables, differences } = await fixture.verify();
          expect(tables.filter((table) => table.differences > 0)).toEqual([]);
          expect(differences).toBe(0);
        } finally {
          await fixture.remove();
        }
      }),
      { numRuns: CASES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
  });
});
