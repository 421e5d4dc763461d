// Arithmetic that is exact or an error. What Flink 1.17 does by itself, without a word:
//
//   BIGINT + - *             wraps round
//   DECIMAL beyond 38 digits NULL, and a scale beyond 6 is cut to make room before the point
//   CAST of a DECIMAL        NULL where it does not fit, the low 64 bits as a BIGINT
//
// Only a text that is no number is an error to it. So BIGINTs are reckoned with as DECIMALs of 19 digits and come back by
// way of their text, and where a DECIMAL may be too long, NULL of operands that are not NULL is made such an error.

import type { CallExpr, Expr } from "../../ir/expression.ts";
import {
  DECIMAL_MAX_WIDTH,
  decimalShape,
  type DecimalShape,
  type PortableType,
} from "../../ir/portable-type.ts";
import { decimal, flinkType } from "./flink-type.ts";
import { unsupported } from "./unsupported.ts";

/** Flink keeps so many digits behind the point when a result is too long; beyond, it rounds them away. */
const KEPT_SCALE = 6;

/** An exact whole number as a BIGINT; one that is too large is an error. */
export function bigintSql(whole: string): string {
  // without the concatenation the planner takes the two casts for one, which wraps round
  return `CAST(CAST(${whole} AS STRING) || '' AS BIGINT)`;
}

const asDecimal = (bigint: string): string => `CAST(${bigint} AS ${decimal(19, 0)})`;

/** `a + b`, `a - b`, `a * b`. */
export function arithmeticSql({ fn, args, type }: CallExpr, [a = "", b = ""]: readonly string[]): string {
  if (type === "DOUBLE") return `(${a} ${fn} ${b})`;
  if (type === "BIGINT") return bigintSql(`(${asDecimal(a)} ${fn} ${asDecimal(b)})`);
  const [x, y] = args.map((arg) => decimalShape(arg.type));
  const shape = decimalShape(type);
  if (!x || !y || !shape) return `(${a} ${fn} ${b})`;
  const value = `CAST((${a} ${fn} ${b}) AS ${decimal(shape.width, shape.scale)})`;
  const needed = neededWidth(fn, x, y);
  if (needed <= DECIMAL_MAX_WIDTH && (fn !== "*" || x.width + y.width < DECIMAL_MAX_WIDTH)) return value;
  if (shape.scale > KEPT_SCALE && needed >= DECIMAL_MAX_WIDTH) {
    return unsupported(
      "FLINK_UNSUPPORTED_DECIMAL",
      `${x.width},${x.scale} ${fn} ${y.width},${y.scale}`,
      `Flink rounds a DECIMAL of more than ${DECIMAL_MAX_WIDTH} digits to ${KEPT_SCALE} digits behind the point`,
      "CAST the operands to fewer digits, such as DECIMAL(18,6)",
    );
  }
  return neverLost(value, [a, b], type);
}

function neededWidth(fn: CallExpr["fn"], x: DecimalShape, y: DecimalShape): number {
  if (fn === "*") return x.width + y.width + 1;
  return Math.max(x.width - x.scale, y.width - y.scale) + Math.max(x.scale, y.scale) + 1;
}

/** A value that Flink makes NULL where it does not fit: an error there, and NULL only of operands that are. */
function neverLost(value: string, operands: readonly string[], type: PortableType): string {
  const culprit = ["'does not fit: '", ...operands.map((operand) => `CAST(${operand} AS STRING)`)].join(
    " || ",
  );
  return `CASE WHEN ${value} IS NULL THEN CAST(${culprit} AS ${flinkType(type)}) ELSE ${value} END`;
}

export function negatedSql(operand: string, type: PortableType): string {
  return type === "BIGINT" ? bigintSql(`(- ${asDecimal(operand)})`) : `(- ${operand})`;
}

/** `a // b` and `a % b`: toward zero, NULL by zero. */
export function wholeDivisionSql(fn: "//" | "%", a: string, b: string, divisor: Expr | undefined): string {
  const by = `NULLIF(${b}, CAST(0 AS BIGINT))`;
  if (fn === "%") return `MOD(${a}, ${by})`;
  const quotient = `(${a} / ${by})`;
  // the one quotient that is no BIGINT is the smallest one by -1
  const isSafe = divisor?.kind === "literal" && divisor.value !== "-1";
  return isSafe ? quotient : `CASE WHEN ${b} = -1 THEN ${negatedSql(a, "BIGINT")} ELSE ${quotient} END`;
}
