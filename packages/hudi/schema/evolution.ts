import { GridlakeError } from "@gridlake/kernel";
import { decimalBytes } from "./avro-type.ts";
import { type Column, type ColumnDeclaration, columnType, declareColumn, typeOf } from "./column.ts";
import { type DataType, formatType } from "./type.ts";

/** How a table's columns are to change. Rows that are there already are read as if they had been written so. */
export interface SchemaChange {
  /** New columns, behind all others; older rows have NULL in them. */
  add?: readonly ColumnDeclaration[];
  /**
   * By column its new type: INTEGER → BIGINT or DOUBLE, FLOAT → DOUBLE, and a DECIMAL of more digits before the point, as
   * far as Avro needs no more bytes for it (9, 11, 14, 16, 18 digits …).
   */
  widen?: Readonly<Record<string, string>>;
  /** Columns that may be NULL from now on. */
  nullable?: readonly string[];
}

/** The columns as they are after a change. @throws HUDI_SCHEMA_EVOLUTION, HUDI_COLUMN_MISSING, HUDI_COLUMN_TYPE, HUDI_NAME */
export function evolve(columns: readonly Column[], change: SchemaChange): Column[] {
  const { add = [], widen = {}, nullable = [] } = change;
  for (const name of [...Object.keys(widen), ...nullable]) {
    if (!columns.some((column) => column.name === name)) {
      throw new GridlakeError("HUDI_COLUMN_MISSING", `there is no column ${name}`, {
        remedy: `the columns are ${columns.map((column) => column.name).join(", ")}`,
        details: { column: name },
      });
    }
  }
  const changed = columns.map((column) => {
    const wider = widen[column.name];
    const next = wider === undefined ? column : widened(column, wider);
    return nullable.includes(column.name) ? { ...next, nullable: true } : next;
  });
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const added = add.map((declaration) => {
    const column = declareColumn(declaration);
    if (names.has(column.name.toLowerCase())) {
      throw refused(`the table has a column ${column.name} already`, {
        remedy: "choose a name that differs in more than case",
        column: column.name,
      });
    }
    if (!column.nullable) {
      throw refused(`the new column ${column.name} may not be NULL, but older rows have no value for it`, {
        remedy: "add it as nullable",
        column: column.name,
      });
    }
    names.add(column.name.toLowerCase());
    return column;
  });
  return [...changed, ...added];
}

function widened(column: Column, to: string): Column {
  const spelt = columnType(to);
  if (spelt === column.type) return column;
  const [before, after] = [typeOf(column), spelt === null ? null : typeOf({ ...column, type: spelt })];
  if (spelt !== null && after !== null && widens(before, after)) {
    // another engine's declaration was of the narrower type
    const { avro: _, ...rest } = column;
    return { ...rest, type: spelt };
  }
  throw refused(`the column ${column.name} can't become ${spelt ?? to} from ${column.type}`, {
    remedy: `widen it to ${widerTypes(before)}, or add a column and fill it`,
    column: column.name,
  });
}

/** Whether all engines read values of one type as the same values of the other. */
function widens(from: DataType, to: DataType): boolean {
  if (from.kind === "decimal" && to.kind === "decimal") {
    const sameBytes = decimalBytes(from.precision) === decimalBytes(to.precision);
    return to.scale === from.scale && to.precision > from.precision && sameBytes;
  }
  if (from.kind !== "plain" || to.kind !== "plain") return false;
  if (from.name === "INTEGER") return to.name === "BIGINT" || to.name === "DOUBLE";
  return from.name === "FLOAT" && to.name === "DOUBLE";
}

function widerTypes(type: DataType): string {
  if (type.kind === "plain" && type.name === "INTEGER") return "BIGINT or DOUBLE";
  if (type.kind === "plain" && type.name === "FLOAT") return "DOUBLE";
  if (type.kind === "decimal") {
    let most = type.precision;
    while (most < 38 && decimalBytes(most + 1) === decimalBytes(type.precision)) most += 1;
    if (most > type.precision) return formatType({ ...type, precision: most });
  }
  return "nothing: there is no wider type that all engines read alike";
}

function refused(message: string, { remedy, column }: { remedy: string; column: string }): GridlakeError {
  return new GridlakeError("HUDI_SCHEMA_EVOLUTION", message, { remedy, details: { column } });
}
