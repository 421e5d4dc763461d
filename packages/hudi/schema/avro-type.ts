import { GridlakeError } from "@gridlake/kernel";
import type { AvroField, AvroType } from "./avro-names.ts";
import type { DataType, PlainType } from "./type.ts";

/** Where a type stands, from which engines make the names of the records and fixed types in it. */
export interface TypePlace {
  name: string;
  namespace: string;
}

const TO_AVRO: Readonly<Record<PlainType, AvroType>> = {
  VARCHAR: "string",
  BIGINT: "long",
  INTEGER: "int",
  DOUBLE: "double",
  FLOAT: "float",
  BOOLEAN: "boolean",
  BLOB: "bytes",
  DATE: { type: "int", logicalType: "date" },
  TIME: { type: "long", logicalType: "time-micros" },
  TIMESTAMP: { type: "long", logicalType: "local-timestamp-micros" },
  TIMESTAMPTZ: { type: "long", logicalType: "timestamp-micros" },
};

const FROM_AVRO: Readonly<Record<string, PlainType>> = {
  string: "VARCHAR",
  "string/uuid": "VARCHAR",
  "fixed/uuid": "VARCHAR",
  enum: "VARCHAR",
  long: "BIGINT",
  int: "INTEGER",
  double: "DOUBLE",
  float: "FLOAT",
  boolean: "BOOLEAN",
  bytes: "BLOB",
  fixed: "BLOB",
  "int/date": "DATE",
  "int/time-millis": "TIME",
  "long/time-micros": "TIME",
  "long/local-timestamp-micros": "TIMESTAMP",
  "long/local-timestamp-millis": "TIMESTAMP",
  "long/timestamp-micros": "TIMESTAMPTZ",
  "long/timestamp-millis": "TIMESTAMPTZ",
};

/** Logical types whose values are not those of the type below, so that to ignore them would be to misread. */
const UNREAD_LOGICAL = new Set([
  "timestamp-nanos",
  "local-timestamp-nanos",
  "duration",
  "variant",
  "blob",
  "vector",
]);

/** Bytes of the smallest two's complement number that holds `precision` decimal digits: what Spark declares. */
export function decimalBytes(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) - 1n < largest) bytes += 1;
  return bytes;
}

/** A type as Spark's Hudi declares it, with its names. Whatever is inside it may be null. */
export function toAvroType(type: DataType, place: TypePlace): AvroType {
  const inner = `${place.namespace}.${place.name}`;
  switch (type.kind) {
    case "plain":
      return TO_AVRO[type.name];
    case "decimal": {
      const { precision, scale } = type;
      const size = decimalBytes(precision);
      return {
        type: "fixed",
        name: "fixed",
        namespace: inner,
        size,
        logicalType: "decimal",
        precision,
        scale,
      };
    }
    case "list":
      return { type: "array", items: nullable(toAvroType(type.element, place)) };
    case "map":
      return { type: "map", values: nullable(toAvroType(type.value, place)) };
    case "struct":
      return {
        type: "record",
        ...place,
        fields: type.fields.map((field) => ({
          name: field.name,
          type: nullable(toAvroType(field.type, { name: field.name, namespace: inner })),
          default: null,
        })),
      };
  }
}

export function nullable(type: AvroType): AvroType {
  return ["null", type];
}

/** A union's value type, and whether null is in it. @throws HUDI_COLUMN_TYPE for a choice of several types. */
export function withoutNull(type: AvroType, path: string): { type: AvroType; nullable: boolean } {
  const members = Array.isArray(type) ? type : [type];
  const values = members.filter((member) => member !== "null");
  const [only] = values;
  if (only === undefined || values.length > 1) throw unread(path, type);
  return { type: only, nullable: values.length < members.length };
}

/**
 * The type that an Avro type without null stands for, whichever engine declared it: decimals on bytes or fixed,
 * timestamps in ms or µs, enums as their text. Names must have been inlined.
 * @throws HUDI_COLUMN_TYPE
 */
export function fromAvroType(type: AvroType, path: string): DataType {
  if (typeof type === "string") return plain(type, null, type, path);
  if (Array.isArray(type)) throw unread(path, type);
  const kind = String(type.type);
  const logical = type["logicalType"] === undefined ? null : String(type["logicalType"]);
  if (logical === "decimal" && (kind === "fixed" || kind === "bytes")) {
    return { kind: "decimal", precision: Number(type["precision"]), scale: Number(type["scale"] ?? 0) };
  }
  if (logical !== null && UNREAD_LOGICAL.has(logical)) throw unread(path, type);
  const inside = (inner: AvroType, name: string) => fromAvroType(withoutNull(inner, name).type, name);
  if (kind === "array") return { kind: "list", element: inside(type["items"] as AvroType, `${path}[]`) };
  if (kind === "map") {
    const key: DataType = { kind: "plain", name: "VARCHAR" };
    return { kind: "map", key, value: inside(type["values"] as AvroType, `${path}{}`) };
  }
  if (kind === "record") {
    const fields = (type["fields"] as AvroField[]).map(({ name, type: inner }) => ({
      name,
      type: inside(inner, `${path}.${name}`),
    }));
    if (fields.length === 0) throw unread(path, type);
    return { kind: "struct", fields };
  }
  return plain(kind, logical, type, path);
}

function plain(kind: string, logical: string | null, type: AvroType, path: string): DataType {
  // a logical type that nobody knows is ignored, as Avro demands
  const name = (logical === null ? undefined : FROM_AVRO[`${kind}/${logical}`]) ?? FROM_AVRO[kind];
  if (name === undefined) throw unread(path, type);
  return { kind: "plain", name };
}

function unread(path: string, type: AvroType): GridlakeError {
  return new GridlakeError(
    "HUDI_COLUMN_TYPE",
    `the column ${path} has the Avro type ${JSON.stringify(type)}, which can't be read`,
    {
      remedy: "read the table with the engine that wrote it, or have it drop or convert the column",
      details: { column: path, type },
    },
  );
}
