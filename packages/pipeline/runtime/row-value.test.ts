import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { Value } from "../ports.ts";
import { rowValue } from "./row-value.ts";

test.each<[string, Value]>([
  ["NULL", null],
  ["TRUE", true],
  ["'it''s'", "it's"],
  ["1.5::DOUBLE", 1.5],
  ["'NaN'::DOUBLE", Number.NaN],
  ["7::INTEGER", 7],
  ["9007199254740991::BIGINT", 9_007_199_254_740_991],
  // beyond 2^53 a number would be another one
  ["9007199254740992::BIGINT", "9007199254740992"],
  ["9007199254740993::BIGINT", "9007199254740993"],
  ["(-9223372036854775808)::BIGINT", "-9223372036854775808"],
  ["170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"],
  ["1.50::DECIMAL(5,2)", "1.50"],
  ["-0.001::DECIMAL(38,3)", "-0.001"],
  ["TIMESTAMPTZ '2024-03-31T01:30:00+02:00'", "2024-03-30T23:30:00Z"],
  ["TIMESTAMPTZ '2024-01-01T00:00:00.25Z'", "2024-01-01T00:00:00.250Z"],
  ["TIMESTAMPTZ '2024-01-01T00:00:00.000001Z'", "2024-01-01T00:00:00.000001Z"],
  ["TIMESTAMPTZ '1969-12-31T23:59:59.999999Z'", "1969-12-31T23:59:59.999999Z"],
  ["TIMESTAMPTZ '0099-12-31T23:59:59Z'", "0099-12-31T23:59:59Z"],
  ["TIMESTAMPTZ 'infinity'", "infinity"],
  ["DATE '2024-01-31'", "2024-01-31"],
  ["[1, 2]", "[1, 2]"],
])("%s leaves as %j", async (sql, expected) => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const [[value] = []] = (await connection.runAndReadAll(`SELECT ${sql}`)).getRows();
  connection.closeSync();
  expect(rowValue(value ?? null)).toEqual(expected);
});

test("an instant beyond RFC 3339's years leaves as DuckDB writes it", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const [[value] = []] = (
    await connection.runAndReadAll("SELECT make_timestamptz(253402300800000000)")
  ).getRows();
  connection.closeSync();
  expect(rowValue(value ?? null)).toMatch(/^10000-01-01 00:00:00/);
});
