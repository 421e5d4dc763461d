import { GridlakeError } from "@gridlake/kernel";
import { BinaryReader } from "../avro/binary-reader.ts";
import { BinaryWriter } from "../avro/binary-writer.ts";
import { twosComplement, twosComplementBytes } from "../avro/twos-complement.ts";
import { type Column, typeOf } from "../schema/column.ts";
import { isInMs } from "../schema/foreign-column.ts";

/**
 * The value of the ordering column that a deletion has, in one of the wrappers of Hudi's delete blocks. Dates are days,
 * times and timestamps µs. A `decimal` is scaled by 10^15.
 */
export type OrderingValue =
  | { kind: "boolean"; value: boolean }
  | { kind: "int" | "float" | "double" | "date"; value: number }
  | { kind: "long" | "decimal" | "time" | "timestamp"; value: bigint }
  | { kind: "bytes"; value: Buffer }
  | { kind: "string"; value: string }
  | { kind: "array"; value: readonly (OrderingValue | null)[] };

type Kind = OrderingValue["kind"];

/** By their index in the union; 0 is null. */
const KINDS: readonly Kind[] = [
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
  "date",
  "decimal",
  "time",
  "timestamp",
  "array",
];
/** Those within an array: a local date is the last, in place of a further array. */
const ARRAY_KINDS: readonly Kind[] = [...KINDS.slice(0, -1), "date"];

export function readOrdering(from: BinaryReader, kinds: readonly Kind[] = KINDS): OrderingValue | null {
  const kind = kinds[from.index(kinds.length + 1) - 1];
  if (kind === undefined) return null;
  switch (kind) {
    case "boolean":
      return { kind, value: from.boolean() };
    case "int":
    case "date":
      return { kind, value: from.int() };
    case "long":
    case "time":
    case "timestamp":
      return { kind, value: from.long() };
    case "float":
      return { kind, value: from.float() };
    case "double":
      return { kind, value: from.double() };
    case "bytes":
      return { kind, value: from.bytes() };
    case "string":
      return { kind, value: from.string() };
    case "decimal":
      return { kind, value: twosComplement(from.bytes()) };
    case "array": {
      const isThere = from.index(2) === 1;
      return { kind, value: isThere ? [...from.items(() => readOrdering(from, ARRAY_KINDS))] : [] };
    }
  }
}

/** What a column's values are wrapped in so that they compare with those of the records. */
const KIND_OF_COLUMN: Readonly<Record<string, "int" | "long" | "float" | "double" | "string" | "boolean">> = {
  INTEGER: "int",
  BIGINT: "long",
  FLOAT: "float",
  DOUBLE: "double",
  VARCHAR: "string",
  BOOLEAN: "boolean",
  // the numbers in the records: what engines unwrap the wrappers for dates and timestamps to compares with none
  DATE: "int",
  TIMESTAMPTZ: "long",
  TIMESTAMP: "long",
};

/** Of Hudi's wrapper: 30 digits, 15 of them behind the point. */
const DECIMAL_SCALE = 15;

/** The SQL of what `orderingOf` takes: a value of the ordering column, given as SQL, as text. */
export function orderingSql(column: Column, sql: string): string {
  const { type } = column;
  const epoch = isInMs(column.avro) ? "epoch_ms" : "epoch_us";
  const isTime = type === "TIMESTAMPTZ" || type === "TIMESTAMP";
  const value = isTime ? `${epoch}(${sql})` : type === "DATE" ? `(${sql} - DATE '1970-01-01')` : sql;
  return `CAST(${value} AS VARCHAR)`;
}

/**
 * The ordering value that a delete record is to carry, from the text that `orderingSql` gives.
 * @throws HUDI_COLUMN_TYPE for a column whose values engines could not compare.
 */
export function orderingOf(column: Column, text: string | null): OrderingValue | null {
  if (text === null) return null;
  const kind = KIND_OF_COLUMN[column.type];
  switch (kind) {
    case "int":
    case "float":
    case "double":
      return { kind, value: Number(text) };
    case "long":
      return { kind, value: BigInt(text) };
    case "boolean":
      return { kind, value: text === "true" };
    case "string":
      return { kind, value: text };
    default:
      return decimalOf(column, text);
  }
}

function decimalOf(column: Column, text: string): OrderingValue {
  const type = typeOf(column);
  if (type.kind !== "decimal" || type.scale > DECIMAL_SCALE || type.precision - type.scale > DECIMAL_SCALE) {
    throw new GridlakeError("HUDI_COLUMN_TYPE", `the ordering column ${column.name} is ${column.type}`, {
      remedy: `order by one of ${Object.keys(KIND_OF_COLUMN).join(", ")}, or a DECIMAL of ${DECIMAL_SCALE} digits before and behind the point`,
      details: { column: column.name, type: column.type },
    });
  }
  const [whole = "", fraction = ""] = text.split(".");
  return { kind: "decimal", value: BigInt(whole + fraction.padEnd(DECIMAL_SCALE, "0")) };
}

export function writeOrdering(to: BinaryWriter, ordering: OrderingValue | null): void {
  to.long(BigInt(ordering === null ? 0 : KINDS.indexOf(ordering.kind) + 1));
  switch (ordering?.kind) {
    case undefined:
      return;
    case "boolean":
      return to.boolean(ordering.value);
    case "int":
    case "date":
      return to.long(BigInt(ordering.value));
    case "long":
    case "time":
    case "timestamp":
      return to.long(ordering.value);
    case "float":
      return to.float(ordering.value);
    case "double":
      return to.double(ordering.value);
    case "bytes":
      return to.bytes(ordering.value);
    case "string":
      return to.string(ordering.value);
    case "decimal":
      return to.bytes(twosComplementBytes(ordering.value));
    case "array":
      throw new TypeError("an ordering of several columns is not written");
  }
}
