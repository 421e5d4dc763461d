import { isDeepStrictEqual } from "node:util";
import { GridlakeError } from "@gridlake/kernel";
import { type AvroField, type AvroRecord, type AvroType, inlineNames, shareNames } from "./avro-names.ts";
import { fromAvroType, nullable, toAvroType, withoutNull } from "./avro-type.ts";
import { type Column, META_COLUMNS, typeOf } from "./column.ts";
import { formatType } from "./type.ts";

export type { AvroField, AvroRecord, AvroType } from "./avro-names.ts";

/** The schema of a table's own columns, named as Spark and Flink name it: `hoodie.<table>.<table>_record`. */
export function toAvroSchema(table: string, columns: readonly Column[]): AvroRecord {
  const name = `${table}_record`;
  const namespace = `hoodie.${table}`;
  const fields = columns.map((column): AvroField => {
    const type =
      column.avro ?? toAvroType(typeOf(column), { name: column.name, namespace: `${namespace}.${name}` });
    const field: AvroField = { name: column.name, type: column.nullable ? nullable(type) : type };
    if (column.doc !== undefined) field.doc = column.doc;
    if (column.nullable) field.default = null;
    return field;
  });
  const schema: AvroRecord = { type: "record", name, namespace, fields };
  // only what others declared can name a type twice
  return columns.some((column) => column.avro !== undefined)
    ? (shareNames(schema as unknown as AvroType) as unknown as AvroRecord)
    : schema;
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

/**
 * The columns that a commit's or a table's Avro schema speaks of, without the meta columns.
 * @throws HUDI_COLUMN_TYPE, HUDI_SCHEMA_CORRUPT
 */
export function fromAvroSchema(schema: AvroRecord): Column[] {
  const record = inlineNames(schema) as unknown as AvroRecord;
  const place = `${record.namespace}.${record.name}`;
  const own = record.fields.filter((field) => !META_COLUMNS.some((meta) => meta === field.name));
  return own.map((field) => {
    const { type: avro, nullable: isNullable } = withoutNull(field.type, field.name);
    const type = fromAvroType(avro, field.name);
    const column: Column = { name: field.name, type: formatType(type), nullable: isNullable };
    if (field.doc !== undefined && field.doc !== "") column.doc = field.doc;
    if (!isDeepStrictEqual(avro, toAvroType(type, { name: field.name, namespace: place })))
      column.avro = avro;
    return column;
  });
}

/** The columns of an Avro schema in its JSON text. @throws HUDI_SCHEMA_CORRUPT, HUDI_COLUMN_TYPE */
export function parseAvroSchema(text: string): Column[] {
  let schema: AvroRecord;
  try {
    schema = JSON.parse(text) as AvroRecord;
  } catch (cause) {
    throw new GridlakeError("HUDI_SCHEMA_CORRUPT", "the table's Avro schema is no JSON", {
      remedy: "commit once with the engine that wrote the schema, or restore the commit file",
      cause,
    });
  }
  return fromAvroSchema(schema);
}
