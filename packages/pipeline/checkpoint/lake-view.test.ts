import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shippedModels } from "../runtime/pipeline.fixture.ts";
import { LakeTables } from "./lake-tables.ts";
import { emptyRelation, hudiInstant, viewLake } from "./lake-view.ts";

let lakeDir: string;
let connection: DuckDBConnection;

beforeEach(async () => {
  lakeDir = mkdtempSync(join(tmpdir(), "gridlake-view-"));
  connection = await (await DuckDBInstance.create(":memory:")).connect();
});
afterEach(() => {
  connection.closeSync();
  rmSync(lakeDir, { recursive: true, force: true });
});

const CHECKPOINT = ["dim_feeder_last", "dim_feeder"] as const;
const ROWS = {
  dim_feeder_last: "SELECT 'F1', NULL::VARCHAR, NULL::VARCHAR, $region, FALSE, 0::BIGINT, 1::BIGINT",
  dim_feeder: "SELECT 'F1', NULL::VARCHAR, NULL::VARCHAR, $region",
};

/** The part of a checkpoint that was written before the kill. */
async function write(checkpoint: number, tables: readonly (keyof typeof ROWS)[]): Promise<void> {
  const { models } = await shippedModels();
  const lake = await LakeTables.open({ lakeDir, models, timeZone: "UTC" });
  for (const name of tables) {
    const model = models.find((candidate) => candidate.name === name);
    const columns = model?.columns.map((column) => column.name).join(", ");
    await lake.commit(name, {
      connection,
      insertOnly: false,
      upserts: `SELECT * FROM (${ROWS[name].replace("$region", `'R${checkpoint}'`)}) AS row(${columns})`,
      deletes: null,
      position: {
        checkpoint,
        sequence: checkpoint * 10,
        offsets: { feeders: checkpoint },
        tables: CHECKPOINT,
        timeZone: "UTC",
        partition: null,
        source: null,
      },
    });
  }
}

async function regions(asOf?: string): Promise<Record<string, unknown>> {
  const { models } = await shippedModels();
  const view = await viewLake({ lakeDir, models, columns: "model", ...(asOf === undefined ? {} : { asOf }) });
  const seen: Record<string, unknown> = { checkpoint: view.checkpoint };
  for (const { model, relation } of view.tables) {
    if (relation === null) continue;
    const [[region] = []] = (await connection.runAndReadAll(`SELECT region FROM ${relation}`)).getRows();
    seen[model.name] = region;
  }
  return seen;
}

test("the view is of the newest checkpoint that every table has, however many after it were cut short", async () => {
  await write(1, ["dim_feeder_last"]);
  expect(await regions()).toEqual({ checkpoint: 0 });
  await write(2, CHECKPOINT);
  const whole = { checkpoint: 2, dim_feeder_last: "R2", dim_feeder: "R2" };
  expect(await regions()).toEqual(whole);
  await write(3, ["dim_feeder_last"]);
  expect(await regions()).toEqual(whole);
  await write(4, ["dim_feeder_last"]);
  expect(await regions()).toEqual(whole);
  await write(5, CHECKPOINT);
  expect(await regions()).toEqual({ checkpoint: 5, dim_feeder_last: "R5", dim_feeder: "R5" });
});

test("an empty lake has tables, and no rows", async () => {
  const { models } = await shippedModels();
  const view = await viewLake({ lakeDir, models, columns: "all" });
  expect({ ...view, tables: [] }).toEqual({
    checkpoint: 0,
    sequence: 0,
    streamMs: null,
    offsets: {},
    tables: [],
  });
  expect(view.tables.map(({ model }) => model.name)).toEqual(models.map((model) => model.name));
  for (const { model, instant, position, relation } of view.tables) {
    expect([instant, position, relation]).toEqual([null, null, null]);
    const columns = await connection.runAndReadAll(
      `SELECT column_name FROM (DESCRIBE FROM ${emptyRelation(model)})`,
    );
    const names = columns.getRows().map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(model.columns.map((column) => column.name)));
    expect((await connection.runAndReadAll(`FROM ${emptyRelation(model)}`)).getRows()).toEqual([]);
  }
});

test("the lake as it was at an instant: as of the checkpoint that was whole then", async () => {
  await write(1, CHECKPOINT);
  const first = new Date();
  await sleep(20);
  await write(2, ["dim_feeder_last"]);
  const between = new Date();
  await sleep(20);
  await write(3, CHECKPOINT);
  expect(await regions("2001-01-01T00:00:00Z")).toEqual({ checkpoint: 0 });
  const one = { checkpoint: 1, dim_feeder_last: "R1", dim_feeder: "R1" };
  expect(await regions(first.toISOString())).toEqual(one);
  expect(await regions(between.toISOString())).toEqual(one);
  const three = { checkpoint: 3, dim_feeder_last: "R3", dim_feeder: "R3" };
  expect(await regions(new Date().toISOString())).toEqual(three);
  expect(await regions("29990101")).toEqual(three);
});

test.each([
  ["2026-01-31T08:00:00Z", "20260131080000999"],
  ["2026-01-31T08:00:00.5Z", "20260131080000500"],
  ["2026-01-31T16:00:00+08:00", "20260131080000999"],
  ["20260131", "20260131999999999"],
  ["20260131080000", "20260131080000999"],
  ["20260131080000123", "20260131080000123"],
])("the instant %s is %s in Hudi's words", (text, expected) => {
  expect(hudiInstant(text)).toBe(expected);
});

test.each([
  "yesterday",
  "",
  "1",
  "2026013",
  "2026-01-31T08:00:00",
  "2026-01-31T25:00:00Z",
  "2026-02-30T00:00:00Z",
])("%j is no instant", (text) => {
  expect(() => hudiInstant(text)).toThrow(
    expect.objectContaining({ code: "LAKE_INSTANT_INVALID", status: 400 }),
  );
});
