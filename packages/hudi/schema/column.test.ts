import { expect, it } from "vitest";
import { declareColumn } from "./column.ts";

it.each([
  ["TINYINT", /INTEGER/],
  ["USMALLINT", /INTEGER/],
  ["UINTEGER", /BIGINT/],
  ["HUGEINT", /DECIMAL/],
  ["UUID", /VARCHAR/],
  ["TIME", /BIGINT/],
  ["TIMESTAMP_NS", /TIMESTAMPTZ/],
  ["ENUM('a', 'b')", /VARCHAR/],
  ["MAP(INTEGER, DATE)", /VARCHAR/],
  ["STRUCT(a UUID[])", /VARCHAR/],
])("refuses a column of type %s, and says what to declare", (type, remedy) => {
  expect(() => declareColumn({ name: "c", type })).toThrow(
    expect.objectContaining({ code: "HUDI_COLUMN_TYPE", remedy: expect.stringMatching(remedy) }),
  );
});

it.each(["_hoodie_record_key", "_hoodie_is_deleted", "file_row_number", "größe", "a b", "1a", ""])(
  "refuses a column named %j",
  (name) => {
    expect(() => declareColumn({ name, type: "VARCHAR" })).toThrow(
      expect.objectContaining({ code: "HUDI_NAME" }),
    );
  },
);

it("refuses a field that Avro could not name", () => {
  expect(() => declareColumn({ name: "c", type: 'STRUCT("a b" INTEGER)[]' })).toThrow(
    expect.objectContaining({ code: "HUDI_NAME" }),
  );
});

it("takes DuckDB's spelling of a type", () => {
  expect(declareColumn({ name: "ts", type: "timestamp with time zone" }).type).toBe("TIMESTAMPTZ");
  expect(declareColumn({ name: "v", type: "DECIMAL(12, 3)" })).toEqual({
    name: "v",
    type: "DECIMAL(12,3)",
    nullable: true,
  });
  expect(declareColumn({ name: "v", type: "STRUCT(x INTEGER[])" }).type).toBe('STRUCT("x" INTEGER[])');
});
