import { GridlakeError } from "@gridlake/kernel";
import { type Column, META_COLUMNS, typeOf } from "../schema/column.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";
import { findColumn } from "../table/record-key.ts";
import { type Bound, dateBound, decimalBound, instantBound, textBound } from "./bound.ts";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** Numbers for number columns, as text where they have more digits than a JavaScript number; a Date for a DATE or an instant. */
export type FilterValue = string | number | bigint | boolean | Date;

/** A condition on a column: `["day", ">=", "2026-01-31"]`. A comparison is never true of NULL. */
export type Filter =
  | readonly [column: string, operator: Comparison, value: FilterValue]
  | readonly [column: string, operator: "in", values: readonly FilterValue[]]
  | readonly [column: string, operator: "is null" | "is not null"];

/** A filter as SQL, and as far as it is a condition on bounds. */
export interface Condition {
  column: Column;
  sql: string;
  /** Null: the values that the filter lets through are not ordered as the bounds of a file are. */
  test:
    | { operator: Comparison | "in"; values: readonly Bound[] }
    | { operator: "is null" | "is not null" }
    | null;
}

const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(["=", "<>", "<", "<=", ">", ">="]);
/** Of a DECIMAL. */
const MAX_DIGITS = 38;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/;
const OFFSET = /(Z|[+-]\d{2}(:\d{2})?)$/i;

/** @throws HUDI_FILTER, HUDI_COLUMN_MISSING */
export function conditionOf(columns: readonly Column[], filter: Filter): Condition {
  const [name, operator] = filter;
  const column: Column = META_COLUMNS.some((meta) => meta === name)
    ? { name, type: "VARCHAR", nullable: true }
    : findColumn(columns, name);
  if (operator === "is null" || operator === "is not null") {
    return { column, sql: `${sqlName(name)} ${operator.toUpperCase()}`, test: { operator } };
  }
  if (operator !== "in" && !COMPARISONS.has(operator)) {
    throw refused(
      filter,
      `${JSON.stringify(operator)} is no operator`,
      "use = <> < <= > >= in, is null, is not null",
    );
  }
  const values = operator === "in" ? filter[2] : [filter[2]];
  if (!Array.isArray(values))
    throw refused(filter, "in needs a list of values", 'write ["day", "in", ["a", "b"]]');
  const literals = values.map((value) => literalOf(column, value as FilterValue, filter));
  const sql =
    operator !== "in"
      ? `${sqlName(name)} ${operator} ${literals[0]?.sql}`
      : literals.length === 0
        ? "false"
        : `${sqlName(name)} IN (${literals.map((literal) => literal.sql).join(", ")})`;
  const bounds = literals.flatMap(({ bound }) => bound ?? []);
  return { column, sql, test: bounds.length === literals.length ? { operator, values: bounds } : null };
}

interface Literal {
  sql: string;
  /** Null: not comparable with the bounds of a file. */
  bound: Bound | null;
}

function literalOf(column: Column, value: FilterValue, filter: Filter): Literal {
  const type = typeOf(column);
  const text =
    typeof value === "string" ? value : value instanceof Date ? isoOf(value, filter) : String(value);
  if (type.kind === "decimal") return numberLiteral(text, filter);
  if (type.kind !== "plain")
    throw refused(filter, `${column.type} has no order`, "only is null and is not null can be asked of it");
  switch (type.name) {
    case "VARCHAR":
      if (typeof value !== "string") break;
      return { sql: sqlText(value), bound: textBound(value) };
    case "INTEGER":
    case "BIGINT":
      return numberLiteral(text, filter);
    case "DOUBLE":
    case "FLOAT":
      if (typeof value === "number" || NUMBER.test(text)) {
        const number = type.name === "FLOAT" ? Math.fround(Number(text)) : Number(text);
        return { sql: `CAST(${sqlText(String(number))} AS ${type.name})`, bound: floatBound(number) };
      }
      break;
    case "BOOLEAN":
      if (typeof value !== "boolean") break;
      return { sql: String(value), bound: { kind: "number", value: value ? 1n : 0n, scale: 0 } };
    case "DATE": {
      const day = value instanceof Date ? text.slice(0, 10) : text;
      const bound = DATE.test(day) ? dateBound(day) : null;
      if (bound === null) break;
      return { sql: `CAST(${sqlText(day)} AS DATE)`, bound };
    }
    case "TIMESTAMPTZ":
      // without an offset the session's time zone would decide
      if (!CLOCK.test(text.replace(OFFSET, "")) || !OFFSET.test(text.slice(10))) break;
      return { sql: `CAST(${sqlText(text)} AS TIMESTAMPTZ)`, bound: instantBound(text) };
    case "TIMESTAMP":
      if (value instanceof Date || !CLOCK.test(text)) break;
      return { sql: `CAST(${sqlText(text)} AS TIMESTAMP)`, bound: instantBound(`${text}Z`) };
    case "BLOB":
    case "TIME":
      throw refused(
        filter,
        `${column.type} is not compared`,
        "only is null and is not null can be asked of it",
      );
  }
  throw refused(
    filter,
    `${JSON.stringify(text)} is no value of ${column.name}, which is ${column.type}`,
    REMEDIES[type.name] ?? "give a value of the column's type",
  );
}

const REMEDIES: Readonly<Record<string, string>> = {
  VARCHAR: "give a text",
  DATE: "give a text like 2026-01-31, or a Date, whose day in UTC counts",
  TIMESTAMPTZ: "give a Date, or a text with its offset: 2026-01-31 12:00:00+00",
  TIMESTAMP: "give a text without an offset: 2026-01-31 12:00:00",
};

/** A number as it stands, so that it is not rounded to the column's type: 1.255 is less than 1.26. */
function numberLiteral(text: string, filter: Filter): Literal {
  if (!NUMBER.test(text))
    throw refused(filter, `${JSON.stringify(text)} is no number`, "give a number, or its digits as a text");
  if (text.replaceAll(/\D/g, "").length > MAX_DIGITS) {
    throw refused(filter, `${text} has more than ${MAX_DIGITS} digits`, "give a shorter number");
  }
  return { sql: text, bound: decimalBound(text) };
}

function floatBound(value: number): Bound | null {
  return Number.isNaN(value) ? null : { kind: "float", value };
}

function isoOf(value: Date, filter: Filter): string {
  if (Number.isNaN(value.getTime())) throw refused(filter, "the Date is no date", "give a valid one");
  return value.toISOString();
}

function refused(filter: Filter, message: string, remedy: string): GridlakeError {
  const shown = filter.map((part) => (typeof part === "bigint" ? String(part) : part));
  return new GridlakeError("HUDI_FILTER", `the filter on ${filter[0]}: ${message}`, {
    remedy,
    details: { filter: shown },
    status: 400,
  });
}
