import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelFile } from "../dialect/duckdb/inputs.fixture.ts";
import type { Model, ModelSet, ModelTest } from "../ir/index.ts";
import { checkModels, SourceFile } from "../model/index.ts";
import type { Row } from "../ports.ts";
import { INPUTS, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import { Database } from "../runtime/database.ts";
import { shippedModels } from "../runtime/pipeline.fixture.ts";
import { rowValue } from "../runtime/row-value.ts";
import { dataTests } from "./compile.ts";
import { checkTests } from "./load.ts";
import { runTest, type TestedTables } from "./run.ts";

const TESTED = modelFile(
  "dws_tested",
  ["k"],
  ["k", "g", "n", "d"],
  "SELECT f.k, f.s AS g, f.n, CAST(f.x AS DOUBLE) AS d FROM ref('dim_fact') AS f",
);

let database: Database;
let connection: DuckDBConnection;
let set: ModelSet;
beforeAll(async () => {
  database = await Database.open({ path: ":memory:", timeZone: "UTC", threads: 1 });
  connection = await database.connect();
  const checked = await checkModels([...INPUTS, TESTED], TOPICS);
  expect(checked.problems).toEqual([]);
  set = checked.set;
  await connection.run("CREATE TABLE dws_tested (k BIGINT, g VARCHAR, n BIGINT, d DOUBLE)");
  await connection.run("CREATE TABLE dim_group (g VARCHAR)");
  await connection.run("INSERT INTO dim_group VALUES ('a'), ('b'), (NULL)");
});
afterAll(() => {
  connection.closeSync();
  database.close();
});

const tables: TestedTables = {
  rows: async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    return reader
      .getRowObjects()
      .map((row): Row =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rowValue(value)])),
      );
  },
};

interface Tested {
  k: number;
  g: string | null;
  n: number | null;
  d: number | null;
}
const rowsOf: fc.Arbitrary<Tested[]> = fc.array(
  fc.record({
    k: fc.integer({ min: 0, max: 6 }),
    g: fc.option(fc.constantFrom("a", "b", "c")),
    n: fc.option(fc.integer({ min: -3, max: 3 })),
    d: fc.option(fc.constantFrom(-1.5, 0, 2.25, Number.NaN, Number.POSITIVE_INFINITY)),
  }),
  { maxLength: 12 },
);
const common = {
  severity: fc.constantFrom("error" as const, "warn" as const),
  where: fc.constantFrom(null, "n > 0", "g = 'a' OR n IS NULL -- and no more"),
};
const anyRule: fc.Arbitrary<ModelTest> = fc.oneof(
  fc.record({
    kind: fc.constant("notNull" as const),
    columns: fc.subarray(["k", "g", "n"], { minLength: 1 }),
    ...common,
  }),
  fc.record({
    kind: fc.constant("unique" as const),
    columns: fc.subarray(["k", "g", "n"], { minLength: 1 }),
    ...common,
  }),
  fc.record({
    kind: fc.constant("range" as const),
    column: fc.constantFrom("n", "d"),
    min: fc.option(fc.constantFrom(-1, 0)),
    max: fc.constantFrom(1, 2.5),
    ...common,
  }),
  fc.record({
    kind: fc.constant("relation" as const),
    column: fc.constant("g"),
    to: fc.constant({ model: "dim_group", column: "g" }),
    ...common,
  }),
);

/** What must be found, without SQL: rows, or keys that are there more than once. */
function broken(rows: readonly Tested[], rule: ModelTest): number {
  const looked = rows.filter(({ g, n }) => {
    if (rule.where === null) return true;
    return rule.where === "n > 0" ? n !== null && n > 0 : g === "a" || n === null;
  });
  switch (rule.kind) {
    case "notNull":
      return looked.filter((row) => rule.columns.some((name) => row[name as keyof Tested] === null)).length;
    case "unique": {
      const times = new Map<string, number>();
      for (const row of looked) {
        const values = rule.columns.map((name) => row[name as keyof Tested]);
        if (values.includes(null)) continue;
        const key = JSON.stringify(values);
        times.set(key, (times.get(key) ?? 0) + 1);
      }
      return [...times.values()].filter((count) => count > 1).length;
    }
    case "range":
      return looked.filter((row) => {
        const value = row[rule.column as keyof Tested] as number | null;
        if (value === null) return false;
        return !(
          value >= (rule.min ?? Number.NEGATIVE_INFINITY) && value <= (rule.max ?? Number.POSITIVE_INFINITY)
        );
      }).length;
    case "relation":
      return looked.filter(({ g }) => g !== null && !["a", "b"].includes(g)).length;
  }
}

test("a row that breaks a rule is always found, and a healthy table never fails", async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, anyRule, async (rows, one) => {
      await connection.run("DELETE FROM dws_tested");
      for (const { k, g, n, d } of rows)
        await connection.run("INSERT INTO dws_tested VALUES ($1, $2, $3, CAST($4 AS DOUBLE))", [
          k,
          g,
          n,
          d === null ? null : String(d),
        ]);
      const model = { ...(set.byName.get("dws_tested") as Model), tests: [one] };
      const [compiled] = dataTests(set, [], [model]);
      const result = await runTest(tables, compiled as NonNullable<typeof compiled>);
      const failures = broken(rows, one);
      expect(result.error).toBeNull();
      expect(result.failures).toBe(failures);
      expect(result.status).toBe(failures === 0 ? "pass" : one.severity === "warn" ? "warn" : "fail");
      expect(result.samples).toHaveLength(Math.min(5, failures));
    }),
    { numRuns: 300 },
  );
});

test("what can't be run is told, and is no pass", async () => {
  const model = set.byName.get("dim_fact") as Model;
  const tests: ModelTest[] = [{ kind: "notNull", columns: ["k"], severity: "error", where: null }];
  const [one] = dataTests(set, [], [{ ...model, tests }]);
  const result = await runTest(tables, one as NonNullable<typeof one>);
  expect(result).toMatchObject({ status: "error", failures: null, error: { code: "MODEL_TEST_FAILED" } });
});

const file = (text: string) => new SourceFile("tests/no_orphans.sql", text);

describe("singular tests", () => {
  const GOOD = `/*
description: No fact of a group that is not there.
severity: warn
*/
-- ref('dim_nothing') in a comment is none, nor is it in a text: 'ref(''dim_nothing'')'
SELECT * FROM ref('dws_tested') AS t WHERE t.g NOT IN (SELECT g FROM REF( 'dim_group' ) WHERE g IS NOT NULL);
`;

  test("read the models that they name, and run as they stand", async () => {
    const { tests, problems } = await checkTests([file(GOOD)], set);
    expect(problems).toEqual([]);
    const one = tests.find(({ kind }) => kind === "singular");
    expect(one).toMatchObject({ name: "no_orphans", severity: "warn", reads: ["dws_tested", "dim_group"] });
    await connection.run("DELETE FROM dws_tested");
    await connection.run("INSERT INTO dws_tested VALUES (1, 'a', 1, 1), (2, 'z', 1, 1)");
    expect(await runTest(tables, one as NonNullable<typeof one>)).toMatchObject({
      status: "warn",
      failures: 1,
      samples: [{ k: 2, g: "z" }],
    });
  });

  test.each([
    ["an unknown model", GOOD.replace("dim_group", "dim_groups"), "MODEL_UNKNOWN_REF", 6],
    ["no description", GOOD.replace("description", "descr"), "MODEL_HEADER_INVALID", 1],
    ["another severity", GOOD.replace("warn", "fatal"), "MODEL_HEADER_INVALID", 1],
    ["no model", "/*\ndescription: d\n*/\nSELECT 1", "MODEL_SYNTAX", 4],
    ["an unknown column", GOOD.replace("t.g", "t.h"), "MODEL_TEST_INVALID", 1],
    ["two statements", GOOD.replace(";", "; SELECT 1"), "MODEL_TEST_INVALID", 1],
  ])("with %s are refused", async (_, text, code, line) => {
    const { problems } = await checkTests([file(text)], set);
    expect(problems).toMatchObject([{ code, line, file: "tests/no_orphans.sql" }]);
  });
});

test("every test of the shipped models can be planned", async () => {
  const shipped = await shippedModels();
  const { tests, problems } = await checkTests([], shipped);
  expect(problems).toEqual([]);
  expect(tests).toHaveLength(shipped.models.reduce((sum, model) => sum + model.tests.length, 0));
});

test("a header's test carries its severity and its condition", async () => {
  const text = TESTED.text.replace(
    "*/",
    'tests:\n  - not_null: [g]\n    severity: warn\n    where: "n > 0"\n  - unique: key\n*/',
  );
  const checked = await checkModels([...INPUTS, new SourceFile(TESTED.path, text)], TOPICS);
  expect(checked.problems).toEqual([]);
  expect(checked.set.byName.get("dws_tested")?.tests).toEqual([
    { kind: "notNull", columns: ["g"], severity: "warn", where: "n > 0" },
    { kind: "unique", columns: ["k"], severity: "error", where: null },
  ]);
});
