import avsc from "avsc";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column } from "../schema/column.ts";
import { useFixture } from "../testing/fixture.ts";
import { DeleteContent, type DeleteRecord, readDeletes } from "./delete-block.ts";
import { type OrderingValue, orderingOf, orderingSql } from "./ordering-value.ts";

const PLACE = { file: "/t/.f_1.log.1_0-0-0", offset: 7 };
const fixture = useFixture();

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const ordering: fc.Arbitrary<OrderingValue | null> = fc.oneof(
  fc.constant(null),
  fc.boolean().map((value) => ({ kind: "boolean" as const, value })),
  fc.tuple(fc.constantFrom("int" as const, "date" as const), int).map(([kind, value]) => ({ kind, value })),
  fc
    .tuple(fc.constantFrom("long" as const, "time" as const, "timestamp" as const, "decimal" as const), long)
    .map(([kind, value]) => ({ kind, value })),
  fc.double({ noNaN: true }).map((value) => ({ kind: "double" as const, value })),
  fc.float({ noNaN: true }).map((value) => ({ kind: "float" as const, value })),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ kind: "bytes" as const, value: Buffer.from(bytes) })),
  fc.string({ unit: "grapheme" }).map((value) => ({ kind: "string" as const, value })),
);
const record: fc.Arbitrary<DeleteRecord> = fc.record({
  key: fc.string({ unit: "grapheme" }),
  partition: fc.string({ unit: "grapheme" }),
  ordering,
});

function contentOf(records: readonly DeleteRecord[]): Buffer {
  const content = new DeleteContent();
  for (const one of records) content.add(one);
  return content.finish();
}

it("gives back the deletes that were written", () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      expect([...readDeletes(contentOf(records), PLACE)]).toEqual(records);
    }),
  );
});

const wrapper = (name: string, type: avsc.Schema) => ({
  type: "record",
  name,
  fields: [{ name: "value", type }],
});

describe("as another writer has them", () => {
  const wrappers = [
    "null",
    wrapper("BooleanWrapper", "boolean"),
    wrapper("IntWrapper", "int"),
    wrapper("LongWrapper", "long"),
    wrapper("FloatWrapper", "float"),
    wrapper("DoubleWrapper", "double"),
    wrapper("BytesWrapper", "bytes"),
    wrapper("StringWrapper", "string"),
    wrapper("DateWrapper", "int"),
    wrapper("DecimalWrapper", "bytes"),
    wrapper("TimeMicrosWrapper", "long"),
    wrapper("TimestampMicrosWrapper", "long"),
  ];
  const names = wrappers.slice(1).map((one) => (one as { name: string }).name);
  const arrayWrapper = {
    type: "record",
    name: "ArrayWrapper",
    fields: [
      {
        name: "wrappedValues",
        type: ["null", { type: "array", items: ["null", ...names, wrapper("LocalDateWrapper", "int")] }],
      },
    ],
  };
  const list = avsc.Type.forSchema(
    {
      type: "array",
      items: {
        type: "record",
        name: "HoodieDeleteRecord",
        fields: [
          { name: "recordKey", type: ["null", "string"] },
          { name: "partitionPath", type: ["null", "string"] },
          { name: "orderingVal", type: [...wrappers, arrayWrapper] },
        ],
      },
    } as unknown as avsc.Schema,
    { wrapUnions: "always" },
  );

  /** A delete block's content by a general Avro encoder. */
  function encoded(values: readonly unknown[], version = 3): Buffer {
    const bytes = list.toBuffer(
      values.map((orderingVal, i) => ({
        recordKey: { string: `k${i}` },
        partitionPath: { string: "p" },
        orderingVal,
      })),
    );
    const before = Buffer.alloc(8);
    before.writeUInt32BE(version, 0);
    before.writeUInt32BE(bytes.length, 4);
    return Buffer.concat([before, bytes]);
  }

  it("reads every wrapper, and arrays of them", () => {
    const wrapped = [
      null,
      { BooleanWrapper: { value: true } },
      { IntWrapper: { value: -7 } },
      { LongWrapper: { value: 1_767_225_600_000_000 } },
      { FloatWrapper: { value: 0.5 } },
      { DoubleWrapper: { value: 0.1 } },
      { BytesWrapper: { value: Buffer.from([1, 2]) } },
      { StringWrapper: { value: "Zürich" } },
      { DateWrapper: { value: 20_000 } },
      { DecimalWrapper: { value: Buffer.from([0xff, 0x38]) } },
      { TimeMicrosWrapper: { value: 5 } },
      { TimestampMicrosWrapper: { value: 6 } },
      {
        ArrayWrapper: {
          wrappedValues: { array: [{ LongWrapper: { value: 3 } }, null, { LocalDateWrapper: { value: 9 } }] },
        },
      },
    ];
    expect([...readDeletes(encoded(wrapped), PLACE)].map((one) => one.ordering)).toEqual([
      null,
      { kind: "boolean", value: true },
      { kind: "int", value: -7 },
      { kind: "long", value: 1_767_225_600_000_000n },
      { kind: "float", value: 0.5 },
      { kind: "double", value: 0.1 },
      { kind: "bytes", value: Buffer.from([1, 2]) },
      { kind: "string", value: "Zürich" },
      { kind: "date", value: 20_000 },
      { kind: "decimal", value: -200n },
      { kind: "time", value: 5n },
      { kind: "timestamp", value: 6n },
      { kind: "array", value: [{ kind: "long", value: 3n }, null, { kind: "date", value: 9 }] },
    ]);
  });

  it.each([1, 2])("refuses version %i, a Java object, naming file and offset", (version) => {
    expect(() => [...readDeletes(encoded([null], version), PLACE)]).toThrow(
      expect.objectContaining({ code: "HUDI_LOG_UNSUPPORTED", details: PLACE }),
    );
  });

  it("refuses bytes that end early, or late, naming file and offset", () => {
    const whole = encoded([{ StringWrapper: { value: "abc" } }, null]);
    const corrupt = expect.objectContaining({ code: "HUDI_LOG_CORRUPT", details: PLACE });
    for (let length = 0; length < whole.length; length += 1) {
      const cut = Buffer.from(whole.subarray(0, length));
      if (length >= 8) cut.writeUInt32BE(length - 8, 4);
      expect(() => [...readDeletes(cut, PLACE)]).toThrow(corrupt);
    }
    const longer = Buffer.concat([whole, Buffer.from([0])]);
    longer.writeUInt32BE(longer.length - 8, 4);
    expect(() => [...readDeletes(longer, PLACE)]).toThrow(corrupt);
  });
});

const column = (type: Column["type"], avro?: Column["avro"]): Column => ({
  name: "o",
  type,
  nullable: true,
  ...(avro && { avro }),
});

describe("the ordering value of a deletion", () => {
  it.each<[Column, string, OrderingValue]>([
    [column("INTEGER"), "-5", { kind: "int", value: -5 }],
    [column("BIGINT"), "9223372036854775807", { kind: "long", value: 9_223_372_036_854_775_807n }],
    [column("DOUBLE"), "0.1", { kind: "double", value: 0.1 }],
    [column("FLOAT"), "0.5", { kind: "float", value: 0.5 }],
    [column("VARCHAR"), "'b''c'", { kind: "string", value: "b'c" }],
    [column("BOOLEAN"), "true", { kind: "boolean", value: true }],
    [column("DATE"), "DATE '1970-01-03'", { kind: "int", value: 2 }],
    [column("TIMESTAMPTZ"), "TIMESTAMPTZ '1970-01-01 00:00:01+00'", { kind: "long", value: 1_000_000n }],
    [
      column("TIMESTAMP", { type: "long", logicalType: "local-timestamp-millis" }),
      "TIMESTAMP '1970-01-01 00:00:01'",
      { kind: "long", value: 1000n },
    ],
    [column("DECIMAL(9,2)"), "-1.25", { kind: "decimal", value: -1_250_000_000_000_000n }],
  ])("of $type is the number in the record", async (ordered, sql, expected) => {
    const value = `CAST(${sql} AS ${ordered.type})`;
    const [row] = await fixture.rows(`SELECT ${orderingSql(ordered, value)} AS text`);
    expect(orderingOf(ordered, String(row?.["text"]))).toEqual(expected);
    expect(orderingOf(ordered, null)).toBeNull();
  });

  it.each<Column["type"]>(["BLOB", "INTEGER[]", "DECIMAL(38,2)"])("can't be %s", (type) => {
    expect(() => orderingOf(column(type), "1")).toThrow(
      expect.objectContaining({ code: "HUDI_COLUMN_TYPE" }),
    );
  });
});
