import { GridlakeError } from "@gridlake/kernel";
import type { AvroType } from "./avro-names.ts";
import { type ColumnType, type DataType, foreignPart, formatType, parseAnyType, parseType } from "./type.ts";

export type { ColumnType } from "./type.ts";

export interface Column {
  name: string;
  type: ColumnType;
  /** False: every row must have a value. Record key columns are never null, whatever is said here. */
  nullable: boolean;
  /** What the column means and its unit, for people. */
  doc?: string;
  /**
   * The value's type in Avro as another engine declared it, when that is not what this library would declare. It is
   * repeated in our commits, and what it demands of the values is kept.
   */
  avro?: AvroType;
}

/** A column as a caller may declare it: any spelling of the type that DuckDB prints, and TIMESTAMPTZ. */
export interface ColumnDeclaration {
  name: string;
  type: string;
  /** @default true */
  nullable?: boolean;
  doc?: string;
}

/** The columns every Hudi row carries before its own, all VARCHAR. */
export const META_COLUMNS = [
  "_hoodie_commit_time",
  "_hoodie_commit_seqno",
  "_hoodie_record_key",
  "_hoodie_partition_path",
  "_hoodie_file_name",
] as const;

// Hudi's own, with or without a meaning today; and what read_parquet adds to a scan of ours, hiding a column of that name
const RESERVED = /^(_hoodie_.*|file_row_number)$/i;
const AVRO_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What to declare in place of a type that is refused. */
const REMEDIES: readonly [pattern: RegExp, remedy: string][] = [
  [/^(U?TINYINT|U?SMALLINT|USMALLINT)$/, "declare INTEGER: Avro has no shorter integers"],
  [/^UINTEGER$/, "declare BIGINT: Avro has no unsigned integers"],
  [
    /^(UBIGINT|U?HUGEINT|VARINT|BIGNUM)$/,
    "declare DECIMAL(20,0), or as many digits as are needed: Avro's integers end at 64 signed bits",
  ],
  [/^UUID$/, "declare VARCHAR and cast: CAST(id AS VARCHAR)"],
  [/^TIME$/, "declare BIGINT with the µs since midnight: Spark can't read a table that has a TIME"],
  [/^TIMESTAMP_(MS|S|NS)$/, "declare TIMESTAMP, or TIMESTAMPTZ for instants; both hold µs"],
  [/^(ENUM|JSON)/, "declare VARCHAR"],
  [/^INTERVAL$/, "declare BIGINT with a unit in the column's name"],
  [/^MAP/, "declare MAP(VARCHAR, …): Avro's keys are texts; or a STRUCT(key …, value …)[]"],
];

/** @throws HUDI_NAME when Avro, and so every Hudi reader, could not carry the name. */
export function checkName(name: string, what: string): string {
  if (!AVRO_NAME.test(name) || RESERVED.test(name)) {
    throw new GridlakeError("HUDI_NAME", `${what} "${name}" is not a name that Hudi can carry`, {
      remedy: "use letters, digits and _, beginning with a letter; no _hoodie_ names, no file_row_number",
      details: { name },
    });
  }
  return name;
}

/** "TIMESTAMP WITH TIME ZONE" → "TIMESTAMPTZ"; null when a table can't have such a column. */
export function columnType(text: string): ColumnType | null {
  const type = parseType(text);
  return type && formatType(type);
}

/** A table's columns. @throws HUDI_COLUMN_TYPE, HUDI_NAME, also for two names that differ in case alone */
export function declareColumns(declarations: readonly ColumnDeclaration[]): Column[] {
  const names = new Set<string>();
  return declarations.map((declaration) => {
    const column = declareColumn(declaration);
    const name = column.name.toLowerCase();
    if (names.has(name)) {
      throw new GridlakeError("HUDI_NAME", `there are two columns called ${column.name}`, {
        remedy: "choose names that differ in more than case: SQL engines don't tell them apart",
        details: { name: column.name },
      });
    }
    names.add(name);
    return column;
  });
}

/** @throws HUDI_COLUMN_TYPE, HUDI_NAME */
export function declareColumn(declaration: ColumnDeclaration): Column {
  const name = checkName(declaration.name, "the column");
  const any = parseAnyType(declaration.type);
  const refused = foreignPart(any) ?? undeclarable(any as DataType);
  if (refused !== null) {
    const remedy = REMEDIES.find(([pattern]) => pattern.test(refused))?.[1];
    throw new GridlakeError(
      "HUDI_COLUMN_TYPE",
      `the column ${name} has the type ${declaration.type}, and a table can't have ${refused}`,
      {
        remedy: remedy ?? "use a type that the API reference lists (REFERENCE.md)",
        details: { column: name, type: declaration.type },
      },
    );
  }
  const type = any as DataType;
  checkFieldNames(type, name);
  const column: Column = { name, type: formatType(type), nullable: declaration.nullable ?? true };
  if (declaration.doc !== undefined) column.doc = declaration.doc;
  return column;
}

/** A part that can be read from others' tables, but not declared in one of ours. */
function undeclarable(type: DataType): string | null {
  switch (type.kind) {
    case "plain":
      return type.name === "TIME" ? type.name : null;
    case "list":
      return undeclarable(type.element);
    case "struct":
      return type.fields.map((field) => undeclarable(field.type)).find((part) => part !== null) ?? null;
    case "map":
      return type.key.kind === "plain" && type.key.name === "VARCHAR"
        ? undeclarable(type.value)
        : formatType(type);
    default:
      return null;
  }
}

function checkFieldNames(type: DataType, path: string): void {
  if (type.kind === "list") checkFieldNames(type.element, path);
  if (type.kind === "map") checkFieldNames(type.value, path);
  if (type.kind !== "struct") return;
  for (const field of type.fields) {
    checkName(field.name, `the field of ${path}`);
    checkFieldNames(field.type, `${path}.${field.name}`);
  }
}

/** A column's type, taken apart. */
export function typeOf(column: Column): DataType {
  const type = parseType(column.type);
  if (type) return type;
  throw new GridlakeError("HUDI_COLUMN_TYPE", `the column ${column.name} has the type ${column.type}`, {
    remedy: "use a type that the API reference lists (REFERENCE.md)",
    details: { column: column.name, type: column.type },
  });
}
