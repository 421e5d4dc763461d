import { decimalShape, type PortableType } from "../../ir/portable-type.ts";
import { bigintSql } from "./exact-arithmetic.ts";
import { decimal, flinkType, wholeDigits } from "./flink-type.ts";
import { unsupported } from "./unsupported.ts";

/** DECIMALs of so many digits are BIGINTs without a look. */
const BIGINT_SAFE_DIGITS = 18;
const LEAST_BIGINT = "CAST('-9223372036854775808' AS DECIMAL(19, 0))";
const GREATEST_BIGINT = "CAST('9223372036854775807' AS DECIMAL(19, 0))";
/** 2^63: the first DOUBLE that is no BIGINT; Flink would take the greatest one for it. */
const BEYOND_BIGINT = "CAST('9.223372036854775808E18' AS DOUBLE)";

/** CAST: a value that does not fit is an error. */
export function castSql(value: string, from: PortableType, to: PortableType): string {
  const plain = `CAST(${value} AS ${flinkType(to)})`;
  if (from === to) return value;
  if (from === "BOOLEAN") return booleanAsNumber(value);
  refuseText(from, to);
  if (to === "VARCHAR") return asText(value, from);
  if (to === "BIGINT") return asBigint(value, from);
  return isRoomy(from, to) ? plain : `CAST(${byText(value, from, to)} AS ${flinkType(to)})`;
}

/** TRY_CAST: a value that does not fit is NULL. */
export function safeCastSql(value: string, from: PortableType, to: PortableType): string {
  if (from === to) return value;
  if (from === "BOOLEAN") return booleanAsNumber(value);
  refuseText(from, to);
  if (to === "VARCHAR") return asText(value, from);
  if (to !== "BIGINT") return `TRY_CAST(${byText(value, from, to)} AS ${flinkType(to)})`;
  const fits =
    from === "DOUBLE"
      ? `${value} >= - ${BEYOND_BIGINT} AND ${value} < ${BEYOND_BIGINT}`
      : `${value} >= ${LEAST_BIGINT} AND ${value} <= ${GREATEST_BIGINT}`;
  return `CASE WHEN ${fits} THEN CAST(${value} AS BIGINT) END`;
}

/** A number that does not fit is an error to a text alone: of a DECIMAL Flink makes a NULL that its own code does not expect. */
function byText(value: string, from: PortableType, to: PortableType): string {
  if (!isFraction(to)) return `CAST(${value} AS STRING) || ''`;
  // the 0 before the point counts as a digit to it, and such a type has none to spare
  const pointed = from === "BIGINT" ? `CAST(${value} AS ${decimal(20, 1)})` : value;
  return withoutZero(`CAST(${pointed} AS STRING)`);
}

/** Whether a DECIMAL has no digit before the point. */
function isFraction(type: PortableType): boolean {
  const shape = decimalShape(type);
  return shape !== null && shape.width === shape.scale;
}

/** `-0.5` → `-.5`; REGEXP_REPLACE knows no groups in what it puts. */
function withoutZero(number: string): string {
  return `REGEXP_REPLACE(${number}, '(?<=^-?)0(?=[.])', '')`;
}

function refuseText(from: PortableType, to: PortableType): void {
  if (from !== "VARCHAR") return;
  unsupported(
    "FLINK_UNSUPPORTED_CAST",
    `CAST of VARCHAR AS ${to}`,
    "engines take different texts for numbers: 1.9, 1e3, 1_000, 0x1F",
    "declare the topic's field as a number",
  );
}

function booleanAsNumber(value: string): string {
  return `CASE WHEN ${value} THEN CAST(1 AS BIGINT) WHEN NOT ${value} THEN CAST(0 AS BIGINT) END`;
}

function asText(value: string, from: PortableType): string {
  const text = `CAST(${value} AS STRING)`;
  // such a DECIMAL is `.500` in DuckDB
  return isFraction(from) ? withoutZero(text) : text;
}

function asBigint(value: string, from: PortableType): string {
  if (from === "DOUBLE") {
    const fits = `${value} >= - ${BEYOND_BIGINT} AND ${value} < ${BEYOND_BIGINT}`;
    const refused = `CAST('does not fit: ' || CAST(${value} AS STRING) AS BIGINT)`;
    return `CASE WHEN ${fits} THEN CAST(${value} AS BIGINT) ELSE ${refused} END`;
  }
  const digits = wholeDigits(from) ?? 0;
  return digits <= BIGINT_SAFE_DIGITS ? `CAST(${value} AS BIGINT)` : bigintSql(value);
}

/** Whether every value of the one type has room in the other; rounding may carry into one more digit. */
function isRoomy(from: PortableType, to: PortableType): boolean {
  const shape = decimalShape(to);
  if (shape === null) return true;
  const digits = wholeDigits(from);
  if (digits === null) return false;
  const carried = (decimalShape(from)?.scale ?? 0) > shape.scale ? 1 : 0;
  return shape.width - shape.scale >= digits + carried;
}
