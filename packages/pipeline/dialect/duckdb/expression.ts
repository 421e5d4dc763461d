import type { CallExpr, Expr, LiteralExpr, WindowStartExpr } from "../../ir/expression.ts";
import { decimalShape, type PortableType } from "../../ir/portable-type.ts";
import { assert } from "@gridlake/kernel";
import { text } from "./quote.ts";

/** How the leaves of an expression are written where it stands; a leaf that can't stand there may be left out. */
export interface ExprScope {
  column(input: string, name: string): string;
  groupKey?(index: number): string;
  aggregate?(index: number): string;
  lag?(index: number): string;
  rank?(): string;
}

/** DECIMALs up to this width are 64-bit integers in DuckDB, and arithmetic on two of them stays there. */
const INT64_DECIMAL_WIDTH = 18;

/** DuckDB SQL of an expression, in brackets where they matter; its DuckDB type is `expr.type`. */
export function renderExpr(expr: Expr, scope: ExprScope): string {
  const render = (operand: Expr): string => renderExpr(operand, scope);
  switch (expr.kind) {
    case "column":
      return scope.column(expr.input, expr.name);
    case "literal":
      return renderLiteral(expr);
    case "cast":
      return `${expr.safe ? "TRY_CAST" : "CAST"}(${render(expr.operand)} AS ${expr.type})`;
    case "call":
      return renderCall(expr, render);
    case "in":
      return `(${render(expr.operand)} ${expr.negated ? "NOT IN" : "IN"} (${expr.list.map(render).join(", ")}))`;
    case "case": {
      const branches = expr.branches.map(({ when, result }) => `WHEN ${render(when)} THEN ${render(result)}`);
      return `CASE ${branches.join(" ")} ELSE ${render(expr.otherwise)} END`;
    }
    case "windowStart":
      return renderWindowStart(expr, render(expr.operand));
    case "shift":
      return `(${render(expr.operand)} + INTERVAL '${expr.milliseconds} milliseconds')`;
    case "groupKey":
      return leaf(scope.groupKey?.(expr.index), expr);
    case "aggregate":
      return leaf(scope.aggregate?.(expr.index), expr);
    case "lag":
      return leaf(scope.lag?.(expr.index), expr);
    case "rank":
      return leaf(scope.rank?.(), expr);
  }
}

function leaf(rendered: string | undefined, expr: Expr): string {
  assert(rendered !== undefined, `a ${expr.kind} node stands where it can't`);
  return rendered;
}

function renderLiteral({ value, type }: LiteralExpr): string {
  if (value === null) return `CAST(NULL AS ${type})`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (type === "VARCHAR") return text(value);
  // numerals are bare, so that DuckDB reads their digits as they are; a DOUBLE's text is its shortest form
  return type === "BIGINT" || decimalShape(type)
    ? `CAST(${value} AS ${type})`
    : `CAST(${text(value)} AS ${type})`;
}

function renderCall(expr: CallExpr, render: (operand: Expr) => string): string {
  const { fn, args, type } = expr;
  const [first, second] = args;
  switch (fn) {
    case "+":
    case "-":
    case "*":
      return renderArithmetic(expr, render);
    case "/":
    case "//":
    case "%":
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "||":
      return `(${args.map(render).join(` ${fn} `)})`;
    case "and":
    case "or":
      return `(${args.map(render).join(` ${fn.toUpperCase()} `)})`;
    case "like":
      return `(${args.map(render).join(" LIKE ")})`;
    case "negate":
      return `(- ${args.map(render).join("")})`;
    case "not":
      return `(NOT ${args.map(render).join("")})`;
    case "is null":
    case "is not null":
      return `(${args.map(render).join("")} ${fn.toUpperCase()})`;
    case "round":
    case "floor":
    case "ceil": {
      const digits = second?.kind === "literal" ? `, ${second.value}` : "";
      return `CAST(${fn}(${first ? render(first) : ""}${digits}) AS ${type})`;
    }
    case "substring": {
      const bounds = args
        .slice(1)
        .map((bound) => (bound.kind === "literal" ? String(bound.value) : render(bound)));
      return `substring(${[first ? render(first) : "", ...bounds].join(", ")})`;
    }
    case "ln":
      // DuckDB fails where the subset says NULL; greatest passes over NULLs
      return `ln(nullif(greatest(${first ? render(first) : ""}, 0), 0))`;
    case "sqrt": {
      const operand = first ? render(first) : "";
      return `sqrt(CASE WHEN ${operand} >= 0 THEN ${operand} END)`;
    }
    case "secondsBetween":
      return `date_diff('second', ${args.map(render).join(", ")})`;
    case "addSeconds":
      return `(${first ? render(first) : ""} + to_seconds(${second ? render(second) : ""}))`;
    case "minuteOfDay": {
      const ts = args.map(render).join("");
      return `(extract(hour FROM ${ts}) * 60 + extract(minute FROM ${ts}))`;
    }
    case "dayOfWeek":
      return `extract(isodow FROM ${args.map(render).join("")})`;
    case "exp":
    case "coalesce":
    case "nullif":
    case "abs":
    case "greatest":
    case "least":
    case "concat":
    case "upper":
    case "lower":
    case "trim":
      return `${fn}(${args.map(render).join(", ")})`;
  }
}

/** DuckDB caps the result of two 64-bit decimals at 18 digits; one wider operand makes it reckon in 128 bits. */
function renderArithmetic({ fn, args, type }: CallExpr, render: (operand: Expr) => string): string {
  const shape = decimalShape(type);
  if (shape === null) return `(${args.map(render).join(` ${fn} `)})`;
  const shapes = args.map((arg) => decimalShape(arg.type));
  const isCapped =
    shape.width > INT64_DECIMAL_WIDTH && shapes.every((one) => (one?.width ?? 0) <= INT64_DECIMAL_WIDTH);
  const operands = args.map((arg, index) => {
    const wide: PortableType = `DECIMAL(${INT64_DECIMAL_WIDTH + 1},${shapes[index]?.scale ?? 0})`;
    return isCapped && index === 0 ? `CAST(${render(arg)} AS ${wide})` : render(arg);
  });
  return `CAST(${operands.join(` ${fn} `)} AS ${type})`;
}

/** Whether a window's begin depends on the time zone. */
export function isZoned({ count, unit }: Pick<WindowStartExpr, "count" | "unit">): boolean {
  return unit !== "minute" || 15 % count !== 0;
}

/**
 * Minutes that divide 15 begin alike in every time zone. Other minutes and hours begin with the local clock's hour,
 * which some zones have at :30 or :45; date_trunc would do, but in the hour that the clocks repeat it answers with the
 * second one for instants of the first, which is later than the instant itself.
 */
function renderWindowStart({ count, unit }: WindowStartExpr, operand: string): string {
  if (unit === "day" || unit === "month" || unit === "year") return `date_trunc('${unit}', ${operand})`;
  const size = `INTERVAL '${count} ${unit}'`;
  if (!isZoned({ count, unit })) return `time_bucket(${size}, ${operand})`;
  return `time_bucket(${size}, ${operand}, to_seconds(-extract(timezone FROM ${operand})))`;
}
