// State and lake come back in step, whichever of them is lost, old, or made of something else (law L3).

import { cpSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import type { SourceFile } from "../model/source-file.ts";
import { modelsOf, PipelineFixture } from "../runtime/pipeline.fixture.ts";

let fixture: PipelineFixture;
beforeEach(async () => {
  fixture = new PipelineFixture(await modelsOf([...INPUTS, sums()], TOPICS));
  await fixture.open();
});
afterEach(() => fixture.remove());

/** A model of the facts' groups; `more` is what another version of it shows too. */
function sums(more: Record<string, string> = {}, n = "SUM(a.n)"): SourceFile {
  const columns = Object.entries({ n, ...more });
  const list = columns.map(([name, sql]) => `${sql} AS ${name}`).join(", ");
  const sql = `SELECT a.g, ${list} FROM ref('dim_fact') AS a GROUP BY a.g`;
  return modelFile("dws_sum", ["g"], ["g", ...columns.map(([name]) => name)], sql);
}

const fact = (k: number, g: string, n: number, more: object = {}): object => ({
  k,
  g,
  n,
  ts: "2026-01-01T00:00:00Z",
  ...more,
});
const SUMS = "SELECT g, n FROM dws_sum ORDER BY g";
const engineDir = (): string => join(fixture.dir, "engine");

async function expectVerified(): Promise<void> {
  await fixture.current();
  await fixture.checkpoint();
  await fixture.stop();
  const { tables } = await fixture.verify();
  expect(tables.filter((table) => table.differences > 0 || table.isFormer)).toEqual([]);
  expect(tables.find((table) => table.model === "ods_fact")?.rowsCompared).toBeGreaterThan(0);
}

/** Sends lines in three records: one checkpoint has the first, the next one the second, none the third. */
async function sendThree(): Promise<void> {
  await fixture.send("facts", [fact(1, "g0", 1), fact(2, "g1", 2)]);
  await fixture.checkpoint();
  await fixture.send("facts", [fact(3, "g0", 4), fact(2, "g1", 2, { deleted: true })]);
  await fixture.checkpoint();
  await fixture.send("facts", [fact(4, "g2", 8)]);
}

const THREE = [
  { g: "g0", n: 5 },
  { g: "g2", n: 8 },
];

/** Ends without the last checkpoint that a stop writes, as a kill would. */
async function kill(): Promise<void> {
  fixture.pipeline.checkpoints.interrupt();
  await fixture.stop();
}

test("the engine's folder is lost", async () => {
  await sendThree();
  await kill();
  rmSync(engineDir(), { recursive: true });
  await fixture.open();
  await fixture.pipeline.engine.reached("facts", 2, 120_000);
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await fixture.send("facts", [fact(4, "g2", 8, { deleted: true })]);
  await expectVerified();
});

test("the engine's folder is an old copy, behind the lake", async () => {
  await fixture.send("facts", [fact(9, "g9", 9)]);
  await fixture.stop();
  cpSync(engineDir(), join(fixture.dir, "copy"), { recursive: true });
  await fixture.open();
  await sendThree();
  await kill();
  rmSync(engineDir(), { recursive: true });
  renameSync(join(fixture.dir, "copy"), engineDir());
  await fixture.open();
  await fixture.pipeline.engine.reached("facts", 3, 120_000);
  expect(await fixture.rows(SUMS)).toEqual([...THREE, { g: "g9", n: 9 }]);
  await expectVerified();
});

test("the lake is lost, or an old copy, behind the state", async () => {
  await fixture.send("facts", [fact(9, "g9", 9)]);
  await fixture.stop();
  cpSync(fixture.lakeDir, join(fixture.dir, "copy"), { recursive: true });
  await fixture.open();
  await fixture.send("facts", [fact(9, "g9", 9, { deleted: true })]);
  await sendThree();
  await fixture.stop();
  rmSync(fixture.lakeDir, { recursive: true });
  renameSync(join(fixture.dir, "copy"), fixture.lakeDir);
  await fixture.open();
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await expectVerified();

  rmSync(fixture.lakeDir, { recursive: true });
  await fixture.open();
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await expectVerified();
});

test("both are lost: the log has it all", async () => {
  await sendThree();
  await kill();
  rmSync(engineDir(), { recursive: true });
  rmSync(fixture.lakeDir, { recursive: true });
  await fixture.open();
  await fixture.pipeline.engine.reached("facts", 2, 120_000);
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await expectVerified();
});

test("the log begins behind what the lake has: the engine says so and takes nothing in", async () => {
  await sendThree();
  await kill();
  rmSync(engineDir(), { recursive: true });
  rmSync(fixture.lakeDir, { recursive: true });
  await fixture.log.trim({ topic: "facts" }, { upTo: 0 });
  await fixture.open();
  expect(await fixture.pipeline.engine.reached("facts", 2, 120_000)).toBe(false);
  expect(fixture.pipeline.engine.state()).toMatchObject({
    status: "failed",
    sequence: 0,
    error: { code: "LOG_OFFSET_OUT_OF_RANGE" },
  });
});

test("what the lake has may be gone from the log", async () => {
  await sendThree();
  expect(fixture.pipeline.checkpoints.floor("facts")).toBe(1);
  await fixture.log.trim({ topic: "facts" }, { upTo: 1 });
  await kill();
  rmSync(engineDir(), { recursive: true });
  await fixture.open();
  await fixture.pipeline.engine.reached("facts", 2, 120_000);
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await expectVerified();
  expect((await fixture.verify()).trimmed["facts"]).toBe(2);
});

test.each([
  [
    "the same columns",
    sums({}, "SUM(a.n) * 10"),
    [
      { g: "g0", n: 50 },
      { g: "g2", n: 80 },
    ],
  ],
  ["one more column", sums({ rows: "COUNT(*)" }), THREE],
  [
    "another type",
    sums({}, "CAST(SUM(a.n) AS DECIMAL(20,2))"),
    [
      { g: "g0", n: "5.00" },
      { g: "g2", n: "8.00" },
    ],
  ],
])("a model is changed, with %s", async (_, changed, expected) => {
  await sendThree();
  await fixture.stop();
  fixture.models = await modelsOf([...INPUTS, changed], TOPICS);
  await fixture.open();
  await fixture.current();
  expect(await fixture.rows(SUMS)).toEqual(expected);
  await fixture.send("facts", [fact(5, "g0", 100), fact(5, "g0", 100, { deleted: true })]);
  await expectVerified();
});

const pairs = (key: string[]): SourceFile =>
  modelFile("dws_pair", key, ["a", "b"], "SELECT a.g AS a, a.g AS b FROM ref('dim_fact') AS a GROUP BY a.g");

test("a model's key is changed, but none of its columns: the lake gets another table", async () => {
  fixture.models = await modelsOf([...INPUTS, pairs(["a"])], TOPICS);
  await fixture.stop();
  await fixture.open();
  await sendThree();
  await fixture.stop();
  fixture.models = await modelsOf([...INPUTS, pairs(["b"])], TOPICS);
  await fixture.open();
  await fixture.current();
  await fixture.send("facts", [fact(4, "g2", 8, { deleted: true })]);
  await expectVerified();
  const tables = readdirSync(join(fixture.lakeDir, "dws"));
  expect(tables.filter((name) => name.startsWith("dws_pair.replaced-"))).toHaveLength(1);
});

function summedBy(sql: string, where = "TRUE"): ReturnType<typeof modelsOf> {
  const select = `SELECT ${sql} AS id, SUM(a.n) AS n FROM ref('dim_fact') AS a WHERE ${where} GROUP BY ${sql}`;
  return modelsOf([...INPUTS, modelFile("dws_sum", ["id"], ["id", "n"], select)], TOPICS);
}

test("a model's key is of another type: no row of the one is a row of the other", async () => {
  await fixture.stop();
  fixture.models = await summedBy("a.g");
  await fixture.open();
  await sendThree();
  await fixture.checkpoint();
  await fixture.stop();
  fixture.models = await summedBy("a.k");
  await fixture.open();
  await fixture.current();
  await fixture.send("facts", [fact(2, "g1", 2, { deleted: true })]);
  await expectVerified();
});

test("a row whose whole key is an empty text stops the checkpoint, which names the model; mended, it goes on", async () => {
  await fixture.stop();
  fixture.models = await summedBy("a.s", "a.s IS NOT NULL");
  await fixture.open();
  await fixture.send("facts", [fact(1, "g0", 1, { s: "" }), fact(2, "g0", 1, { s: "a" })]);
  await expect(fixture.checkpoint()).rejects.toMatchObject({
    code: "LAKE_KEY_EMPTY",
    message: expect.stringContaining("dws_sum"),
    remedy: expect.stringContaining("id <> ''"),
  });
  fixture.pipeline.checkpoints.interrupt();
  await fixture.stop();
  fixture.models = await summedBy("a.s", "a.s <> ''");
  await fixture.open();
  await expectVerified();
});

test("a model is away for a while, and comes back as it was", async () => {
  await fixture.send("facts", [fact(1, "g0", 1), fact(2, "g1", 2)]);
  await fixture.stop();
  const { models } = fixture;
  fixture.models = await modelsOf(INPUTS, TOPICS);
  await fixture.open();
  await expect(fixture.rows(SUMS)).rejects.toThrow("dws_sum");
  await fixture.send("facts", [fact(3, "g0", 4), fact(2, "g1", 2, { deleted: true }), fact(4, "g2", 8)]);
  await fixture.stop();
  fixture.models = models;
  await fixture.open();
  await fixture.current();
  expect(await fixture.rows(SUMS)).toEqual(THREE);
  await expectVerified();
});

const changedSource = (select: string, columns: readonly string[]): SourceFile[] => [
  modelFile("ods_fact", ["topic_offset", "line"], columns, `SELECT ${select} FROM topic('facts') AS t`),
  ...INPUTS.filter(({ path }) => path !== "ods/ods_fact.sql"),
  sums(),
];
const COLUMNS = ["topic_offset", "line", "reject_reason", "k", "g", "n", "x", "s", "b", "ts", "deleted"];

test("a source with other columns is refused: its rows can't be computed from anything else", async () => {
  await sendThree();
  await fixture.stop();
  const names = [...COLUMNS, "received_at"];
  const files = changedSource(names.map((name) => `t.${name}`).join(", "), names);
  fixture.models = await modelsOf(files, TOPICS);
  await expect(fixture.open()).rejects.toMatchObject({ code: "LAKE_SOURCE_CHANGED" });
});

test("a source that makes something else of a line does so from then on, also when the state is lost", async () => {
  await sendThree();
  await fixture.stop();
  const select = COLUMNS.map((name) => (name === "n" ? "t.n * 1000 AS n" : `t.${name}`)).join(", ");
  fixture.models = await modelsOf(changedSource(select, COLUMNS), TOPICS);
  await fixture.open();
  await fixture.current();
  await fixture.send("facts", [fact(5, "g0", 1)]);
  const expected = [
    { g: "g0", n: 1005 },
    { g: "g2", n: 8 },
  ];
  expect(await fixture.rows(SUMS)).toEqual(expected);
  await fixture.checkpoint();
  await fixture.send("facts", [fact(6, "g2", 1)]);
  await expectVerified();
  rmSync(engineDir(), { recursive: true });
  await fixture.open();
  expect(await fixture.rows(SUMS)).toEqual([
    { g: "g0", n: 1005 },
    { g: "g2", n: 1008 },
  ]);
  await expectVerified();
});
