// L1 over random models: two to five models of the subset on top of each other, over random lines (late, doubled,
// corrected, removed, refused), in random micro-batches, across restarts. After each micro-batch every table equals its
// batch query, hidden columns too.
//
// The whole proof: GRIDLAKE_CASES=10000 npx vitest run packages/pipeline/proof/random-models.test.ts

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { checkModels } from "../model/load.ts";
import { describeCase, type Outcome, reduceCase, runCase } from "./case.fixture.ts";
import { choiceNumbers, Choices } from "./choices.fixture.ts";
import { DirectPipeline } from "./direct.fixture.ts";
import { arrivals, timeZone } from "./history.fixture.ts";
import { randomModels } from "./model-set.fixture.ts";

const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 100);
const SEED = Number(process.env["GRIDLAKE_SEED"] ?? 20_240_101);
/** Cases side by side. */
const ABREAST = 2;

const pipelines: DirectPipeline[] = [];
beforeAll(async () => {
  for (let at = 0; at < ABREAST; at += 1) pipelines.push(await DirectPipeline.open());
});
afterAll(() => pipelines.forEach((pipeline) => pipeline.close()));

const randomCase = fc.record({
  models: choiceNumbers.map((numbers) => randomModels(new Choices(numbers))),
  timeZone,
  history: arrivals,
});

test(
  "incremental equals batch, for random models over random inputs",
  { timeout: 60_000 + 10_000 * CASES },
  async () => {
    const outcomes = { equal: 0, unfit: 0, different: 0 };
    let [refused, models] = [0, 0];
    const cases = fc.sample(randomCase, { numRuns: CASES, seed: SEED });
    await Promise.all(
      pipelines.map(async (pipeline) => {
        for (let one = cases.pop(); one !== undefined; one = cases.pop()) {
          const { problems } = await checkModels([...INPUTS, ...one.models], TOPICS);
          // the generator knows no types' limits: what would need more than 38 digits is refused
          expect(problems.filter((problem) => problem.code !== "MODEL_TYPE_CLASH")).toEqual([]);
          refused += problems.length;
          models += one.models.length;
          const outcome: Outcome = await runCase(pipeline, one);
          outcomes[outcome.kind] += 1;
          if (outcome.kind === "different") {
            const least = await reduceCase(pipeline, one);
            const { why } = { why: null, ...(await runCase(pipeline, least)) };
            throw new Error(`not equal: ${JSON.stringify(why, null, 1)}\n${describeCase(least)}`);
          }
        }
      }),
    );
    expect(refused).toBeLessThan(models / 10);
    expect(outcomes.unfit).toBeLessThan(CASES / 10);
    expect(outcomes.equal + outcomes.unfit).toBe(CASES);
  },
);
