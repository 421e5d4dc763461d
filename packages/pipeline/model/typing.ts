import type { Expr, LiteralExpr } from "../ir/expression.ts";
import {
  BIGINT_DIGITS,
  DECIMAL_MAX_WIDTH,
  decimalShape,
  decimalType,
  isDecimal,
  isNumeric,
  type DecimalShape,
  type PortableType,
} from "../ir/portable-type.ts";

/*
 * The subset's own rules of types, so that no engine's rules show through: dialects cast where theirs differ.
 * A result of more than 38 digits keeps its scale and loses from the front; a value that doesn't fit is an error of
 * the engine, never a wrong number.
 */

export function isNullLiteral(expr: Expr): boolean {
  return expr.kind === "literal" && expr.value === null;
}

/** The decimal an exact number counts as; a literal only has the digits it is written with. */
export function exactShape(expr: Expr): DecimalShape {
  if (expr.kind === "literal" && expr.type === "BIGINT" && typeof expr.value === "string") {
    return { width: expr.value.replace("-", "").length, scale: 0 };
  }
  return decimalShape(expr.type) ?? { width: BIGINT_DIGITS, scale: 0 };
}

function bounded(shape: DecimalShape): PortableType {
  return decimalType({ width: Math.min(shape.width, DECIMAL_MAX_WIDTH), scale: shape.scale });
}

/** The one type that all values can be turned into without loss; null if there is none. NULLs go with anything. */
export function commonType(exprs: readonly Expr[]): PortableType | null {
  const typed = exprs.filter((expr) => !isNullLiteral(expr));
  const [first] = typed;
  if (first === undefined) return exprs[0]?.type ?? null;
  if (typed.every((expr) => expr.type === first.type)) return first.type;
  if (!typed.every((expr) => isNumeric(expr.type))) return null;
  if (typed.some((expr) => expr.type === "DOUBLE")) return "DOUBLE";
  const shapes = typed.map(exactShape);
  const scale = Math.max(...shapes.map((shape) => shape.scale));
  const whole = Math.max(...shapes.map((shape) => shape.width - shape.scale));
  return bounded({ width: whole + scale, scale });
}

/** The type of `a + b`, `a - b` or `a * b`; null if they can't be reckoned with. */
export function arithmeticType(operator: "+" | "-" | "*", a: Expr, b: Expr): PortableType | null {
  if (!isNumeric(a.type) || !isNumeric(b.type)) return null;
  if (a.type === "DOUBLE" || b.type === "DOUBLE") return "DOUBLE";
  if (a.type === "BIGINT" && b.type === "BIGINT") return "BIGINT";
  const [x, y] = [exactShape(a), exactShape(b)];
  if (operator === "*") {
    const scale = x.scale + y.scale;
    return scale > DECIMAL_MAX_WIDTH ? null : bounded({ width: x.width + y.width, scale });
  }
  const scale = Math.max(x.scale, y.scale);
  return bounded({ width: Math.max(x.width - x.scale, y.width - y.scale) + scale + 1, scale });
}

/** The operand of `+`, `-`, `*` in the kind of the result: DOUBLE, or a decimal that keeps its own shape. */
export function asOperand(expr: Expr, result: PortableType): Expr {
  if (result === "DOUBLE" || !isDecimal(result)) return coerce(expr, result);
  return isDecimal(expr.type) ? expr : coerce(expr, decimalType(exactShape(expr)));
}

/** `expr` as a value of `type`; literals change their type, all else is cast. */
export function coerce(expr: Expr, type: PortableType): Expr {
  if (expr.type === type) return expr;
  if (expr.kind === "literal") {
    const folded = foldLiteral(expr, type);
    if (folded) return folded;
  }
  return { kind: "cast", operand: expr, safe: false, type, nullable: expr.nullable };
}

function foldLiteral(literal: LiteralExpr, type: PortableType): LiteralExpr | null {
  if (literal.value === null) return { ...literal, type };
  if (typeof literal.value !== "string" || !isNumeric(literal.type) || literal.type === "DOUBLE") return null;
  const shape = decimalShape(type);
  if (shape === null) return type === "DOUBLE" ? { ...literal, type } : null;
  const [whole = "", fraction = ""] = literal.value.split(".");
  if (fraction.length > shape.scale || whole.replace("-", "").length > Math.max(shape.width - shape.scale, 1))
    return null;
  const value = shape.scale === 0 ? whole : `${whole}.${fraction.padEnd(shape.scale, "0")}`;
  return { ...literal, type, value };
}

/** Why CAST from one type to another is refused; null when every engine does it alike. */
export function castRefusal(operand: Expr, to: PortableType): { message: string; remedy: string } | null {
  const from = operand.type;
  if (from === to || isNullLiteral(operand)) return null;
  const whole = operand.kind === "call" && ["floor", "ceil", "round"].includes(operand.fn);
  if (
    to === "BIGINT" &&
    (from === "DOUBLE" || isDecimal(from)) &&
    decimalShape(from)?.scale !== 0 &&
    !whole
  ) {
    return {
      message: `engines round ${from} to BIGINT in different ways`,
      remedy: "say how: CAST(floor(x) AS BIGINT), ceil(x), or round(x) of a DECIMAL",
    };
  }
  const allowed: Record<string, (type: PortableType) => boolean> = {
    VARCHAR: isNumeric,
    BIGINT: (type) => isNumeric(type) || type === "VARCHAR",
    DECIMAL: (type) => isNumeric(type) || type === "VARCHAR",
    DOUBLE: isNumeric,
    BOOLEAN: (type) => type === "BIGINT",
    TIMESTAMPTZ: () => false,
  };
  if (allowed[isDecimal(from) ? "DECIMAL" : from]?.(to)) return null;
  return {
    message: `engines do not agree on ${from} as ${to}`,
    remedy:
      to === "TIMESTAMPTZ"
        ? "declare the topic's field as TIMESTAMPTZ, or write a literal: TIMESTAMPTZ '2024-01-01T00:00:00Z'"
        : "keep the value in its own type, or use CASE",
  };
}
