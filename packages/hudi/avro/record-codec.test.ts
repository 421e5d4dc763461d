import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import avsc from "avsc";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AvroType } from "../schema/avro-names.ts";
import { nullable, toAvroType } from "../schema/avro-type.ts";
import { dataType } from "../testing/arbitrary-type.ts";
import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { recordCodec } from "./record-codec.ts";
import { twosComplement, twosComplementBytes } from "./twos-complement.ts";

const record = (...types: AvroType[]) => ({
  type: "record",
  name: "r",
  namespace: "n",
  fields: types.map((type, i) => ({ name: `c${i}`, type })),
});

/** A value as the avsc library has it, which knows no logical types. */
function plain(value: DuckDBValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes);
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return Number(value.micros);
  if (value instanceof DuckDBTimeValue) return Number(value.micros);
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  if (value instanceof DuckDBStructValue) return mapValues(value.entries, plain);
  if (value instanceof DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: one }) => [key, plain(one)]));
  return value;
}

const mapValues = (entries: Readonly<Record<string, DuckDBValue>>, map: (value: DuckDBValue) => unknown) =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, map(value)]));

/** What avsc decoded, with the fixed bytes of decimals as numbers. */
function numbers(value: unknown, decoded: unknown): unknown {
  if (Buffer.isBuffer(value)) return typeof decoded === "bigint" ? twosComplement(value) : value;
  if (Array.isArray(value)) return value.map((one, i) => numbers(one, (decoded as unknown[])[i]));
  if (value !== null && typeof value === "object") {
    const of = decoded as Record<string, unknown>;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, numbers(one, of[key])]));
  }
  return value;
}

it("decodes what the avsc library encodes, of every type a table can have", () => {
  fc.assert(
    fc.property(fc.array(dataType(), { minLength: 1, maxLength: 4 }), (types) => {
      const schema = record(
        ...types.map((type, i) => nullable(toAvroType(type, { name: `c${i}`, namespace: "n.r" }))),
      );
      const type = avsc.Type.forSchema(schema as unknown as avsc.Schema, { wrapUnions: "never" });
      const codec = recordCodec(schema);
      expect(codec.columns.map(({ name }) => name)).toEqual(types.map((_, i) => `c${i}`));
      for (let n = 0; n < 5; n += 1) {
        const bytes = type.toBuffer(type.random());
        const value = type.fromBuffer(bytes) as Record<string, unknown>;
        const decoded = codec.decode(bytes).map(plain);
        expect(decoded).toEqual(Object.values(value).map((one, i) => numbers(one, decoded[i])));
      }
    }),
  );
});

it("refuses a record that is cut off, or goes on", () => {
  const schema = record("string", nullable("long"), { type: "array", items: "int" });
  const type = avsc.Type.forSchema(schema as unknown as avsc.Schema, { wrapUnions: "never" });
  const bytes = type.toBuffer({ c0: "abc", c1: 1_000_000, c2: [1, 2, 3] });
  const codec = recordCodec(schema);
  expect(codec.decode(bytes)).toHaveLength(3);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => codec.decode(bytes.subarray(0, length))).toThrow(RangeError);
  }
  expect(() => codec.decode(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(RangeError);
});

it("gives values or a RangeError for any bytes, and always ends", () => {
  const schema = record(
    nullable("string"),
    { type: "array", items: nullable("int") },
    { type: "map", values: "bytes" },
    { type: "enum", name: "e", symbols: ["A", "B"] },
  );
  const codec = recordCodec(schema);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        codec.decode(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 1000 },
  );
});

function decode(type: AvroType, write: (to: BinaryWriter) => void) {
  const to = new BinaryWriter();
  write(to);
  return recordCodec(record(type)).decode(to.finish())[0];
}
const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
function blocksOfItems(to: BinaryWriter): void {
  for (const value of [-2n, 2n, 7n, 8n, 1n, 9n, 0n]) to.long(value);
}

describe("types that other engines declare", () => {
  it.each<[AvroType, bigint, string]>([
    [logical("long", "timestamp-millis"), 1500n, "1970-01-01 00:00:01.5+00"],
    [logical("long", "timestamp-micros"), -1n, "1969-12-31 23:59:59.999999+00"],
    [logical("long", "local-timestamp-millis"), 1500n, "1970-01-01 00:00:01.5"],
    [logical("long", "local-timestamp-micros"), 1n, "1970-01-01 00:00:00.000001"],
    [logical("int", "time-millis"), 1500n, "00:00:01.5"],
    [logical("long", "time-micros"), 1n, "00:00:00.000001"],
    [logical("int", "date"), -1n, "1969-12-31"],
  ])("%j", (type, value, text) => {
    expect(String(decode(type, (to) => to.long(value)))).toBe(text);
  });

  it("decimals in bytes of any length", () => {
    const type = logical("bytes", "decimal", { precision: 10, scale: 2 });
    for (const bytes of [[0xff], [0xff, 0xff, 0xff, 0xff, 0xff], []]) {
      const text = bytes.length === 0 ? "0.00" : "-0.01";
      expect(String(decode(type, (to) => to.bytes(Buffer.from(bytes))))).toBe(text);
    }
  });

  it("enums, UUIDs in fixed bytes, and a null that comes last in its union", () => {
    expect(decode({ type: "enum", name: "e", symbols: ["A", "B"] }, (to) => to.long(1n))).toBe("B");
    const uuid = { type: "fixed", name: "u", size: 16, logicalType: "uuid" };
    const bytes = Buffer.from("00112233445566778899aabbccddeeff", "hex");
    expect(decode(uuid, (to) => to.raw(bytes))).toBe("00112233-4455-6677-8899-aabbccddeeff");
    expect(decode(["string", "null"], (to) => to.long(1n))).toBeNull();
  });

  it("arrays in blocks that tell their size", () => {
    expect(String(decode({ type: "array", items: "int" }, blocksOfItems))).toBe("[7, 8, 9]");
  });
});

it("keeps every bit of 64", () => {
  const longs = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...longs), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      (value) => {
        const to = new BinaryWriter();
        to.long(value);
        const from = new BinaryReader(to.finish());
        expect(from.long()).toBe(value);
        expect(from.done).toBe(true);
        expect(twosComplement(twosComplementBytes(value))).toBe(value);
      },
    ),
  );
});
