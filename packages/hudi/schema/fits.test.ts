import { expect, it } from "vitest";
import { useFixture } from "../testing/fixture.ts";
import { fits } from "./fits.ts";
import type { ColumnType } from "./type.ts";

const fixture = useFixture();

it.each<[source: string, column: ColumnType]>([
  ["HUGEINT", "BIGINT"],
  ["UTINYINT", "INTEGER"],
  ["INTEGER", "DOUBLE"],
  ["FLOAT", "DOUBLE"],
  ["DECIMAL(38,2)", "DECIMAL(9,3)"],
  ["BIGINT", "DECIMAL(9,3)"],
  ["UUID", "VARCHAR"],
  ["ENUM('a', 'b')", "VARCHAR"],
  ['"NULL"', "BLOB"],
  ['"NULL"[]', "DATE[]"],
  ["INTEGER[2]", "BIGINT[]"],
  ["STRUCT(b INTEGER, A SMALLINT)", 'STRUCT("a" BIGINT, "b" BIGINT)'],
  ['MAP("NULL", "NULL")', "MAP(VARCHAR, DATE)"],
])("a source of %s fits a column of %s", (source, column) => {
  expect(fits(source, column)).toBe(true);
});

it.each<[source: string, column: ColumnType]>([
  ["BIGINT", "DOUBLE"],
  ["DOUBLE", "BIGINT"],
  ["DOUBLE", "FLOAT"],
  ["DECIMAL(9,3)", "DECIMAL(9,2)"],
  ["DOUBLE", "DECIMAL(9,2)"],
  ["TIMESTAMP", "TIMESTAMPTZ"], // the session's time zone would decide
  ["TIMESTAMPTZ", "TIMESTAMP"],
  ["DATE", "TIMESTAMP"],
  ["VARCHAR", "DATE"],
  ["VARCHAR", "BLOB"],
  ["BIGINT[]", "DOUBLE[]"],
  ["STRUCT(a INTEGER)", 'STRUCT("a" INTEGER, "b" INTEGER)'], // DuckDB would make b up
  ["STRUCT(a INTEGER, b INTEGER)", 'STRUCT("a" INTEGER)'], // and drop it here
  ["MAP(VARCHAR, DOUBLE)", "MAP(VARCHAR, BIGINT)"],
])("a source of %s does not fit a column of %s", (source, column) => {
  expect(fits(source, column)).toBe(false);
});

it("a struct is cast by the names of its fields, whatever their order", async () => {
  const sql = "SELECT CAST({'b': 1, 'A': 2::SMALLINT} AS STRUCT(a BIGINT, b BIGINT)) AS s";
  expect(await fixture.rows(sql)).toEqual([{ s: { a: "2", b: "1" } }]);
});
