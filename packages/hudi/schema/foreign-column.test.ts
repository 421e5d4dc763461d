import { expect, it } from "vitest";
import { foreignColumn } from "../testing/foreign-column.ts";
import { useFixture } from "../testing/fixture.ts";
import type { AvroType } from "./avro-schema.ts";
import { checkWritable, misfitSql } from "./foreign-column.ts";

const fixture = useFixture();

it("finds what ms can't hold", async () => {
  const misfit = misfitSql(foreignColumn({ type: "long", logicalType: "timestamp-millis" }));
  const sql = `SELECT ${misfit} AS m FROM (VALUES ('2026-01-01 00:00:00.001+00'::TIMESTAMPTZ), ('2026-01-01 00:00:00.0001+00'), (NULL)) v(c)`;
  expect((await fixture.rows(sql)).map((row) => row["m"])).toEqual([false, true, null]);
});

it.each<[AvroType, good: string[], bad: string[]]>([
  [{ type: "array", items: "int" }, ["[1, 2]", "[]", "NULL"], ["[1, NULL]"]],
  [{ type: "map", values: "int" }, ["MAP {'a': 1}", "NULL"], ["MAP {'a': NULL}"]],
  [
    {
      type: "record",
      name: "s",
      fields: [
        { name: "a", type: "int" },
        { name: "b", type: ["null", "int"] },
      ],
    },
    ["{'a': 1, 'b': NULL}", "NULL"],
    ["{'a': NULL, 'b': 1}"],
  ],
  [
    {
      type: "array",
      items: [
        "null",
        { type: "record", name: "s", fields: [{ name: "l", type: { type: "array", items: "int" } }] },
      ],
    },
    ["[{'l': [1]}, NULL]", "[]"],
    ["[{'l': NULL}]", "[{'l': [1]}, {'l': [NULL]}]"],
  ],
])("finds a null where another engine allows none: %j", async (type, good, bad) => {
  const column = foreignColumn(type);
  const found = async (value: string) => {
    const sql = `SELECT count(*)::INT AS n FROM (SELECT CAST(${value} AS ${column.type}) AS c) WHERE ${misfitSql(column)}`;
    return (await fixture.rows(sql))[0]?.["n"];
  };
  for (const value of good) expect(await found(value)).toBe(0);
  for (const value of bad) expect(await found(value)).toBe(1);
});

it.each<AvroType>([
  { type: "enum", name: "e", symbols: ["A"] },
  { type: "fixed", name: "f", size: 4 },
  { type: "int", logicalType: "time-millis" },
  { type: "array", items: ["null", { type: "long", logicalType: "timestamp-millis" }] },
])("refuses to write what it could only read: %j", (type) => {
  expect(() => checkWritable([foreignColumn(type)])).toThrow(
    expect.objectContaining({ code: "HUDI_COLUMN_TYPE" }),
  );
});

it("writes other declarations of what it has itself", () => {
  checkWritable([
    foreignColumn({ type: "bytes", logicalType: "decimal", precision: 9, scale: 2 }),
    foreignColumn({ type: "array", items: "int" }),
    foreignColumn({ type: "string", logicalType: "uuid" }),
    foreignColumn({ type: "long", logicalType: "timestamp-millis" }),
  ]);
});
