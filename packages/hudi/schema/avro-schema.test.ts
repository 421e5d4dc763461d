import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fromAvroSchema, toAvroSchema, withMetaColumns } from "./avro-schema.ts";
import { type Column, type ColumnType, declareColumn } from "./column.ts";

const plain = fc.constantFrom<ColumnType[]>(
  "VARCHAR",
  "BIGINT",
  "INTEGER",
  "DOUBLE",
  "FLOAT",
  "BOOLEAN",
  "DATE",
  "TIMESTAMPTZ",
  "BLOB",
);
const decimal = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) =>
    fc.integer({ min: 0, max: precision }).map((scale): ColumnType => `DECIMAL(${precision},${scale})`),
  );
const column = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
    type: fc.oneof(plain, decimal),
    nullable: fc.boolean(),
    doc: fc.string({ minLength: 1 }),
  },
  { requiredKeys: ["name", "type", "nullable"] },
);

it("gives back the columns it was made of, with or without the meta columns", () => {
  fc.assert(
    fc.property(fc.uniqueArray(column, { selector: (one) => one.name, minLength: 1 }), (columns) => {
      const schema = toAvroSchema("t", columns as Column[]);
      expect(fromAvroSchema(JSON.parse(JSON.stringify(schema)))).toEqual(columns);
      expect(fromAvroSchema(withMetaColumns(schema))).toEqual(columns);
    }),
  );
});

function size(precision: number): number {
  const schema = toAvroSchema("t", [{ name: "v", type: `DECIMAL(${precision},0)`, nullable: false }]);
  const { type } = schema.fields[0] as unknown as { type: { size: number } };
  return type.size;
}

it("declares a decimal as Spark does, of the fewest bytes that hold it", () => {
  expect([2, 3, 4, 9, 10, 18, 19, 38].map(size)).toEqual([1, 2, 2, 4, 5, 8, 9, 16]);
});

it.each([
  ["TIMESTAMP", "HUDI_COLUMN_TYPE"],
  ["HUGEINT", "HUDI_COLUMN_TYPE"],
  ["STRUCT(a INTEGER)", "HUDI_COLUMN_TYPE"],
])("refuses a column of type %s", (type, code) => {
  expect(() => declareColumn({ name: "c", type })).toThrow(expect.objectContaining({ code }));
});

it.each(["_hoodie_record_key", "file_row_number", "größe", "a b", "1a", ""])(
  "refuses a column named %j",
  (name) => {
    expect(() => declareColumn({ name, type: "VARCHAR" })).toThrow(
      expect.objectContaining({ code: "HUDI_NAME" }),
    );
  },
);

it("takes DuckDB's spelling of a type", () => {
  expect(declareColumn({ name: "ts", type: "timestamp with time zone" }).type).toBe("TIMESTAMPTZ");
  expect(declareColumn({ name: "v", type: "DECIMAL(12, 3)" })).toEqual({
    name: "v",
    type: "DECIMAL(12,3)",
    nullable: true,
  });
});

it("refuses an Avro type that it can't read, naming the column", () => {
  const schema = toAvroSchema("t", [{ name: "ok", type: "BIGINT", nullable: true }]);
  schema.fields.push({ name: "tags", type: { type: "array", items: "string" } });
  expect(() => fromAvroSchema(schema)).toThrow(
    expect.objectContaining({
      code: "HUDI_COLUMN_TYPE",
      details: expect.objectContaining({ column: "tags" }),
    }),
  );
});
