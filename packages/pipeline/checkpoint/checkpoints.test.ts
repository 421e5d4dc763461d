// L3: a table's own last commit says how far it is, so whatever a checkpoint was cut short by, the next one catches up.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { modelsOf, PipelineFixture } from "../runtime/pipeline.fixture.ts";
import { FailingStorage } from "./failing-storage.fixture.ts";
import { viewLake } from "./lake-view.ts";

/** Failures of the disk, one after the other; the whole proof: GRIDLAKE_CASES=10000 (it ends when there are no more). */
const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 20);

let fixture: PipelineFixture;
afterEach(() => fixture.remove());

/** Rows in daily partitions that come and go with the facts. */
const daily = modelFile(
  "dws_daily",
  ["g", "day"],
  ["g", "day", "n"],
  "SELECT a.g, window_start(a.ts, '1 day') AS day, SUM(a.n) AS n FROM ref('dim_fact') AS a GROUP BY a.g, window_start(a.ts, '1 day')",
  "day",
);

async function open(storage = new FailingStorage()): Promise<FailingStorage> {
  fixture = new PipelineFixture(await modelsOf([...INPUTS, daily], TOPICS), { lakeStorage: storage });
  await fixture.open();
  return storage;
}

const fact = (k: number, n: number, more: object = {}): object => ({
  k,
  g: `g${k % 3}`,
  n,
  ts: `2026-01-0${(k % 4) + 1}T12:00:00Z`,
  ...more,
});

/** A lock whose release failed holds for a minute; this is that minute. */
function expireLocks(): void {
  for (const { layer, name } of fixture.models.models)
    rmSync(join(fixture.lakeDir, layer, name, ".hoodie/lock"), { force: true });
}

async function differences(): Promise<unknown[]> {
  const { tables } = await fixture.verify();
  return tables.filter((table) => table.differences > 0).map(({ model, samples }) => ({ model, samples }));
}

test(
  "whatever fails between two tables' commits, the next checkpoint catches up, and nothing is doubled",
  {
    timeout: 240_000 + 2_000 * CASES,
  },
  async () => {
    const storage = await open();
    await fixture.send("facts", [fact(0, 1), fact(1, 1), fact(2, 1)]);
    await fixture.checkpoint();
    let failed = 0;
    // evenly over the changes of a checkpoint, which are some 60; all of them in the long proof
    const step = Math.max(1, Math.floor(60 / CASES));
    for (let at = 0; ; at += step) {
      let isBehindTheLast = false;
      for (const after of [false, true]) {
        const gone = { deleted: (at + Number(after)) % 3 === 0 };
        await fixture.send("facts", [fact(at % 7, at, gone), fact((at + 3) % 7, 2 * at)]);
        storage.failAt(at, { after });
        const isWhole = await fixture.checkpoint().then(
          () => true,
          () => false,
        );
        if (storage.takeBack()) isBehindTheLast = true;
        else if (!isWhole) failed += 1;
        await fixture.send("facts", [fact((at + 1) % 7, 3 * at)]);
        expireLocks();
        await fixture.checkpoint();
      }
      // a doubled line stays, so not every step needs a look
      if (isBehindTheLast || at % 5 === 0)
        expect(await differences(), `up to a failure at change ${at}`).toEqual([]);
      if (isBehindTheLast) break;
    }
    expect(failed).toBeGreaterThan(5);
  },
);

const send = (...lines: object[]): Promise<void> => fixture.send("facts", lines);

/** What the lake has, proven to be what the state has. */
async function lake(): Promise<unknown> {
  await fixture.checkpoint();
  expect(await differences()).toEqual([]);
  return fixture.rows("SELECT k, n FROM dim_fact ORDER BY k");
}

test("a row that changed and changed back, went and came back, or never came, is in the lake as it is", async () => {
  await open();
  await send(fact(1, 1), fact(2, 2));
  await lake();
  await send(fact(1, 9));
  await send(fact(1, 1));
  expect(await lake()).toEqual([
    { k: 1, n: 1 },
    { k: 2, n: 2 },
  ]);
  await send(fact(1, 1, { deleted: true }));
  await send(fact(1, 5));
  expect(await lake()).toEqual([
    { k: 1, n: 5 },
    { k: 2, n: 2 },
  ]);
  await send(fact(1, 5, { deleted: true }));
  expect(await lake()).toEqual([{ k: 2, n: 2 }]);
  await send(fact(1, 6));
  expect(await lake()).toEqual([
    { k: 1, n: 6 },
    { k: 2, n: 2 },
  ]);
  await send(fact(7, 7));
  await send(fact(7, 7, { deleted: true }));
  expect(await lake()).toEqual([
    { k: 1, n: 6 },
    { k: 2, n: 2 },
  ]);
  await send(fact(1, 0, { deleted: true }), fact(2, 0, { deleted: true }));
  expect(await lake()).toEqual([]);
});

test("a row that moves to another day leaves no copy in the partition of the day before", async () => {
  await open();
  await fixture.send("facts", [fact(0, 1), fact(3, 1)]);
  await fixture.checkpoint();
  await fixture.send("facts", [fact(0, 1, { ts: "2026-01-09T12:00:00Z" })]);
  await fixture.checkpoint();
  expect(await differences()).toEqual([]);
  const { models } = fixture.models;
  const view = await viewLake({ lakeDir: fixture.lakeDir, models, columns: "all" });
  const relation = view.tables.find((table) => table.model.name === "dws_daily")?.relation;
  const days = await fixture.rows(`SELECT dt, n FROM ${relation} ORDER BY dt`);
  expect(days).toEqual([
    { dt: "2026-01-04", n: 1 },
    { dt: "2026-01-09", n: 1 },
  ]);
});

test("what the lake was told to delete is not kept", async () => {
  await open();
  const kept = "SELECT count(*) AS n FROM state.dim_fact__deleted";
  for (let round = 0; round < 4; round += 1) {
    await fixture.send("facts", [fact(1, round), fact(2, round)]);
    await fixture.send("facts", [fact(1, 0, { deleted: true }), fact(2, 0, { deleted: true })]);
    expect(await fixture.rows(kept)).toEqual([{ n: 2 }]);
    await fixture.checkpoint();
    expect(await fixture.rows(kept)).toEqual([{ n: 0 }]);
  }
});

test("a checkpoint under way can be interrupted; after the next start the lake catches up", async () => {
  await open();
  await fixture.send(
    "facts",
    Array.from({ length: 7 }, (_, k) => fact(k, k)),
  );
  const under = fixture.checkpoint();
  fixture.pipeline.checkpoints.interrupt();
  await expect(under).rejects.toThrow(/CHECKPOINT_CUT_SHORT|INTERRUPT|before all its tables/);
  await fixture.stop();
  await fixture.open();
  await fixture.checkpoint();
  expect(await differences()).toEqual([]);
  expect(fixture.pipeline.engine.state().checkpoint.number).toBeGreaterThan(0);
});

test("where nothing changed, nothing is written", async () => {
  await open();
  await fixture.send("facts", [fact(1, 1)]);
  await fixture.checkpoint();
  const before = fixture.pipeline.engine.state().checkpoint;
  await fixture.checkpoint();
  const after = fixture.pipeline.engine.state().checkpoint;
  expect({ ...after, completedAt: null }).toEqual({ ...before, completedAt: null });
  expect(fixture.pipeline.checkpoints.ofModel("dim_group")).toBe(0);
});
