import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  decodeStruct,
  encodeStruct,
  T,
  type ThriftField,
  type ThriftStruct,
  type ThriftValue,
} from "./thrift-compact.ts";

interface Typed {
  type: number;
  value: ThriftValue;
}

const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const { typed } = fc.letrec<{ typed: Typed; struct: ThriftStruct }>((tie) => ({
  typed: fc.oneof(
    { depthSize: "small" },
    fc.boolean().map((value): Typed => ({ type: value ? T.TRUE : T.FALSE, value })),
    fc.integer({ min: 0, max: 255 }).map((value): Typed => ({ type: T.BYTE, value })),
    fc.tuple(fc.constantFrom(T.I16, T.I32, T.I64), i64).map(([type, value]): Typed => ({ type, value })),
    fc.double({ noNaN: true }).map((value): Typed => ({ type: T.DOUBLE, value })),
    fc.uint8Array().map((bytes): Typed => ({ type: T.BINARY, value: Buffer.from(bytes) })),
    fc
      .array(i64, { maxLength: 20 })
      .map((items): Typed => ({ type: T.LIST, value: { elementType: T.I64, items } })),
    fc
      .array(fc.boolean(), { maxLength: 20 })
      .map((items): Typed => ({ type: T.SET, value: { elementType: T.TRUE, items } })),
    fc.array(fc.tuple(i64, fc.uint8Array()), { minLength: 1, maxLength: 5 }).map((entries): Typed => ({
      type: T.MAP,
      value: {
        keyType: T.I32,
        valueType: T.BINARY,
        entries: entries.map(([key, value]): [ThriftValue, ThriftValue] => [key, Buffer.from(value)]),
      },
    })),
    fc
      .array(tie("struct"), { maxLength: 4 })
      .map((items): Typed => ({ type: T.LIST, value: { elementType: T.STRUCT, items } })),
    tie("struct").map((value): Typed => ({ type: T.STRUCT, value })),
  ),
  struct: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 40 }), tie("typed")), { maxLength: 8 })
    .map((gaps) => toStruct(gaps)),
}));

/** Fields in rising id order, as every writer emits them. */
function toStruct(gaps: [number, Typed][]): ThriftStruct {
  let id = 0;
  return gaps.map(([gap, { type, value }]): ThriftField => {
    id += gap;
    return { id, type, value };
  });
}

it("reads back what it writes, whatever is nested", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), typed), { maxLength: 10 }), (gaps) => {
      const struct = toStruct(gaps);
      expect(decodeStruct(encodeStruct(struct))).toEqual(struct);
    }),
    { numRuns: 500 },
  );
});

it("refuses what is cut short or goes on", () => {
  const bytes = encodeStruct([
    { id: 1, type: T.I32, value: 7n },
    { id: 2, type: T.BINARY, value: Buffer.from("name") },
  ]);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeStruct(bytes.subarray(0, length))).toThrow(
      expect.objectContaining({ code: "HUDI_FOOTER_CORRUPT" }),
    );
  }
  expect(() => decodeStruct(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(/after its end/);
});

it("never hangs nor crashes on noise", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeStruct(Buffer.from(bytes));
      } catch (error) {
        expect(error).toMatchObject({ code: "HUDI_FOOTER_CORRUPT" });
      }
    }),
    { numRuns: 1000 },
  );
});
