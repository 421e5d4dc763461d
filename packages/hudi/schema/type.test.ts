import * as fc from "fast-check";
import { expect, it } from "vitest";
import { dataType } from "../testing/arbitrary-type.ts";
import { useFixture } from "../testing/fixture.ts";
import { foreignPart, formatType, parseAnyType, parseType } from "./type.ts";

const fixture = useFixture();

it("takes apart what it spells, and spells what it took apart", () => {
  fc.assert(
    fc.property(dataType(), (type) => {
      expect(parseType(formatType(type))).toEqual(type);
    }),
  );
});

it("spells types as DuckDB understands them, and understands how DuckDB prints them", async () => {
  const types = fc.sample(dataType(), { numRuns: 40, seed: 1 });
  const list = types.map((type, i) => `CAST(NULL AS ${formatType(type)}) AS c${i}`);
  const described = await fixture.rows(`DESCRIBE SELECT ${list.join(", ")}`);
  for (const [i, type] of types.entries()) {
    expect(parseType(String(described[i]?.["column_type"]))).toEqual(type);
  }
});

it.each([
  ["timestamp with time zone", "TIMESTAMPTZ"],
  ["TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP"],
  ["DECIMAL(12, 3)", "DECIMAL(12,3)"],
  ["decimal", "DECIMAL(18,3)"],
  ["INTEGER[3]", "INTEGER[]"],
  ["STRUCT(a INTEGER, b STRUCT(x DATE)[])[]", 'STRUCT("a" INTEGER, "b" STRUCT("x" DATE)[])[]'],
  ["map(varchar,decimal(4,2))", "MAP(VARCHAR, DECIMAL(4,2))"],
])("reads %s as %s", (text, spelt) => {
  const type = parseType(text);
  expect(type && formatType(type)).toBe(spelt);
});

it.each([
  ["HUGEINT", "HUGEINT"],
  ["STRUCT(a UUID[])", "UUID"],
  ["DECIMAL(39,2)", "DECIMAL(39,2)"],
  ["ENUM('a', 'b')", "ENUM('a', 'b')"],
  ["UNION(num INTEGER, str VARCHAR)", "UNION"],
  ['"NULL"[]', "NULL"],
  ["STRUCT(INTEGER, INTEGER)", "STRUCT(INTEGER, INTEGER)"],
  ["", ""],
  ["STRUCT(a INTEGER", "STRUCT(a INTEGER"],
  ["INTEGER[]]", "INTEGER[]]"],
])("takes no part of %j for a table's type but finds %j foreign", (text, part) => {
  expect(parseType(text)).toBeNull();
  expect(foreignPart(parseAnyType(text))).toBe(part);
});
