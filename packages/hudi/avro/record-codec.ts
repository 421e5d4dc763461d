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
import { assert } from "@gridlake/kernel";
import { type AvroField, type AvroType, inlineNames } from "../schema/avro-names.ts";
import { fromAvroType, withoutNull } from "../schema/avro-type.ts";
import { type ColumnType, formatType } from "../schema/type.ts";
import { BinaryReader } from "./binary-reader.ts";
import { twosComplement } from "./twos-complement.ts";

// Not by the avsc library: its longs are doubles, or slow.

/** How records of one Avro schema become DuckDB's rows. */
export interface RecordCodec {
  readonly columns: readonly { name: string; type: ColumnType }[];
  /** The values of a record, in the columns' order. @throws RangeError when the bytes are no such record, or more. */
  decode(bytes: Buffer): DuckDBValue[];
}

type Read = (from: BinaryReader) => DuckDBValue;

/** @throws HUDI_SCHEMA_CORRUPT, HUDI_COLUMN_TYPE */
export function recordCodec(schema: unknown): RecordCodec {
  const record = inlineNames(schema) as unknown as { fields: readonly AvroField[] };
  const fields = record.fields.map(({ name, type }) => {
    const inner = withoutNull(type, name).type;
    return { name, type: formatType(fromAvroType(inner, name)), read: readerOf(type, name) };
  });
  return {
    columns: fields.map(({ name, type }) => ({ name, type })),
    decode(bytes) {
      const from = new BinaryReader(bytes);
      const row = fields.map((field) => field.read(from));
      if (!from.done) throw new RangeError(`a record of ${from.at} bytes in ${bytes.length}`);
      return row;
    },
  };
}

function readerOf(type: AvroType, path: string): Read {
  if (!Array.isArray(type)) return valueReader(type, path);
  const value = valueReader(withoutNull(type, path).type, path);
  const choices = type.map((member): Read => (member === "null" ? () => null : value));
  return (from) => (choices[from.index(choices.length)] as Read)(from);
}

function valueReader(type: AvroType, path: string): Read {
  if (typeof type === "string") return plainReader(type);
  assert(!Array.isArray(type), "a union within a union");
  const kind = String(type.type);
  const logical = type["logicalType"];
  const data = fromAvroType(type, path);
  if (data.kind === "decimal") {
    const { precision, scale } = data;
    const bytes = kind === "fixed" ? fixedReader(type) : (from: BinaryReader) => from.bytes();
    return (from) => new DuckDBDecimalValue(twosComplement(bytes(from)), precision, scale);
  }
  if (data.kind === "list") {
    const item = readerOf(type["items"] as AvroType, path);
    return (from) => new DuckDBListValue([...from.items(() => item(from))]);
  }
  if (data.kind === "map") return mapReader(readerOf(type["values"] as AvroType, path));
  if (data.kind === "struct") {
    const fields = (type["fields"] as AvroField[]).map(
      ({ name, type: inner }) => [name, readerOf(inner, `${path}.${name}`)] as const,
    );
    return (from) =>
      new DuckDBStructValue(Object.fromEntries(fields.map(([name, read]) => [name, read(from)])));
  }
  if (kind === "enum") {
    const symbols = type["symbols"] as string[];
    return (from) => symbols[from.index(symbols.length)] ?? null;
  }
  if (kind === "fixed") {
    const bytes = fixedReader(type);
    return data.name === "VARCHAR"
      ? (from) => uuidText(bytes(from))
      : (from) => new DuckDBBlobValue(bytes(from));
  }
  return logicalReader(`${kind}/${String(logical)}`) ?? plainReader(kind);
}

/** Null for a logical type that changes nothing. */
function logicalReader(type: string): Read | null {
  switch (type) {
    case "int/date":
      return (from) => new DuckDBDateValue(from.int());
    case "int/time-millis":
      return (from) => new DuckDBTimeValue(BigInt(from.int()) * 1000n);
    case "long/time-micros":
      return (from) => new DuckDBTimeValue(from.long());
    case "long/timestamp-millis":
      return (from) => new DuckDBTimestampTZValue(from.long() * 1000n);
    case "long/timestamp-micros":
      return (from) => new DuckDBTimestampTZValue(from.long());
    case "long/local-timestamp-millis":
      return (from) => new DuckDBTimestampValue(from.long() * 1000n);
    case "long/local-timestamp-micros":
      return (from) => new DuckDBTimestampValue(from.long());
    default:
      return null;
  }
}

function plainReader(kind: string): Read {
  switch (kind) {
    case "boolean":
      return (from) => from.boolean();
    case "int":
      return (from) => from.int();
    case "long":
      return (from) => from.long();
    case "float":
      return (from) => from.float();
    case "double":
      return (from) => from.double();
    case "bytes":
      return (from) => new DuckDBBlobValue(from.bytes());
    default:
      assert(kind === "string", `${kind} has no values`);
      return (from) => from.string();
  }
}

function fixedReader(type: { [key: string]: unknown }): (from: BinaryReader) => Buffer {
  const size = Number(type["size"]);
  return (from) => from.fixed(size);
}

/** Of two entries with one key, which a map of Avro may have, the later holds. */
function mapReader(value: Read): Read {
  return (from) => {
    const entries = new Map(from.items(() => [from.string(), value(from)] as const));
    return new DuckDBMapValue([...entries].map(([key, one]) => ({ key, value: one })));
  };
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
