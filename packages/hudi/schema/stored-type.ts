import { GridlakeError } from "@gridlake/kernel";
import {
  type SchemaNode,
  schemaTree,
  setDecimalPrecision,
  setTimestampIsUtc,
} from "../parquet/schema-tree.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import type { AvroField, AvroType } from "./avro-names.ts";
import { type Column, META_COLUMNS, typeOf } from "./column.ts";
import { sqlName } from "./sql-text.ts";
import { type DataType, formatType } from "./type.ts";

// How columns lie in Parquet. Two things differ from what DuckDB would write of itself:
// A decimal of up to 18 digits would be an INT32 or INT64. Spark reads that well, but when it rewrites such a file, in an
// upsert, Hudi's way over Avro takes the integer for the whole value: 1.25 becomes 125.00. Of 38 digits it is 16 bytes,
// which all read well; the footer then says how many digits were declared.
// Timestamps that another engine declared in ms must be in ms: Flink reads the number by its table's type, not the file's.

/** DuckDB's largest, which it stores as bytes. */
const WIDEST = 38;

/**
 * The rows of a SELECT of the meta columns and these, as a COPY to Parquet must write them. The file's footer must then be
 * declared.
 */
export function storedRowsSql(columns: readonly Column[], sql: string): string {
  const stored = columns.map(storedSql);
  // the relation as it is, where it is stored as it is
  if (columns.every((column, i) => stored[i] === sqlName(column.name))) return sql;
  return `SELECT ${[...META_COLUMNS, ...stored].join(", ")} FROM (${sql})`;
}

/** `CAST("d" AS DECIMAL(38,2)) AS "d"` */
function storedSql(column: Column): string {
  const name = sqlName(column.name);
  // timezone() takes an instant to what a clock in UTC shows, whatever the session's time zone is
  if (isInMs(column.avro)) {
    const clock = column.type === "TIMESTAMPTZ" ? `timezone('UTC', ${name})` : name;
    return `CAST(${clock} AS TIMESTAMP_MS) AS ${name}`;
  }
  const type = typeOf(column);
  const stored = formatType(widest(type));
  return stored === formatType(type) ? name : `CAST(${name} AS ${stored}) AS ${name}`;
}

/** Says in a footer what the columns that `storedRowsSql` gave are. */
export function declareStored(footer: ThriftStruct, columns: readonly Column[]): void {
  const nodes = new Map(schemaTree(footer).children.map((node) => [node.name, node]));
  for (const column of columns) {
    const node = nodes.get(column.name);
    if (!node) continue;
    if (isInMs(column.avro) && column.type === "TIMESTAMPTZ") setTimestampIsUtc(node);
    declareDecimals(node, typeOf(column));
  }
}

function declareDecimals(node: SchemaNode | undefined, type: DataType): void {
  if (!node) return;
  const inner = node.children[0]?.children;
  if (type.kind === "decimal") setDecimalPrecision(node, type.precision);
  // a list is list.element, a map is key_value.key and key_value.value
  if (type.kind === "list") declareDecimals(inner?.[0], type.element);
  if (type.kind === "map") declareDecimals(inner?.[1], type.value);
  if (type.kind === "struct") {
    for (const [i, field] of type.fields.entries()) declareDecimals(node.children[i], field.type);
  }
}

function widest(type: DataType): DataType {
  switch (type.kind) {
    case "plain":
      return type;
    case "decimal":
      return { ...type, precision: WIDEST };
    case "list":
      return { ...type, element: widest(type.element) };
    case "map":
      return { ...type, value: widest(type.value) };
    case "struct":
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: widest(field.type) })) };
  }
}

/**
 * Whether a row could break what another engine declared of a column: a null where it allows none inside a list, struct
 * or map, or µs where it keeps ms. SQL that is true of such a row, or null when there is nothing to look for.
 */
export function misfitSql(column: Column): string | null {
  const value = sqlName(column.name);
  if (isInMs(column.avro)) return `epoch_us(${value}) % 1000 <> 0`;
  return column.avro === undefined ? null : nullInside(column.avro, value, 0);
}

function nullInside(avro: AvroType, value: string, depth: number): string | null {
  if (typeof avro === "string" || Array.isArray(avro)) return null;
  if (avro.type === "array") return anyElement(avro["items"] as AvroType, value, depth);
  if (avro.type === "map") return anyElement(avro["values"] as AvroType, `map_values(${value})`, depth);
  if (avro.type !== "record") return null;
  const found = (avro["fields"] as AvroField[]).flatMap((field) => {
    const inner = `${value}.${sqlName(field.name)}`;
    const nulls = broken(field.type, inner, depth);
    return nulls === null ? [] : [nulls];
  });
  // the fields of a struct that is null are null too
  return found.length === 0 ? null : `(${value} IS NOT NULL AND (${found.join(" OR ")}))`;
}

function anyElement(avro: AvroType, list: string, depth: number): string | null {
  const element = `e${depth}`;
  const nulls = broken(avro, element, depth + 1);
  return nulls && `len(list_filter(${list}, lambda ${element}: ${nulls})) > 0`;
}

/** SQL that is true of a value that is null against its declaration, or has such a one in it. */
function broken(avro: AvroType, value: string, depth: number): string | null {
  const members = Array.isArray(avro) ? avro : [avro];
  const type = members.find((member) => member !== "null") ?? "null";
  const inside = nullInside(type, value, depth);
  if (members.includes("null")) return inside;
  return inside === null ? `${value} IS NULL` : `(${value} IS NULL OR ${inside})`;
}

/**
 * @throws HUDI_COLUMN_TYPE for a column that another engine declared in a way that can be read but not written here.
 */
export function checkWritable(columns: readonly Column[]): void {
  for (const { name, avro } of columns) {
    const reason = avro === undefined ? null : unwritable(avro, true);
    if (reason === null) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_TYPE",
      `the column ${name} is declared as ${reason}, which can be read here but not written`,
      {
        remedy: "write the table with the engine that declared the column, or have it convert the column",
        details: { column: name, avro },
      },
    );
  }
}

function unwritable(avro: AvroType, top: boolean): string | null {
  if (typeof avro === "string") return null;
  if (Array.isArray(avro)) return first(avro, (member) => unwritable(member, top));
  const logical = avro["logicalType"];
  if (avro.type === "enum") return "an enum";
  if (avro.type === "fixed" && logical !== "decimal") return "bytes of a fixed length";
  if (logical === "time-millis") return "a time in ms";
  if (!top && isInMs(avro)) return "a timestamp in ms inside another type";
  if (avro["items"] !== undefined) return unwritable(avro["items"] as AvroType, false);
  if (avro["values"] !== undefined) return unwritable(avro["values"] as AvroType, false);
  return first((avro["fields"] as AvroField[] | undefined) ?? [], (field) => unwritable(field.type, false));
}

function first<T>(all: readonly T[], find: (one: T) => string | null): string | null {
  for (const one of all) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

function isInMs(avro: AvroType | undefined): boolean {
  if (avro === undefined || typeof avro === "string" || Array.isArray(avro)) return false;
  return /^(local-)?timestamp-millis$/.test(String(avro["logicalType"]));
}
