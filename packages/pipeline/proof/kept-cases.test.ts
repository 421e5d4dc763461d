import { afterAll, beforeAll, expect, test } from "vitest";
import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { checkModels } from "../model/load.ts";
import { runCase } from "./case.fixture.ts";
import { DirectPipeline } from "./direct.fixture.ts";
import { KEPT } from "./kept-cases.fixture.ts";

let pipeline: DirectPipeline;
beforeAll(async () => {
  pipeline = await DirectPipeline.open();
});
afterAll(() => pipeline.close());

test.each(KEPT)("incremental equals batch: $name", async (kept) => {
  const { problems } = await checkModels([...INPUTS, ...kept.models], TOPICS);
  expect(problems).toEqual([]);
  expect(await runCase(pipeline, kept)).toEqual({ kind: "equal" });
});
