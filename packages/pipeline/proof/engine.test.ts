// L1 and L3 over random models with everything in: lines through the log and the decoder, micro-batches as they fall,
// checkpoints into the lake, ends with and without a last checkpoint, the state lost. `verify` is the judge.
//
// The whole proof: GRIDLAKE_CASES=1000 npx vitest run packages/pipeline/proof/engine.test.ts

import { rmSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { checkModels } from "../model/load.ts";
import { PipelineFixture } from "../runtime/pipeline.fixture.ts";
import { choiceNumbers, Choices } from "./choices.fixture.ts";
import { append } from "./engine-input.fixture.ts";
import { arrivals, timeZone } from "./history.fixture.ts";
import { randomModels } from "./model-set.fixture.ts";

const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 5);
const SEED = Number(process.env["GRIDLAKE_SEED"] ?? 20_240_101);

/** What happens before lines arrive. */
const EVENTS = ["nothing", "nothing", "checkpoint", "stop", "kill", "lose"] as const;

const randomCase = fc.record({
  models: choiceNumbers.map((numbers) => randomModels(new Choices(numbers))),
  timeZone,
  history: arrivals,
  events: fc.array(fc.constantFrom(...EVENTS), { minLength: 8, maxLength: 8 }),
  /** Whether micro-batches fall as they will, or take in one record each. */
  oneByOne: fc.boolean(),
});

async function happen(fixture: PipelineFixture, event: (typeof EVENTS)[number]): Promise<void> {
  if (event === "nothing") return;
  if (event === "checkpoint") return fixture.checkpoint();
  if (event !== "stop") fixture.pipeline.checkpoints.interrupt();
  await fixture.stop();
  if (event === "lose") rmSync(join(fixture.dir, "engine"), { recursive: true });
  await fixture.open();
}

test(
  "the lake equals one batch over the log, for random models",
  { timeout: 60_000 + 10_000 * CASES },
  async () => {
    for (const one of fc.sample(randomCase, { numRuns: CASES, seed: SEED })) {
      const { set } = await checkModels([...INPUTS, ...one.models], TOPICS);
      const fixture = new PipelineFixture(set, {
        timeZone: one.timeZone,
        ...(one.oneByOne ? { limits: { maxRecords: 1 } } : {}),
      });
      try {
        await fixture.open();
        for (const [at, arrival] of one.history.entries()) {
          await happen(fixture, one.events[at] ?? "nothing");
          const ends = await append(fixture, arrival);
          // sometimes the end comes while micro-batches are under way
          if (at % 3 === 2) continue;
          for (const [topic, last] of ends)
            expect(await fixture.pipeline.engine.reached(topic, last, 20_000)).toBe(true);
        }
        await fixture.stop();
        const { tables } = await fixture.verify();
        const different = tables.filter((table) => table.differences > 0);
        expect(different).toEqual([]);
      } finally {
        await fixture.remove();
      }
    }
  },
);
