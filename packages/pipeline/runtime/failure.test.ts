// What a user's data can provoke in a model must not be silent, leave anything half done, or take the reads down.

import { afterEach, expect, test } from "vitest";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { modelsOf, PipelineFixture } from "./pipeline.fixture.ts";

let fixture: PipelineFixture;
afterEach(() => fixture.remove());

const narrow = modelFile(
  "dws_narrow",
  ["g"],
  ["g", "x"],
  "SELECT a.g, CAST(SUM(a.x) AS DECIMAL(6,3)) AS x FROM ref('dim_fact') AS a GROUP BY a.g",
);
const wide = modelFile(
  "dws_narrow",
  ["g"],
  ["g", "x"],
  "SELECT a.g, CAST(SUM(a.x) AS DECIMAL(20,3)) AS x FROM ref('dim_fact') AS a GROUP BY a.g",
);
const fact = (k: number, x: number): object => ({ k, g: "g0", x, ts: "2026-01-01T00:00:00Z" });

test("a model that can't bear a value ends the engine by name; state, counters and reads stay as they were", async () => {
  const failures: unknown[] = [];
  fixture = new PipelineFixture(await modelsOf([...INPUTS, narrow], TOPICS), {
    onFailure: (error) => failures.push(error),
  });
  await fixture.open();
  await fixture.send("facts", [fact(1, 600), fact(2, 100)]);
  const { engine } = fixture.pipeline;
  const before = engine.state();
  await expect(fixture.send("facts", [fact(3, 1), fact(4, 999)])).rejects.toThrow("MODEL_EVALUATION_FAILED");

  const after = engine.state();
  expect(after).toMatchObject({ status: "failed", sequence: before.sequence, models: before.models });
  expect(after.error?.message).toMatch(
    /^dws_narrow can't be computed in micro-batch 2 \(log offsets of facts 1 to 1\): .*DECIMAL\(6,3\)/i,
  );
  expect(failures).toMatchObject([
    {
      code: "MODEL_EVALUATION_FAILED",
      details: { model: "dws_narrow", sequence: 2, offsets: { facts: [1, 1] } },
    },
  ]);
  expect(await fixture.rows("SELECT g, x FROM dws_narrow")).toEqual([{ g: "g0", x: "700.000" }]);
  expect(await fixture.rows("SELECT count(*) AS n FROM ods_fact")).toEqual([{ n: 2 }]);
  expect(await engine.reached("facts", 1, 10_000)).toBe(false);

  // it fails in the same place again, and goes on once the model bears the value
  await fixture.stop();
  await fixture.open();
  expect(await fixture.pipeline.engine.reached("facts", 1, 10_000)).toBe(false);
  expect(fixture.pipeline.engine.state()).toMatchObject({ status: "failed", sequence: 1 });
  await fixture.stop();
  fixture.models = await modelsOf([...INPUTS, wide], TOPICS);
  await fixture.open();
  expect(await fixture.pipeline.engine.reached("facts", 1, 10_000)).toBe(true);
  await fixture.current();
  expect(await fixture.rows("SELECT g, x FROM dws_narrow")).toEqual([{ g: "g0", x: "1700.000" }]);
  await fixture.stop();
  expect((await fixture.verify()).differences).toBe(0);
});

test("a listener that throws hears nothing more, and ends nothing", async () => {
  const failures: unknown[] = [];
  const live = { ...(await modelsOf([...INPUTS, wide], TOPICS)) };
  const models = live.models.map((model) => (model.name === "dim_fact" ? { ...model, live: true } : model));
  fixture = new PipelineFixture({ ...live, models }, { onFailure: (error) => failures.push(error) });
  await fixture.open();
  const heard: number[] = [];
  fixture.pipeline.engine.live.subscribe("dim_fact", () => {
    throw new Error("mine");
  });
  fixture.pipeline.engine.live.subscribe("dim_fact", (delta) => heard.push(delta.upserts.length));
  await fixture.send("facts", [fact(1, 1)]);
  await fixture.send("facts", [fact(2, 1), fact(3, 1)]);
  expect(heard).toEqual([1, 2]);
  expect(failures).toEqual([new Error("mine")]);
  expect(fixture.pipeline.engine.state().status).toBe("running");
});
