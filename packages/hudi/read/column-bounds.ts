import { PHYSICAL, rowGroups, statisticsOf } from "../parquet/file-metadata.ts";
import { fileColumns } from "../parquet/file-columns.ts";
import { fieldOf } from "../parquet/footer.ts";
import { type SchemaNode, schemaTree } from "../parquet/schema-tree.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import { typeOf } from "../schema/column.ts";
import type { ColumnType, DataType } from "../schema/type.ts";
import { type Bound, compareBounds } from "./bound.ts";
import type { Condition } from "./filter.ts";

/** What is known of a column's values in a file. */
export interface ColumnBounds {
  /** As the file has it. */
  type: ColumnType;
  /** No value is less, none is greater; null: not known. */
  min: Bound | null;
  max: Bound | null;
  /** Whether there may be a NULL, and whether there may be anything else. */
  nulls: boolean;
  values: boolean;
}

/** The bounds of a file's columns, but for those with parts. */
export type FileBounds = ReadonlyMap<string, ColumnBounds>;

// parquet.thrift's numbers
const ELEMENT_TYPE = 1;
const ELEMENT_CONVERTED = 6;
const ELEMENT_LOGICAL = 10;
const CONVERTED_TIMESTAMP_MILLIS = 9n;
const UNSIGNED: ReadonlySet<unknown> = new Set([11n, 12n, 13n, 14n]);
const LOGICAL_TIMESTAMP = 8;
const TIMESTAMP_UNIT = 2;
/** How many µs a unit of a timestamp is, by its number: ms, µs. */
const UNIT_US: Readonly<Record<number, bigint>> = { 1: 1000n, 2: 1n };

/** Gathers the bounds of all row groups from a footer. */
export function fileBounds(footer: ThriftStruct): FileBounds {
  const bounds = new Map<string, ColumnBounds>();
  const nodes = new Map(schemaTree(footer).children.map((node) => [node.name, node]));
  const groups = rowGroups(footer);
  for (const column of fileColumns(footer)) {
    const node = nodes.get(column.name);
    if (!node || node.children.length > 0) continue;
    const decode = decoderOf(node, typeOf(column));
    const found: ColumnBounds = { type: column.type, min: null, max: null, nulls: false, values: false };
    let isKnown = decode !== null;
    for (const { rows, chunks } of groups) {
      const chunk = chunks.find(({ path }) => path.length === 1 && path[0] === column.name);
      const told = chunk && statisticsOf(chunk);
      const nulls = told?.nulls ?? null;
      if (nulls !== 0) found.nulls = true;
      if (nulls === rows) continue;
      found.values = true;
      const [min, max] = [told?.min, told?.max].map((bytes) => (bytes && decode ? decode(bytes) : null));
      if (min && max) widen(found, { min, max });
      else isKnown = false;
    }
    if (!isKnown) Object.assign(found, { min: null, max: null });
    bounds.set(column.name, found);
  }
  return bounds;
}

function widen(found: ColumnBounds, { min, max }: { min: Bound; max: Bound }): void {
  if (found.min === null || (compareBounds(min, found.min) ?? 0) < 0) found.min = min;
  if (found.max === null || (compareBounds(max, found.max) ?? 0) > 0) found.max = max;
}

type Decoder = (bytes: Buffer) => Bound | null;

/** Null for types whose bounds are not ordered as their values. */
function decoderOf({ element }: SchemaNode, type: DataType): Decoder | null {
  const physical = Number(fieldOf(element, ELEMENT_TYPE) as bigint);
  if (UNSIGNED.has(fieldOf(element, ELEMENT_CONVERTED))) return null;
  if (type.kind === "decimal") {
    const integer = integerOf(physical);
    return (bytes) => {
      const value = integer ? integer(bytes) : twosComplement(bytes);
      return value === null ? null : { kind: "number", value, scale: type.scale };
    };
  }
  if (type.kind !== "plain") return null;
  switch (type.name) {
    case "VARCHAR":
      // a copy, for the footer is not to stay in memory with it
      return physical === PHYSICAL.byteArray
        ? (bytes) => ({ kind: "text", value: Buffer.from(bytes) })
        : null;
    case "BOOLEAN":
      return (bytes) => ({ kind: "number", value: BigInt(bytes[0] ?? 0), scale: 0 });
    case "DOUBLE":
      return (bytes) => (bytes.length === 8 ? floatOf(bytes.readDoubleLE()) : null);
    case "FLOAT":
      return (bytes) => (bytes.length === 4 ? floatOf(bytes.readFloatLE()) : null);
    case "INTEGER":
    case "BIGINT":
    case "DATE":
      return numberDecoder(physical, 1n);
    case "TIMESTAMP":
    case "TIMESTAMPTZ": {
      const us = unitUs(element);
      return us === null ? null : numberDecoder(physical, us);
    }
    default:
      return null;
  }
}

function numberDecoder(physical: number, factor: bigint): Decoder | null {
  const integer = integerOf(physical);
  if (!integer) return null;
  return (bytes) => {
    const value = integer(bytes);
    return value === null ? null : { kind: "number", value: value * factor, scale: 0 };
  };
}

function integerOf(physical: number): ((bytes: Buffer) => bigint | null) | null {
  if (physical === PHYSICAL.int32)
    return (bytes) => (bytes.length === 4 ? BigInt(bytes.readInt32LE()) : null);
  if (physical === PHYSICAL.int64) return (bytes) => (bytes.length === 8 ? bytes.readBigInt64LE() : null);
  return null;
}

function twosComplement(bytes: Buffer): bigint | null {
  return bytes.length === 0 ? null : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString("hex")}`));
}

function floatOf(value: number): Bound | null {
  return Number.isNaN(value) ? null : { kind: "float", value };
}

function unitUs(element: ThriftStruct): bigint | null {
  const logical = fieldOf(element, ELEMENT_LOGICAL) as ThriftStruct | undefined;
  const timestamp = logical && (fieldOf(logical, LOGICAL_TIMESTAMP) as ThriftStruct | undefined);
  const unit = timestamp && (fieldOf(timestamp, TIMESTAMP_UNIT) as ThriftStruct | undefined);
  if (unit) return UNIT_US[unit[0]?.id ?? 0] ?? null;
  return fieldOf(element, ELEMENT_CONVERTED) === CONVERTED_TIMESTAMP_MILLIS ? 1000n : 1n;
}

/** Whether a row within these bounds can meet a condition. Never false where one does. */
export function canMeet(bounds: ColumnBounds, { test }: Condition): boolean {
  if (test === null) return true;
  const { min, max, nulls, values } = bounds;
  if (test.operator === "is null") return nulls;
  if (!values) return false;
  if (!("values" in test) || min === null || max === null) return true;
  const { operator } = test;
  return test.values.some((value) => {
    const [low, high] = [compareBounds(min, value), compareBounds(max, value)];
    if (low === null || high === null) return true;
    // a NaN is in no bounds, and greater than all numbers
    const hasNaN = min.kind === "float";
    switch (operator) {
      case "=":
      case "in":
        return low <= 0 && high >= 0;
      case "<>":
        return hasNaN || low !== 0 || high !== 0;
      case "<":
        return low < 0;
      case "<=":
        return low <= 0;
      case ">":
        return hasNaN || high > 0;
      case ">=":
        return hasNaN || high >= 0;
    }
  });
}
