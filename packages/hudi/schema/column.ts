import { GridlakeError } from "@gridlake/kernel";

/** The column types a table can have; the names are DuckDB's. */
export type ColumnType =
  | "VARCHAR"
  | "BIGINT"
  | "INTEGER"
  | "DOUBLE"
  | "FLOAT"
  | "BOOLEAN"
  | "DATE"
  | "TIMESTAMPTZ"
  | "BLOB"
  | `DECIMAL(${number},${number})`;

export interface Column {
  name: string;
  type: ColumnType;
  /** False: every row must have a value. Record key columns are never null, whatever is said here. */
  nullable: boolean;
  /** What the column means and its unit, for people. */
  doc?: string;
}

/** A column as a caller may declare it: any spelling of the type that DuckDB prints, and TIMESTAMPTZ. */
export interface ColumnDeclaration {
  name: string;
  type: string;
  /** @default true */
  nullable?: boolean;
  doc?: string;
}

const PLAIN = new Set([
  "VARCHAR",
  "BIGINT",
  "INTEGER",
  "DOUBLE",
  "FLOAT",
  "BOOLEAN",
  "DATE",
  "TIMESTAMPTZ",
  "BLOB",
]);
const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/;

/** The columns every Hudi row carries before its own, all VARCHAR. */
export const META_COLUMNS = [
  "_hoodie_commit_time",
  "_hoodie_commit_seqno",
  "_hoodie_record_key",
  "_hoodie_partition_path",
  "_hoodie_file_name",
] as const;

// what read_parquet adds to a scan of ours; a column of this name would be hidden by it
const RESERVED = new Set<string>([...META_COLUMNS, "file_row_number"]);
const AVRO_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @throws HUDI_NAME when Avro, and so every Hudi reader, could not carry the name. */
export function checkName(name: string, what: string): string {
  if (!AVRO_NAME.test(name) || RESERVED.has(name)) {
    throw new GridlakeError("HUDI_NAME", `${what} "${name}" is not a name that Hudi can carry`, {
      remedy: "use letters, digits and _, beginning with a letter; no _hoodie_ names, no file_row_number",
      details: { name },
    });
  }
  return name;
}

/** "TIMESTAMP WITH TIME ZONE" → "TIMESTAMPTZ"; null when a table can't have such a column. */
export function columnType(text: string): ColumnType | null {
  const type = text.trim().toUpperCase().replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ");
  if (PLAIN.has(type)) return type as ColumnType;
  const decimal = DECIMAL.exec(type);
  return decimal ? `DECIMAL(${Number(decimal[1])},${Number(decimal[2])})` : null;
}

/** @throws HUDI_COLUMN_TYPE, HUDI_NAME */
export function declareColumn(declaration: ColumnDeclaration): Column {
  const name = checkName(declaration.name, "the column");
  const type = columnType(declaration.type);
  if (type === null) {
    throw new GridlakeError("HUDI_COLUMN_TYPE", `the column ${name} has the type ${declaration.type}`, {
      remedy: `use one of ${[...PLAIN].join(", ")} or DECIMAL(p,s); TIMESTAMPTZ for instants`,
      details: { column: name, type: declaration.type },
    });
  }
  const column: Column = { name, type, nullable: declaration.nullable ?? true };
  if (declaration.doc !== undefined) column.doc = declaration.doc;
  return column;
}

/** Precision and scale of a DECIMAL, null for any other type. */
export function decimalOf(type: ColumnType): { precision: number; scale: number } | null {
  const match = DECIMAL.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : null;
}
