import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataType } from "../testing/arbitrary-type.ts";
import {
  type AvroRecord,
  type AvroType,
  fromAvroSchema,
  parseAvroSchema,
  toAvroSchema,
  withMetaColumns,
} from "./avro-schema.ts";
import type { Column } from "./column.ts";
import { formatType } from "./type.ts";

const column = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
    type: dataType().map(formatType),
    nullable: fc.boolean(),
    doc: fc.string({ minLength: 1 }),
  },
  { requiredKeys: ["name", "type", "nullable"] },
);
const columns = fc.uniqueArray(column, { selector: (one) => one.name, minLength: 1 });

it("gives back the columns it was made of, with or without the meta columns", () => {
  fc.assert(
    fc.property(columns, (all) => {
      const schema = toAvroSchema("t", all as Column[]);
      expect(fromAvroSchema(JSON.parse(JSON.stringify(schema)))).toEqual(all);
      expect(fromAvroSchema(withMetaColumns(schema))).toEqual(all);
    }),
  );
});

it("defines no name twice, as Avro demands", () => {
  fc.assert(
    fc.property(columns, (all) => {
      const names: string[] = [];
      JSON.stringify(
        toAvroSchema("t", all as Column[]),
        (_, value: { name?: string; namespace?: string }) => {
          if (value?.namespace !== undefined) names.push(`${value.namespace}.${value.name}`);
          return value;
        },
      );
      expect(new Set(names).size).toBe(names.length);
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

it("names nested types as Spark does: by their column, in the namespace of what they stand in", () => {
  const type = 'STRUCT("n" STRUCT("c" DECIMAL(5,2))[])' as const;
  const [field] = toAvroSchema("t", [{ name: "st", type, nullable: false }]).fields;
  expect(field?.type).toMatchObject({
    type: "record",
    name: "st",
    namespace: "hoodie.t.t_record",
    fields: [
      {
        name: "n",
        type: [
          "null",
          {
            type: "array",
            items: [
              "null",
              {
                name: "n",
                namespace: "hoodie.t.t_record.st",
                fields: [
                  {
                    name: "c",
                    type: ["null", { name: "fixed", namespace: "hoodie.t.t_record.st.n.c", size: 3 }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

/** A schema of one column of this Avro type, as another engine may have written it. */
function foreign(type: AvroType): AvroRecord {
  return { type: "record", name: "t_record", namespace: "hoodie.t", fields: [{ name: "c", type }] };
}

describe("what other engines declare", () => {
  const decimal = { logicalType: "decimal", precision: 10, scale: 2 };
  it.each<[AvroType, string]>([
    [{ type: "bytes", ...decimal }, "DECIMAL(10,2)"],
    [{ type: "fixed", name: "f", size: 9, ...decimal }, "DECIMAL(10,2)"],
    [{ type: "bytes", logicalType: "decimal", precision: 10 }, "DECIMAL(10,0)"],
    [{ type: "long", logicalType: "timestamp-millis" }, "TIMESTAMPTZ"],
    [{ type: "long", logicalType: "local-timestamp-millis" }, "TIMESTAMP"],
    [{ type: "int", logicalType: "time-millis" }, "TIME"],
    [{ type: "string", logicalType: "uuid" }, "VARCHAR"],
    [{ type: "string", "avro.java.string": "String" }, "VARCHAR"],
    [{ type: "enum", name: "e", symbols: ["A", "B"] }, "VARCHAR"],
    [{ type: "fixed", name: "f", size: 4 }, "BLOB"],
    [{ type: "array", items: "int" }, "INTEGER[]"],
    [{ type: "map", values: ["long", "null"] }, "MAP(VARCHAR, BIGINT)"],
    [{ type: "record", name: "r", fields: [{ name: "x", type: "int" }] }, 'STRUCT("x" INTEGER)'],
    [{ type: { type: "long", logicalType: "timestamp-micros" } }, "TIMESTAMPTZ"],
  ])("%j is %s, and stays what it was in our commits", (type, spelt) => {
    for (const [declared, nullable] of [
      [type, false],
      [["null", type], true],
      [[type, "null"], true],
    ] as const) {
      const [read] = fromAvroSchema(foreign(declared as AvroType));
      expect(read).toMatchObject({ name: "c", type: spelt, nullable });
      const again = toAvroSchema("t", [read as Column]);
      expect(fromAvroSchema(again)).toEqual([read]);
    }
  });

  it("a name may be defined once and used again", () => {
    const point = { type: "record", name: "point", fields: [{ name: "x", type: "double" }] };
    const schema = foreign(point);
    schema.fields.push({ name: "d", type: ["null", "point"] }, { name: "e", type: "hoodie.t.point" });
    const read = fromAvroSchema(schema);
    expect(read.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ["c", 'STRUCT("x" DOUBLE)', false],
      ["d", 'STRUCT("x" DOUBLE)', true],
      ["e", 'STRUCT("x" DOUBLE)', false],
    ]);
    const written = toAvroSchema("t", read);
    expect(written.fields[1]?.type).toEqual(["null", "hoodie.t.point"]);
    expect(fromAvroSchema(written)).toEqual(read);
  });

  it.each<AvroType>([
    ["int", "string"],
    { type: "long", logicalType: "timestamp-nanos" },
    { type: "record", name: "v", logicalType: "variant", fields: [{ name: "value", type: "bytes" }] },
    { type: "array", items: ["null", "int", "string"] },
    { type: "record", name: "r", fields: [] },
  ])("%j can't be read, and is refused by name", (type) => {
    expect(() => fromAvroSchema(foreign(type))).toThrow(
      expect.objectContaining({
        code: "HUDI_COLUMN_TYPE",
        details: expect.objectContaining({ column: expect.stringMatching(/^c/) }),
      }),
    );
  });

  it.each([
    "{",
    '{"type":"record","name":"r","fields":[{"name":"a","type":"nowhere"}]}',
    '{"type":"record","name":"r","fields":[{"name":"a","type":["null","r"]}]}',
  ])("%s is refused", (text) => {
    expect(() => parseAvroSchema(text)).toThrow(expect.objectContaining({ code: "HUDI_SCHEMA_CORRUPT" }));
  });
});
