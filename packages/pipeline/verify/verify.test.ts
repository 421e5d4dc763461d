// A verification that can't fail is worth nothing: a difference of each kind is planted, and has to be found.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { LocalStorage, openTable } from "@gridlake/hudi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newestPosition } from "../checkpoint/lake-tables.ts";
import { encodePosition } from "../checkpoint/position.ts";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { modelsOf, PipelineFixture } from "../runtime/pipeline.fixture.ts";
import type { VerifiedTable } from "./verify.ts";

const SUM = modelFile(
  "dws_sum",
  ["g"],
  ["g", "x", "s"],
  "SELECT a.g, SUM(a.x) AS x, MAX(a.s) AS s FROM ref('dim_fact') AS a GROUP BY a.g",
);

const fact = (k: number, g: string, x: number): object => ({ k, g, x, ts: "2026-01-01T00:00:00Z" });

let fixture: PipelineFixture;
beforeEach(async () => {
  fixture = new PipelineFixture(await modelsOf([...INPUTS, SUM], TOPICS));
  await fixture.open();
  await fixture.send("facts", [fact(1, "g0", 1.5), fact(2, "g1", 2.25), "{", fact(3, "g1", 0.001)]);
  await fixture.stop();
});
afterEach(() => fixture.remove());

/** Writes into a lake table as if the last checkpoint had. */
async function plant(path: string, change: { upserts?: string; deletes?: string }): Promise<void> {
  const table = await openTable(new LocalStorage(), join(fixture.lakeDir, path));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const now = await newestPosition(table, path);
  const there = await table.snapshotSql();
  await table.commit({
    connection,
    operation: "upsert",
    ...(change.upserts === undefined ? {} : { upserts: { sql: change.upserts.replace("THERE", there) } }),
    ...(change.deletes === undefined ? {} : { deletes: { sql: change.deletes.replace("THERE", there) } }),
    extraMetadata: now === null ? {} : encodePosition(now.position),
  });
  connection.closeSync();
  instance.closeSync();
}

async function different(): Promise<Pick<VerifiedTable, "model" | "differences" | "samples">[]> {
  const seen: string[] = [];
  const verification = await fixture.verify((table) => seen.push(table.model));
  expect(seen).toEqual(fixture.models.models.map((model) => model.name));
  const found = verification.tables.filter((table) => table.differences > 0);
  expect(verification.differences).toBe(found.reduce((sum, table) => sum + table.differences, 0));
  return found.map(({ model, differences, samples }) => ({ model, differences, samples }));
}

test("how long the micro-batches took is known to the lake, also when the state is lost, and adds up", async () => {
  const { streamMs: before } = await fixture.verify();
  expect(before).toBeGreaterThan(0);
  rmSync(join(fixture.dir, "engine"), { recursive: true });
  await fixture.open();
  await fixture.send("facts", [fact(4, "g0", 1)]);
  await fixture.stop();
  const { streamMs: after } = await fixture.verify();
  expect(after).toBeGreaterThan(before ?? 0);
});

test("nothing is different where nothing was planted, and every line counts", async () => {
  expect(await different()).toEqual([]);
  const { tables, waiting } = await fixture.verify();
  const rows = Object.fromEntries(tables.map(({ model, rowsCompared }) => [model, rowsCompared]));
  expect(rows).toMatchObject({ ods_fact: 4, dim_fact: 3, dws_sum: 2, dim_group: 0 });
  expect(waiting).toEqual({ facts: 0, groups: 0 });
});

test("a row is missing", async () => {
  await plant("dws/dws_sum", { deletes: "SELECT g FROM THERE WHERE g = 'g0'" });
  const [found, ...others] = await different();
  expect(found).toMatchObject({ model: "dws_sum", differences: 1 });
  expect(found?.samples[0]).toMatch(/only in the batch.*g0.*1\.500/);
  expect(others).toEqual([]);
});

test("a row is too much", async () => {
  await plant("dws/dws_sum", { upserts: "SELECT 'g7' AS g, 1::DECIMAL(38,3) AS x, 'a' AS s" });
  expect(await different()).toMatchObject([{ model: "dws_sum", differences: 1 }]);
});

test("a value is changed, by the least that it can be", async () => {
  await plant("dws/dws_sum", { upserts: "SELECT g, x + 0.001 AS x, s FROM THERE WHERE g = 'g1'" });
  const [found] = await different();
  expect(found).toMatchObject({ model: "dws_sum", differences: 2 });
  expect(found?.samples.join("\n")).toMatch(/2\.252/);
});

test("a NULL became a value", async () => {
  await plant("dws/dws_sum", { upserts: "SELECT g, x, '' AS s FROM THERE WHERE g = 'g1'" });
  expect(await different()).toMatchObject([{ model: "dws_sum", differences: 2 }]);
});

test("a source's line is missing in the lake: it and all that is made of it", async () => {
  await plant("ods/ods_fact", { deletes: "SELECT topic_offset, line FROM THERE WHERE k = 1" });
  expect(await different()).toMatchObject([{ model: "ods_fact", differences: 1 }]);
});

test("where the log begins later, the lake's own lines are the inputs", async () => {
  await fixture.log.trim({ topic: "facts" }, { upTo: 0 });
  expect(await different()).toEqual([]);
  await plant("ods/ods_fact", { deletes: "SELECT topic_offset, line FROM THERE WHERE k = 1" });
  const found = await different();
  expect(found.map(({ model }) => model)).toEqual(["dim_fact_last", "dim_fact", "dws_sum"]);
});

test("what is not in the lake yet waits, and is not compared", async () => {
  const value = new TextEncoder().encode("{}");
  await fixture.log.append({ topic: "facts" }, [
    { value, timestampMs: 0 },
    { value, timestampMs: 0 },
  ]);
  expect(await different()).toEqual([]);
  expect((await fixture.verify()).waiting).toEqual({ facts: 2, groups: 0 });
});
