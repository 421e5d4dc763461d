import { expect, it } from "vitest";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import type { Column } from "../schema/column.ts";
import { useFixture } from "../testing/fixture.ts";
import { deleteOrdering } from "./delete-ordering.ts";

const fixture = useFixture();
const DAY_US = 86_400_000_000n;

it.each<[Column["type"], OrderingValue, "ms" | "us", string]>([
  ["INTEGER", { kind: "int", value: -3 }, "us", "-3"],
  ["BIGINT", { kind: "long", value: 0n }, "us", "0"],
  ["FLOAT", { kind: "float", value: 0.5 }, "us", "0.5"],
  ["DOUBLE", { kind: "double", value: 0.1 }, "us", "0.1"],
  ["BOOLEAN", { kind: "boolean", value: false }, "us", "false"],
  ["VARCHAR", { kind: "string", value: "O'Neil" }, "us", "'O''Neil'"],
  ["DATE", { kind: "date", value: 1 }, "us", "DATE '1970-01-02'"],
  ["DATE", { kind: "int", value: 1 }, "us", "DATE '1970-01-02'"],
  ["TIMESTAMPTZ", { kind: "timestamp", value: DAY_US }, "ms", "TIMESTAMPTZ '1970-01-02 00:00:00+00'"],
  ["TIMESTAMPTZ", { kind: "long", value: DAY_US + 1n }, "us", "TIMESTAMPTZ '1970-01-02 00:00:00.000001+00'"],
  ["TIMESTAMP", { kind: "long", value: DAY_US / 1000n }, "ms", "TIMESTAMP '1970-01-02 00:00:00'"],
  ["TIME", { kind: "time", value: 1n }, "us", "TIME '00:00:00.000001'"],
  ["DECIMAL(9,2)", { kind: "decimal", value: -1_250_000_000_000_000n }, "us", "-1.25"],
  ["BIGINT", { kind: "array", value: [{ kind: "long", value: 7n }] }, "us", "7"],
])("a value (%#) of a column of %s casts to it", async (type, ordering, unit, sql) => {
  const text = deleteOrdering(ordering, { name: "o", type, nullable: true }, unit);
  const given = text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`;
  const [row] = await fixture.rows(`SELECT CAST(${given} AS ${type}) = CAST(${sql} AS ${type}) AS same`);
  expect(row).toEqual({ same: true });
});

it.each<[Column["type"], OrderingValue | null]>([
  ["BIGINT", null],
  ["BIGINT", { kind: "int", value: 0 }],
  ["INTEGER", { kind: "int", value: 0 }],
  ["BIGINT", { kind: "int", value: 5 }],
  ["BIGINT", { kind: "string", value: "5" }],
  ["DECIMAL(9,2)", { kind: "double", value: 5 }],
  ["TIMESTAMPTZ", { kind: "date", value: 5 }],
  ["BIGINT", { kind: "array", value: [] }],
  ["BLOB", { kind: "bytes", value: Buffer.from([1]) }],
])("a deletion (%#) in a column of %s holds whatever was before", (type, ordering) => {
  expect(deleteOrdering(ordering, { name: "o", type, nullable: true }, "us")).toBeNull();
});
