import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shippedModels } from "../runtime/pipeline.fixture.ts";
import { LakeTables } from "./lake-tables.ts";
import { viewLake } from "./lake-view.ts";

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

async function regions(): Promise<Record<string, unknown>> {
  const view = await viewLake({ lakeDir, models: (await shippedModels()).models, columns: "model" });
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
