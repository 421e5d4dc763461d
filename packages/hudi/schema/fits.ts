import { type AnyType, type ColumnType, parseAnyType } from "./type.ts";

/** Integers of up to 32 bits: a DOUBLE holds each exactly. */
const SHORT_INTEGERS = new Set(["UTINYINT", "TINYINT", "USMALLINT", "SMALLINT", "INTEGER", "UINTEGER"]);
const INTEGERS = new Set([...SHORT_INTEGERS, "BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT"]);
/** Types of which the text is the value, whoever casts it. */
const TEXTS = new Set(["VARCHAR", "ENUM", "UUID", "JSON"]);

/**
 * Whether a cast keeps every value of a source's type exactly as a value of the column's, or fails loudly. Nothing is ever
 * rounded, and no field of a STRUCT left out or made up.
 */
export function fits(source: string, column: ColumnType): boolean {
  return keeps(parseAnyType(source), parseAnyType(column));
}

function keeps(from: AnyType, to: AnyType): boolean {
  // of a list without elements, or of a NULL, DuckDB knows no type
  if (from.kind === "foreign" && from.text === "NULL") return true;
  switch (to.kind) {
    case "plain":
      return keepsPlain(nameOf(from), to.name);
    case "decimal":
      // sums come out wider than their column: what does not fit raises a conversion error
      return from.kind === "decimal" ? from.scale <= to.scale : INTEGERS.has(nameOf(from));
    case "list":
      return from.kind === "list" && keeps(from.element, to.element);
    case "map":
      return from.kind === "map" && keeps(from.key, to.key) && keeps(from.value, to.value);
    case "struct":
      return (
        from.kind === "struct" &&
        from.fields.length === to.fields.length &&
        to.fields.every(({ name, type }) => {
          // DuckDB casts by name, without regard to case
          const field = from.fields.find((one) => one.name.toLowerCase() === name.toLowerCase());
          return field !== undefined && keeps(field.type, type);
        })
      );
    case "foreign":
      return false;
  }
}

function keepsPlain(from: string, to: string): boolean {
  if (from === to) return true;
  if (to === "BIGINT" || to === "INTEGER") return INTEGERS.has(from);
  if (to === "DOUBLE") return from === "FLOAT" || SHORT_INTEGERS.has(from);
  if (to === "VARCHAR") return TEXTS.has(from);
  return false;
}

/** INTEGER, UBIGINT; "" for a type with parts. */
function nameOf(type: AnyType): string {
  if (type.kind === "plain") return type.name;
  // ENUM('a', 'b') is no more than its word here
  return type.kind === "foreign" ? (/^[A-Z]+/.exec(type.text)?.[0] ?? "") : "";
}
