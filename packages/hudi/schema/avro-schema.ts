import { assert, GridlakeError } from "@gridlake/kernel";
import { type Column, type ColumnType, decimalOf, META_COLUMNS } from "./column.ts";

/** An Avro schema as parsed JSON. */
export type AvroType = string | AvroType[] | { type: AvroType; [key: string]: unknown };

export interface AvroField {
  name: string;
  type: AvroType;
  doc?: string;
  default?: null;
}

export interface AvroRecord {
  type: "record";
  name: string;
  namespace: string;
  fields: AvroField[];
}

const TO_AVRO: Record<string, AvroType> = {
  VARCHAR: "string",
  BIGINT: "long",
  INTEGER: "int",
  DOUBLE: "double",
  FLOAT: "float",
  BOOLEAN: "boolean",
  BLOB: "bytes",
  DATE: { type: "int", logicalType: "date" },
  TIMESTAMPTZ: { type: "long", logicalType: "timestamp-micros" },
};

const FROM_AVRO: Record<string, ColumnType> = {
  string: "VARCHAR",
  long: "BIGINT",
  int: "INTEGER",
  double: "DOUBLE",
  float: "FLOAT",
  boolean: "BOOLEAN",
  bytes: "BLOB",
  "int/date": "DATE",
  "long/timestamp-micros": "TIMESTAMPTZ",
  "long/timestamp-millis": "TIMESTAMPTZ",
};

/** Bytes of the smallest two's complement number that holds `precision` decimal digits: what Spark declares. */
function decimalBytes(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) - 1n < largest) bytes += 1;
  return bytes;
}

function avroType(column: Column, path: string): AvroType {
  const decimal = decimalOf(column.type);
  if (decimal) {
    return {
      type: "fixed",
      name: "fixed",
      namespace: `${path}.${column.name}`,
      size: decimalBytes(decimal.precision),
      logicalType: "decimal",
      ...decimal,
    };
  }
  const type = TO_AVRO[column.type];
  assert(type !== undefined, `no Avro type for ${column.type}`);
  return type;
}

/** The schema of a table's own columns, named as Spark and Flink name it: `hoodie.<table>.<table>_record`. */
export function toAvroSchema(table: string, columns: readonly Column[]): AvroRecord {
  const record = `${table}_record`;
  const namespace = `hoodie.${table}`;
  const fields = columns.map((column): AvroField => {
    const type = avroType(column, `${namespace}.${record}`);
    const field: AvroField = { name: column.name, type: column.nullable ? ["null", type] : type };
    if (column.doc !== undefined) field.doc = column.doc;
    if (column.nullable) field.default = null;
    return field;
  });
  return { type: "record", name: record, namespace, fields };
}

/** The schema of a base file: the meta columns first, then the table's own. */
export function withMetaColumns(schema: AvroRecord): AvroRecord {
  const meta = META_COLUMNS.map((name): AvroField => ({
    name,
    type: ["null", "string"],
    doc: "",
    default: null,
  }));
  return { ...schema, fields: [...meta, ...schema.fields] };
}

function columnTypeOf(type: AvroType): ColumnType | null {
  if (typeof type === "string") return FROM_AVRO[type] ?? null;
  if (Array.isArray(type)) return null;
  if (type["logicalType"] === "decimal") {
    return `DECIMAL(${Number(type["precision"])},${Number(type["scale"] ?? 0)})`;
  }
  const name = typeof type.type === "string" ? type.type : "";
  return (
    FROM_AVRO[type["logicalType"] === undefined ? name : `${name}/${String(type["logicalType"])}`] ?? null
  );
}

/** The columns that a commit's or a table's Avro schema speaks of, without the meta columns. @throws HUDI_COLUMN_TYPE */
export function fromAvroSchema(schema: AvroRecord): Column[] {
  const own = schema.fields.filter((field) => !META_COLUMNS.some((meta) => meta === field.name));
  return own.map((field) => {
    const union = Array.isArray(field.type) ? field.type : [field.type];
    const values = union.filter((member) => member !== "null");
    const type = values.length === 1 ? columnTypeOf(values[0] as AvroType) : null;
    if (type === null) {
      throw new GridlakeError(
        "HUDI_COLUMN_TYPE",
        `the column ${field.name} has the Avro type ${JSON.stringify(field.type)}`,
        {
          remedy: "nested and other types are not read yet",
          details: { column: field.name, type: field.type },
        },
      );
    }
    const column: Column = { name: field.name, type, nullable: values.length < union.length };
    if (field.doc !== undefined && field.doc !== "") column.doc = field.doc;
    return column;
  });
}
