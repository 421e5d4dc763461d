import { afterEach, expect, test } from "vitest";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { modelsOf, PipelineFixture } from "./pipeline.fixture.ts";

let fixture: PipelineFixture;
afterEach(() => fixture.remove());

const both = modelFile(
  "dwd_both",
  ["side", "a", "b"],
  ["side", "a", "b", "x"],
  `SELECT 'grouped' AS side, f.k AS a, CAST(0 AS BIGINT) AS b, f.x FROM ref('dim_fact') AS f JOIN ref('dim_group') AS g ON g.g = f.g
UNION ALL SELECT 'line' AS side, l.topic_offset AS a, l.line AS b, l.x FROM ref('ods_fact') AS l`,
);
const sums = modelFile(
  "dws_sums",
  ["g"],
  ["g", "x"],
  "SELECT f.g, CAST(SUM(f.x) AS DECIMAL(20,3)) AS x FROM ref('dim_fact') AS f JOIN ref('dim_group') AS g ON g.g = f.g GROUP BY f.g",
);
const fact = (k: number, x: number): object => ({ k, g: "g0", x, ts: "2026-01-01T00:00:00Z" });

test("what meets an empty input comes to nothing until that has rows, and again when it has none", async () => {
  fixture = new PipelineFixture(await modelsOf([...INPUTS, both, sums], TOPICS));
  await fixture.open();
  const grouped = () => fixture.rows("SELECT a, x FROM dwd_both WHERE side = 'grouped' ORDER BY a");
  const lines = () => fixture.rows("SELECT count(*) AS n FROM dwd_both WHERE side = 'line'");

  await fixture.send("facts", [fact(1, 1), fact(2, 2)]);
  // a row is taken back in the block that comes to nothing; the other block's rows only come
  await fixture.send("facts", [fact(1, 5)]);
  expect([await grouped(), await lines(), await fixture.rows("FROM dws_sums")]).toEqual([[], [{ n: 3 }], []]);

  await fixture.send("groups", [{ g: "g0" }]);
  await fixture.send("facts", [fact(2, 7)]);
  expect(await grouped()).toEqual([
    { a: 1, x: "5.000" },
    { a: 2, x: "7.000" },
  ]);
  expect(await fixture.rows("SELECT x FROM dws_sums")).toEqual([{ x: "12.000" }]);

  await fixture.send("groups", [{ g: "g0", deleted: true }]);
  await fixture.send("facts", [fact(3, 1)]);
  expect([await grouped(), await lines(), await fixture.rows("FROM dws_sums")]).toEqual([[], [{ n: 5 }], []]);
  await fixture.checkpoint();
  expect((await fixture.verify()).differences).toBe(0);
});
