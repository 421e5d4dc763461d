import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOPICS as GRID_TOPICS, LINE_METADATA, type Topic, type TopicField } from "@gridlake/contracts";
import type { SelectBlock } from "../../ir/block.ts";
import type { Model, ModelSet } from "../../ir/model.ts";
import type { Seed } from "../../ir/seed.ts";
import { checkModels } from "../../model/load.ts";
import { readModelFiles } from "../../model/model-files.ts";
import { SourceFile } from "../../model/source-file.ts";
import { batchSql } from "./batch.ts";
import { randomModel } from "./batch.fixture.ts";
import { renderExpr } from "./expression.ts";
import { INPUTS, TOPICS } from "./inputs.fixture.ts";
import { seedSql } from "./seed.ts";
import { ident, text } from "./quote.ts";

/** The whole proof: GRIDLAKE_CASES=10000 npx vitest run packages/pipeline/dialect/duckdb/batch */
const CASES = Number(process.env["GRIDLAKE_CASES"] ?? 100);
const SEED = Number(process.env["GRIDLAKE_SEED"] ?? 20_240_101);
const MODELS = join(import.meta.dirname, "../../../../models");
const table = (kind: string, name: string): string => (kind === "topic" ? `topic_${name}` : name);

/** Runs a model file's own text: what is the subset's alone are macros, so that DuckDB alone says what it means. */
async function open(): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'Asia/Kathmandu';
CREATE MACRO ref(name) AS TABLE SELECT * FROM query_table(name);
CREATE MACRO topic(name) AS TABLE SELECT * FROM query_table('topic_' || name);
CREATE MACRO ln(x) AS CASE WHEN x > 0 THEN system.main.ln(x) END;
CREATE MACRO sqrt(x) AS CASE WHEN x >= 0 THEN system.main.sqrt(x) END;
CREATE MACRO seconds_between(a, b) AS epoch_ms(date_trunc('second', b)) // 1000 - epoch_ms(date_trunc('second', a)) // 1000;
CREATE MACRO add_seconds(ts, n) AS ts + n * INTERVAL 1 SECOND;
CREATE MACRO window_start(ts, size) AS CASE
  WHEN size = '1 year' THEN date_trunc('year', ts)
  WHEN size = '1 month' THEN date_trunc('month', ts)
  WHEN size = '1 day' THEN date_trunc('day', ts)
  WHEN size = '1 hour' THEN date_trunc('hour', ts)
  ELSE date_trunc('hour', ts)
    + to_minutes(extract(minute FROM ts) // extract(minute FROM CAST(size AS INTERVAL)) * extract(minute FROM CAST(size AS INTERVAL)))
END;
CREATE MACRO minute_of_day(ts) AS date_diff('minute', date_trunc('day', CAST(ts AS TIMESTAMP)), CAST(ts AS TIMESTAMP));
CREATE MACRO day_of_week(ts) AS (dayofweek(CAST(ts AS TIMESTAMP)) + 6) % 7 + 1;
CREATE MACRO ratio(a, b) AS CASE WHEN abs(CAST(a AS DOUBLE) / CAST(b AS DOUBLE)) < 1e12
  THEN CAST(floor(CAST(a AS DOUBLE) / CAST(b AS DOUBLE) * 1e6 + 0.5e0) AS BIGINT)::DECIMAL(19, 0) * 0.000001 END`);
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

/** The rows that only one of the two queries has, and what DuckDB says the types are. */
async function compare(connection: DuckDBConnection, model: Model, file: SourceFile): Promise<void> {
  const list = model.columns.map(({ name, type }) => `CAST(${ident(name)} AS ${type}) AS ${ident(name)}`);
  const original = `SELECT ${list.join(", ")} FROM (${file.text})`;
  const planned = batchSql(model, ({ source }) => table(source.kind, source.name));
  const difference = `((${planned}) EXCEPT ALL (${original})) UNION ALL ((${original}) EXCEPT ALL (${planned}))`;
  expect(await rowsOf(connection, difference), planned).toEqual([]);
  const types = await rowsOf(connection, `SELECT column_name, column_type FROM (DESCRIBE ${planned})`);
  const expected = model.columns.map(({ name, type }) => [
    name,
    type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"),
  ]);
  expect(types).toEqual(expected);
  const neverNull = model.columns
    .filter((column) => !column.nullable)
    .map(({ name }) => `${ident(name)} IS NULL`);
  expect(await rowsOf(connection, `SELECT * FROM (${planned}) WHERE ${neverNull.join(" OR ")}`)).toEqual([]);
  const twice = `SELECT 1 FROM (${planned}) GROUP BY ${model.key.map(ident).join(", ")} HAVING count(*) > 1`;
  expect(await rowsOf(connection, twice)).toEqual([]);
}

const averages = (x: string, n: string): string => `/*
layer: dwd
description: d
owner: o
key: [g]
columns: { g: { description: d }, x: { description: d }, n: { description: d } }
*/
SELECT f.g, ${x} AS x, ${n} AS n FROM ref('dim_fact') AS f WHERE f.g <> 'g1' OR f.x IS NULL GROUP BY f.g`;

const quotient = (column: string): string =>
  `CAST(SUM(${column}) AS DOUBLE) / CAST(COUNT(${column}) AS DOUBLE)`;

describe("a plan means what the model's SQL says", () => {
  let connection: DuckDBConnection;
  let close: () => void;
  beforeAll(async () => {
    ({ connection, close } = await open());
  });
  afterAll(() => close());

  test("every shipped model, over random lines", { timeout: 1_800_000 }, async () => {
    const files = await readModelFiles(MODELS);
    const { set, problems } = await checkModels(files, GRID_TOPICS);
    expect(problems).toEqual([]);
    for (const seed of set.models.flatMap(({ body }) => body.blocks.flatMap(seedsOf))) {
      await connection.run(`CREATE OR REPLACE TABLE ${ident(seed.name)} AS FROM ${seedSql(seed)}`);
    }
    for (let seed = 1; seed <= 2; seed += 1) {
      await fillTopics(connection, GRID_TOPICS, seed);
      for (const model of set.models) {
        await compare(connection, model, fileOf(files, model));
        const planned = batchSql(model, ({ source }) => table(source.kind, source.name));
        await connection.run(`CREATE OR REPLACE TABLE ${ident(model.name)} AS ${planned}`);
      }
      // the comparison means something only where there are rows
      for (const model of set.models) {
        const [[count] = []] = await rowsOf(connection, `SELECT count(*) > 0 FROM ${ident(model.name)}`);
        expect([model.name, count]).toEqual([model.name, true]);
      }
    }
  });

  test("AVG is SUM / COUNT of what is not NULL, as DOUBLE, NULL of nothing", async () => {
    await fillInputs(connection);
    const average = new SourceFile("dwd/dwd_average.sql", averages("AVG(f.x)", "AVG(f.n) * 2"));
    const { set, problems } = await checkModels([...INPUTS, average], TOPICS);
    expect(problems).toEqual([]);
    const meant = new SourceFile("meant.sql", averages(quotient("f.x"), `${quotient("f.n")} * 2`));
    await compare(connection, modelOf(set, "dwd_average"), meant);
  });

  test("random models of the subset over random rows", { timeout: 300_000 + 200 * CASES }, async () => {
    await fillInputs(connection);
    let refused = 0;
    const property = fc.asyncProperty(randomModel, async (file) => {
      const { set, problems } = await checkModels([...INPUTS, file], TOPICS);
      // the generator knows no types' limits: what would need more than 38 digits behind the point is refused
      if (problems.length > 0) {
        expect(problems.map((problem) => problem.code)).toEqual(["MODEL_TYPE_CLASH"]);
        refused += 1;
        return;
      }
      const model = modelOf(set, "dwd_random");
      await compare(connection, model, file);
      await typesAreExact(connection, model);
    });
    await fc.assert(property, { numRuns: CASES, seed: SEED });
    expect(refused).toBeLessThan(CASES / 10);
  });
});

function seedsOf({ inputs }: SelectBlock): Seed[] {
  return inputs.flatMap(({ seed }) => (seed === undefined ? [] : [seed]));
}

function modelOf(set: ModelSet, name: string): Model {
  const model = set.byName.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

function fileOf(files: readonly SourceFile[], model: Model): SourceFile {
  const file = files.find((one) => one.path === model.file);
  if (file === undefined) throw new Error(`no file ${model.file}`);
  return file;
}

/** Every output of an ungrouped block has its declared type before it is cast to it. */
async function typesAreExact(connection: DuckDBConnection, model: Model): Promise<void> {
  for (const block of model.body.blocks) {
    if (block.groupBy.length > 0 || block.lag.length > 0 || block.top) continue;
    const scope = { column: (input: string, name: string): string => `${input}.${ident(name)}` };
    const list = block.output.map(({ expr }, at) => `${renderExpr(expr, scope)} AS c${at}`);
    const from = block.inputs.map((input) => `${input.source.name} AS ${input.alias}`).join(", ");
    const sql = `SELECT column_type FROM (DESCRIBE SELECT ${list.join(", ")} FROM ${from})`;
    const expected = block.output.map(({ type }) => type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"));
    expect((await rowsOf(connection, sql)).flat(), list.join("\n")).toEqual(expected);
  }
}

async function fillInputs(connection: DuckDBConnection): Promise<void> {
  await connection.run(`SELECT setseed(0.5);
CREATE OR REPLACE TABLE dim_fact AS SELECT i AS k, 'g' || (i % 4) AS g,
  CASE WHEN random() < 0.8 THEN CAST(floor(random() * 12) - 3 AS BIGINT) END AS n,
  CASE WHEN random() < 0.8 THEN CAST(random() * 20 - 6 AS DECIMAL(9,3)) END AS x,
  CASE WHEN random() < 0.8 THEN substring('abcabxA ', CAST(floor(random() * 6) + 1 AS BIGINT), 3) END AS s,
  CASE WHEN random() < 0.8 THEN random() < 0.5 END AS b,
  TIMESTAMPTZ '2024-01-30T12:00:00Z' + to_seconds(CAST(floor(random() * 300_000) AS BIGINT)) AS ts
FROM range(40) AS t(i);
CREATE OR REPLACE TABLE dim_group AS SELECT 'g' || i AS g,
  CASE WHEN i <> 1 THEN CAST(i * 1.25 - 2 AS DECIMAL(5,2)) END AS w, CASE WHEN i <> 2 THEN 'Label ' || i END AS l
FROM range(3) AS t(i)`);
}

/** Lines as the decoder would make them: refused ones keep what could be read. */
async function fillTopics(
  connection: DuckDBConnection,
  topics: readonly Topic[],
  seed: number,
): Promise<void> {
  await connection.run(`SELECT setseed(${seed / 10})`);
  // four hours, of a week that is full and one that has gaps and begins and ends in time; the register follows them
  const chance = (of: number): string => `CAST(hash(i, ${seed}, ${of}) % 240 AS BIGINT)`;
  const minute = `CASE WHEN ${chance(1)} < 192 THEN ${chance(2)} ELSE 10080 + ${chance(2)} % 15 + 225 * (${chance(3)} % 2) END`;
  const values: Record<string, string> = {
    device: "'M' || CAST(floor(random() * 14) AS BIGINT)",
    feeder: "'F' || CAST(floor(random() * 3) AS BIGINT)",
    region: "'R' || CAST(floor(random() * 6) AS BIGINT)",
    parent: "'R' || CAST(floor(random() * 6) AS BIGINT)",
    transformer: "'T' || CAST(floor(random() * 4) AS BIGINT)",
    customer: "'C' || CAST(floor(random() * 5) AS BIGINT)",
    tariff: "'P' || CAST(floor(random() * 2) AS BIGINT)",
    nominal_voltage_v: "100 * CAST(floor(random() * 9) AS BIGINT)",
    rated_voltage_v: "100 * CAST(floor(random() * 9) AS BIGINT)",
    valid_from: "TIMESTAMPTZ '2024-01-14T16:00:00Z' + to_hours(CAST(floor(random() * 3) AS BIGINT))",
    deleted: "random() < 0.1",
    ts: `TIMESTAMPTZ '2024-01-15T16:00:00Z' + to_minutes(${minute})`,
    energy_wh: `CASE WHEN random() < 0.02 THEN 0 ELSE 10 * ${minute} + ${below(3)} END`,
    element: `list_value('F0', 'F1', 'F2', 'M1')[1 + ${below(4)}]`,
    scope: `list_value('feeder', 'feeder', 'device', 'transformer')[1 + ${below(4)}]`,
    ended_at: `TIMESTAMPTZ '2024-01-15T22:30:00Z' + to_minutes(${below(400)})`,
    seq: "CAST(floor(random() * 3) AS BIGINT)",
  };
  for (const topic of topics) {
    const metadata: Record<string, string> = {
      topic_offset: "i // 10",
      line: "i % 10 + 1",
      received_at: "TIMESTAMPTZ '2024-01-15T16:00:00Z' + to_seconds(i)",
      reject_reason: "CASE WHEN random() < 0.1 THEN 'OUT_OF_RANGE' END",
      raw: "'{' || i || '}'",
    };
    const columns = LINE_METADATA.map(({ name, type }) => `CAST(${metadata[name]} AS ${type}) AS ${name}`);
    const fields = topic.fields.map((field) => {
      const { name, type, required } = field;
      const value = values[name] ?? valueSql(field);
      const isThere = required ? "reject_reason IS NULL OR random() < 0.5" : "random() < 0.95";
      return `CASE WHEN ${isThere} THEN CAST(${value} AS ${type}) END AS ${name}`;
    });
    const count = topic.name === "readings" ? 1_500 : 120;
    await connection.run(`CREATE OR REPLACE TABLE topic_${topic.name} AS
SELECT ${LINE_METADATA.map(({ name }) => name).join(", ")}, ${fields.join(", ")}
FROM (SELECT i, ${columns.join(", ")} FROM range(${count}) AS t(i))`);
  }
}

const below = (count: number): string => `CAST(floor(random() * ${count}) AS BIGINT)`;

/** A random value that the field takes. */
function valueSql({ type, values, multipleOf, max }: TopicField): string {
  if (values !== undefined) return `list_value(${values.map(text).join(", ")})[1 + ${below(values.length)}]`;
  if (type === "VARCHAR") return "'n' || i";
  if (type === "BOOLEAN") return "random() < 0.5";
  if (type === "TIMESTAMPTZ") return `TIMESTAMPTZ '2024-01-15T16:00:00Z' + to_minutes(${below(400)})`;
  return multipleOf === undefined
    ? `random() * ${Math.min(max ?? 900, 900)}`
    : `${multipleOf} * ${below(10)}`;
}
