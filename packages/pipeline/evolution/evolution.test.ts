// A changed model is built beside its former version, which stays readable until all that changed take its place at once,
// in the state and in the lake.

import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FailingStorage } from "../checkpoint/failing-storage.fixture.ts";
import { viewLake } from "../checkpoint/lake-view.ts";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import type { SourceFile } from "../model/source-file.ts";
import { modelsOf, PipelineFixture } from "../runtime/pipeline.fixture.ts";

let fixture: PipelineFixture;
let storage: FailingStorage;
beforeEach(async () => {
  storage = new FailingStorage();
  fixture = new PipelineFixture(await modelsOf([...INPUTS, ...former()], TOPICS), {
    lakeStorage: storage,
    evolution: { partRows: 2, followRows: 1 },
  });
  await fixture.open();
});
afterEach(() => fixture.remove());

/** Sums by day, and their total by group; in the lake both tell the version. */
function former(): SourceFile[] {
  const day = "window_start(a.ts, '1 day')";
  return [
    modelFile(
      "dws_day",
      ["g", "day"],
      ["g", "day", "n"],
      `SELECT a.g, ${day} AS day, SUM(a.n) AS n FROM ref('dim_fact') AS a GROUP BY a.g, ${day}`,
      "day",
    ),
    modelFile(
      "dws_total",
      ["g"],
      ["g", "n"],
      "SELECT d.g, SUM(d.n) AS n FROM ref('dws_day') AS d GROUP BY d.g",
    ),
  ];
}

/** The same times 1000; the days have a column more, or one less than then. */
function changed(columns: "more" | "less"): SourceFile[] {
  const day = "window_start(a.ts, '1 day')";
  const [more, name] = columns === "more" ? [", COUNT(*) AS facts", ["facts"]] : ["", []];
  return [
    modelFile(
      "dws_day",
      ["g", "day"],
      ["g", "day", "n", ...name],
      `SELECT a.g, ${day} AS day, SUM(a.n * 1000) AS n${more} FROM ref('dim_fact') AS a GROUP BY a.g, ${day}`,
      "day",
    ),
    modelFile(
      "dws_total",
      ["g"],
      ["g", "n"],
      "SELECT d.g, SUM(d.n) AS n FROM ref('dws_day') AS d GROUP BY d.g",
    ),
  ];
}

const fact = (k: number, n: number): object => ({
  k,
  g: `g${k % 2}`,
  n,
  ts: `2026-01-0${(k % 5) + 1}T12:00:00Z`,
});
const send = (...ks: number[]): Promise<void> =>
  fixture.send(
    "facts",
    ks.map((k) => fact(k, k)),
  );
const TOTAL = "SELECT g, n FROM dws_total ORDER BY g";
const statusOf = (name: string) =>
  fixture.pipeline.engine.state().models.find((model) => model.name === name)?.version;

async function change(files: SourceFile[]): Promise<void> {
  await fixture.stop();
  fixture.models = await modelsOf([...INPUTS, ...files], TOPICS);
  await fixture.open();
}

const TIMEOUT = { timeout: 300_000 };

test(
  "the former version stays readable as of its last micro-batch, while lines come in; then the new one is there",
  TIMEOUT,
  async () => {
    await send(1, 2, 3, 4, 5);
    const before = await fixture.rows(TOTAL);
    const { promise: gate, resolve: go } = Promise.withResolvers<void>();
    await change(changed("more"));
    // the swap waits for its turn behind this one
    const held = fixture.pipeline.checkpoints.swap(() => gate);
    expect(await fixture.rows(TOTAL)).toEqual(before);
    expect(statusOf("dws_total")).toMatchObject({ asOf: 1 });
    expect(statusOf("dws_total")?.status).not.toBe("current");
    expect(statusOf("dim_fact")).toEqual({ status: "current", asOf: null, building: null });
    await send(6);
    expect(await fixture.rows(TOTAL)).toEqual(before);
    expect(await fixture.rows("SELECT count(*) AS n FROM dim_fact")).toEqual([{ n: 6 }]);
    go();
    await held;
    await fixture.current();
    expect(await fixture.rows(TOTAL)).toEqual([
      { g: "g0", n: 12_000 },
      { g: "g1", n: 9_000 },
    ]);
    expect(await fixture.rows("SELECT CAST(sum(facts) AS BIGINT) AS n FROM dws_day")).toEqual([{ n: 6 }]);
    expect(fixture.failures).toEqual([]);
  },
);

test("a version that can't be built leaves the former one, and the rest goes on", TIMEOUT, async () => {
  await send(1, 2, 3);
  const before = await fixture.rows(TOTAL);
  const narrow = "SELECT d.g, CAST(SUM(d.n) AS DECIMAL(1,0)) AS n FROM ref('dws_day') AS d GROUP BY d.g";
  await send(9);
  const [day] = former();
  await change([day as SourceFile, modelFile("dws_total", ["g"], ["g", "n"], narrow)]);
  while (statusOf("dws_total")?.status !== "failed") await send(4);
  expect(await fixture.rows(TOTAL)).not.toEqual(before);
  expect(fixture.failures).toMatchObject([
    {
      code: "MODEL_EVALUATION_FAILED",
      details: { model: "dws_total" },
      remedy: expect.stringContaining("former"),
    },
  ]);
  await send(5);
  expect(fixture.pipeline.engine.state().status).toBe("running");
  expect(await fixture.rows("SELECT count(*) AS n FROM dim_fact")).toEqual([{ n: 6 }]);

  await change(former());
  await fixture.current();
  expect(await fixture.rows(TOTAL)).toEqual([
    { g: "g0", n: 6 },
    { g: "g1", n: 18 },
  ]);
});

/** Which version each of the lake's tables is of; a total of another version than its days is none. */
async function versionsInLake(): Promise<string> {
  const { models } = fixture.models;
  const view = await viewLake({ lakeDir: fixture.lakeDir, models, columns: "model" });
  const relation = (name: string): string =>
    view.tables.find((table) => table.model.name === name)?.relation ?? "nothing";
  const [row] = await fixture.rows(`SELECT
  (SELECT CAST(sum(n) AS BIGINT) FROM ${relation("dws_day")}) AS days,
  (SELECT CAST(sum(n) AS BIGINT) FROM ${relation("dws_total")}) AS total`);
  return JSON.stringify(Object.values(row ?? {}));
}

test.each(["more", "less"] as const)(
  "with a column %s, the lake's tables are all of the former version or all of the new one, whatever fails",
  TIMEOUT,
  async (columns) => {
    // `less` goes back from the version with more: no table takes a column away, so it gets a folder of its own
    if (columns === "less") await change(changed("more"));
    await fixture.current();
    await send(1, 2, 3, 4, 5);
    await fixture.checkpoint();
    const factor = columns === "less" ? 1_000 : 1;
    const [old, now] = [`[${15 * factor},${15 * factor}]`, columns === "less" ? "[15,15]" : "[15000,15000]"];
    expect(await versionsInLake()).toBe(old);
    storage.failAt(12, { after: false });
    await change(columns === "less" ? former() : changed("more"));
    await fixture.current();
    for (let at = 4; (await versionsInLake()) !== now; at += 9) {
      expect(await versionsInLake()).toBe(old);
      storage.failAt(at, { after: at % 2 === 0 });
      await fixture.checkpoint().catch(() => undefined);
      storage.takeBack();
      expect([old, now]).toContain(await versionsInLake());
      // a death: what was not told is told by the next start's checkpoint
      fixture.pipeline.checkpoints.interrupt();
      await fixture.stop();
      await fixture.open();
      expect(statusOf("dws_day")?.status).toBe("current");
    }
    await fixture.checkpoint();
    await fixture.stop();
    const { tables } = await fixture.verify();
    expect(tables.filter((table) => table.differences > 0 || table.isFormer)).toEqual([]);
    const folders = readdirSync(join(fixture.lakeDir, "dws")).filter((name) => name.startsWith("dws_day"));
    expect(folders).toHaveLength(columns === "less" ? 2 : 1);
  },
);

test("a death between the two names of a swap: the next start finds the table", TIMEOUT, async () => {
  await change(changed("more"));
  await fixture.current();
  await send(1, 2, 3);
  await fixture.checkpoint();
  await change(former());
  await fixture.current();
  await fixture.checkpoint();
  await fixture.stop();
  const path = join(fixture.lakeDir, "dws", "dws_day");
  renameSync(path, `${path}.next`);
  fixture.models = await modelsOf([...INPUTS, ...former()], TOPICS);
  await fixture.open();
  expect(await versionsInLake()).toBe("[6,6]");
  await send(4);
  await fixture.checkpoint();
  await fixture.stop();
  const { tables } = await fixture.verify();
  expect(tables.filter((table) => table.differences > 0 || table.isFormer)).toEqual([]);
});

test(
  "what is built when the process ends is not built again; models that change once more are",
  TIMEOUT,
  async () => {
    await send(1, 2, 3);
    await change(changed("more"));
    // the days follow, the totals and the swap are still to come
    const { promise: gate, resolve: go } = Promise.withResolvers<void>();
    const held = fixture.pipeline.checkpoints.swap(() => gate);
    while (statusOf("dws_total")?.status !== "built") await send(4);
    go();
    await held;
    await fixture.stop();
    await fixture.open();
    await fixture.current();
    expect(await fixture.rows("SELECT CAST(sum(n) AS BIGINT) AS n FROM dws_total")).toEqual([{ n: 10_000 }]);
    await change(former());
    await fixture.current();
    expect(await fixture.rows("SELECT CAST(sum(n) AS BIGINT) AS n FROM dws_total")).toEqual([{ n: 10 }]);
    await fixture.stop();
    fixture.models = await modelsOf(INPUTS, TOPICS);
    await fixture.open();
    await expect(fixture.rows(TOTAL)).rejects.toThrow("dws_total");
  },
);
