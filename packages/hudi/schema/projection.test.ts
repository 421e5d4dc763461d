import * as fc from "fast-check";
import { expect, it } from "vitest";
import { dataType } from "../testing/arbitrary-type.ts";
import { useFixture } from "../testing/fixture.ts";
import type { Column } from "./column.ts";
import { isProjected, projectionSql } from "./projection.ts";
import { type ColumnType, formatType, parseType } from "./type.ts";

const fixture = useFixture();
const columns = (types: Record<string, string>): Column[] =>
  Object.entries(types).map(([name, type]) => ({ name, type: type as ColumnType, nullable: true }));
const project = (sql: string, from: Column[], to: Column[]) =>
  fixture.rows(`SELECT ${projectionSql(to, { from, of: "b" }).join(", ")} FROM (${sql}) b`);

it("leaves alone what was written as it is asked for", () => {
  const types = fc.sample(dataType().map(formatType), { numRuns: 20, seed: 3 });
  const same = types.map((type, i): Column => ({ name: `c${i}`, type, nullable: true }));
  expect(projectionSql(same, { from: same, of: "b" })).toEqual(same.map(({ name }) => `b."${name}"`));
  expect(isProjected(same.slice(3), same)).toBe(true);
});

it("gives NULL for a column that is new, in its type, and what was widened in the new type", async () => {
  const from = columns({ i: "INTEGER", f: "FLOAT", l: "INTEGER", d: "DECIMAL(8,2)" });
  const to = columns({ n: 'STRUCT("x" DATE)[]', l: "DOUBLE", i: "BIGINT", f: "DOUBLE", d: "DECIMAL(9,2)" });
  expect(isProjected(to, from)).toBe(false);
  const sql = "SELECT 2000000000 AS i, 1.1::FLOAT AS f, 7 AS l, 999999.99::DECIMAL(8,2) AS d";
  expect(await project(sql, from, to)).toEqual([
    { n: null, l: 7, i: "2000000000", f: 1.1, d: "999999.99" }, // 1.1 as Spark gives it, not 1.100000023841858
  ]);
  const described = await fixture.rows(
    `DESCRIBE SELECT ${projectionSql(to, { from, of: "b" }).join(", ")} FROM (${sql}) b`,
  );
  expect(described.map((row) => parseType(String(row["column_type"])))).toEqual(
    to.map(({ type }) => parseType(type)),
  );
});

it("reaches into lists, maps and structs, and keeps their nulls", async () => {
  const from = columns({ v: 'STRUCT("a" INTEGER, "l" STRUCT("f" FLOAT)[], "m" MAP(VARCHAR, INTEGER))' });
  const to = columns({
    v: 'STRUCT("n" DATE, "l" STRUCT("f" DOUBLE, "g" DATE)[], "m" MAP(VARCHAR, BIGINT), "a" BIGINT)',
  });
  const value = `CAST({'a': 1, 'l': [{'f': 1.1}, NULL], 'm': MAP {'k': 2, 'z': NULL}} AS ${from[0]?.type})`;
  expect(await project(`SELECT ${value} AS v UNION ALL SELECT NULL`, from, to)).toEqual([
    {
      v: {
        n: null,
        l: [{ f: 1.1, g: null }, null],
        m: [
          { key: "k", value: "2" },
          { key: "z", value: null },
        ],
        a: "1",
      },
    },
    { v: null },
  ]);
});

it.each([
  ["BIGINT", "INTEGER"],
  ["DOUBLE", "BIGINT"],
  ["DOUBLE", "VARCHAR"], // engines disagree on the text
  ["TIMESTAMP", "TIMESTAMPTZ"],
  ["DECIMAL(9,2)", "DECIMAL(9,3)"],
  ["INTEGER", "INTEGER[]"],
])("refuses to read %s as %s, naming the column", (older, newer) => {
  expect(() => projectionSql(columns({ c: newer }), { from: columns({ c: older }) })).toThrow(
    expect.objectContaining({
      code: "HUDI_SCHEMA_EVOLUTION",
      details: expect.objectContaining({ column: "c" }),
    }),
  );
});
