import type {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBValue,
} from "@duckdb/node-api";
import * as arrow from "apache-arrow";
import { Map_ as MapType } from "apache-arrow";
import type { DataType } from "../schema/type.ts";

// Values become Arrow's buffers here, one by one: the library's own builders take a timestamp as a number of ms.

/** A column of a relation. */
export interface TypedColumn {
  name: string;
  type: DataType;
}

type Values = readonly (DuckDBValue | undefined)[];

export function arrowSchema(columns: readonly TypedColumn[]): arrow.Schema {
  return new arrow.Schema(columns.map(({ name, type }) => new arrow.Field(name, arrowType(type), true)));
}

/** DECIMAL(p,s) is decimal128, TIMESTAMPTZ a timestamp of µs in UTC, TIMESTAMP one without a zone. */
export function arrowType(type: DataType): arrow.DataType {
  switch (type.kind) {
    case "decimal":
      return new arrow.Decimal(type.scale, type.precision, 128);
    case "list":
      return new arrow.List(new arrow.Field("element", arrowType(type.element), true));
    case "struct":
      return new arrow.Struct(
        type.fields.map((field) => new arrow.Field(field.name, arrowType(field.type), true)),
      );
    case "map": {
      const key = new arrow.Field("key", arrowType(type.key), false);
      const value = new arrow.Field("value", arrowType(type.value), true);
      const entries = new arrow.Struct<{ key: arrow.DataType; value: arrow.DataType }>([key, value]);
      return new MapType(new arrow.Field("entries", entries, false));
    }
    case "plain":
      return PLAIN[type.name]();
  }
}

const PLAIN: Record<(DataType & { kind: "plain" })["name"], () => arrow.DataType> = {
  VARCHAR: () => new arrow.Utf8(),
  BIGINT: () => new arrow.Int64(),
  INTEGER: () => new arrow.Int32(),
  DOUBLE: () => new arrow.Float64(),
  FLOAT: () => new arrow.Float32(),
  BOOLEAN: () => new arrow.Bool(),
  BLOB: () => new arrow.Binary(),
  DATE: () => new arrow.DateDay(),
  TIME: () => new arrow.TimeMicrosecond(),
  TIMESTAMP: () => new arrow.TimestampMicrosecond(),
  TIMESTAMPTZ: () => new arrow.TimestampMicrosecond("UTC"),
};

/** A batch of rows, given column by column. */
export function recordBatch(
  schema: arrow.Schema,
  columns: readonly TypedColumn[],
  values: readonly Values[],
): arrow.RecordBatch {
  const length = values[0]?.length ?? 0;
  const children = columns.map(({ type }, i) => dataOf(type, values[i] ?? []));
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children });
  return new arrow.RecordBatch(schema, data);
}

/** A whole stream of one batch. */
export function streamOf(batch: arrow.RecordBatch): Uint8Array {
  return arrow.RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
}

function dataOf(type: DataType, values: Values): arrow.Data {
  const { nullBitmap, nullCount } = nullsOf(values);
  const base = { type: arrowType(type), length: values.length, nullCount, nullBitmap };
  const make = (buffers: object) => arrow.makeData({ ...base, ...buffers } as never) as arrow.Data;
  switch (type.kind) {
    case "decimal":
      return make({ data: decimals(values) });
    case "list": {
      const { offsets, items } = flat(values, (value) => (value as DuckDBListValue).items);
      return make({ valueOffsets: offsets, child: dataOf(type.element, items) });
    }
    case "struct": {
      const parts = type.fields.map((field) =>
        dataOf(
          field.type,
          values.map((value) => (value as DuckDBStructValue | null)?.entries[field.name] ?? null),
        ),
      );
      return make({ children: parts });
    }
    case "map": {
      const { offsets, items } = flat(values, (value) => (value as DuckDBMapValue).entries);
      const entries = arrow.makeData({
        type: (arrowType(type) as MapType).children[0]?.type as arrow.Struct,
        length: items.length,
        nullCount: 0,
        children: [
          dataOf(
            type.key,
            items.map(({ key }) => key),
          ),
          dataOf(
            type.value,
            items.map(({ value }) => value),
          ),
        ],
      });
      return make({ valueOffsets: offsets, child: entries });
    }
    case "plain":
      return make(plainBuffers(type.name, values));
  }
}

function plainBuffers(name: (DataType & { kind: "plain" })["name"], values: Values): object {
  const numbers = <A extends { [index: number]: number }>(into: A, of: (value: DuckDBValue) => number) => {
    for (const [i, value] of values.entries()) if (value !== null && value !== undefined) into[i] = of(value);
    return { data: into };
  };
  const integers = (of: (value: DuckDBValue) => bigint) => ({
    data: BigInt64Array.from(values, (value) => (value === null || value === undefined ? 0n : of(value))),
  });
  switch (name) {
    case "VARCHAR":
      return bytesOf(values, (value) => Buffer.from(value as string));
    case "BLOB":
      return bytesOf(values, (value) => (value as DuckDBBlobValue).bytes);
    case "BIGINT":
      return integers((value) => value as bigint);
    case "TIMESTAMP":
    case "TIMESTAMPTZ":
      return integers((value) => (value as DuckDBTimestampValue).micros);
    case "TIME":
      return integers((value) => (value as DuckDBTimeValue).micros);
    case "DATE":
      return numbers(new Int32Array(values.length), (value) => (value as DuckDBDateValue).days);
    case "INTEGER":
      return numbers(new Int32Array(values.length), Number);
    case "FLOAT":
      return numbers(new Float32Array(values.length), Number);
    case "DOUBLE":
      return numbers(new Float64Array(values.length), Number);
    case "BOOLEAN":
      return { data: bitmap(values, (value) => value === true) };
  }
}

/** 16 bytes each, little endian, in two's complement. */
function decimals(values: Values): Uint32Array {
  const words = new BigUint64Array(2 * values.length);
  for (const [i, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    const unscaled = (value as DuckDBDecimalValue).value;
    words[2 * i] = BigInt.asUintN(64, unscaled);
    words[2 * i + 1] = BigInt.asUintN(64, unscaled >> 64n);
  }
  return new Uint32Array(words.buffer);
}

function bytesOf(values: Values, of: (value: DuckDBValue) => Uint8Array): object {
  const { offsets, items } = flat(
    values,
    (value) => [of(value)],
    (parts) => parts[0]?.length ?? 0,
  );
  return { valueOffsets: offsets, data: Buffer.concat(items) };
}

/** The parts of all values one after another, and where those of each begin. */
function flat<T>(
  values: Values,
  of: (value: DuckDBValue) => readonly T[],
  lengthOf: (parts: readonly T[]) => number = (parts) => parts.length,
): { offsets: Int32Array; items: T[] } {
  const offsets = new Int32Array(values.length + 1);
  const items: T[] = [];
  for (const [i, value] of values.entries()) {
    const parts = value === null || value === undefined ? [] : of(value);
    for (const part of parts) items.push(part);
    offsets[i + 1] = (offsets[i] ?? 0) + lengthOf(parts);
  }
  return { offsets, items };
}

function nullsOf(values: Values): { nullBitmap: Uint8Array; nullCount: number } {
  const nullCount = values.filter((value) => value === null || value === undefined).length;
  return { nullCount, nullBitmap: bitmap(values, (value) => value !== null && value !== undefined) };
}

function bitmap(values: Values, of: (value: DuckDBValue | undefined) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) {
    if (of(value)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return bits;
}
