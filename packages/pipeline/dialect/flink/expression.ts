import { assert } from "@gridlake/kernel";
import {
  type CallExpr,
  type CastExpr,
  type Expr,
  type LiteralExpr,
  operandsOf,
} from "../../ir/expression.ts";
import { castSql, safeCastSql } from "./cast.ts";
import { lowerSql, upperSql } from "./letter-case.ts";
import { arithmeticSql, negatedSql, wholeDivisionSql } from "./exact-arithmetic.ts";
import { flinkType } from "./flink-type.ts";
import {
  addSecondsSql,
  dayOfWeekSql,
  minuteOfDaySql,
  secondsBetweenSql,
  windowStartSql,
} from "./grid-time.ts";
import { text } from "./quote.ts";
import type { ZoneHistory } from "./zone-history.ts";

/** How the leaves of an expression are written where it stands; a leaf that can't stand there may be left out. */
export interface ExprScope {
  readonly zone: ZoneHistory;
  column(input: string, name: string): string;
  groupKey?(index: number): string;
  aggregate?(index: number): string;
  lag?(index: number): string;
  rank?(): string;
}

/**
 * Flink SQL of an expression, in brackets where they matter; its Flink type is `flinkType(expr.type)`.
 * A number that does not fit is an error of the job: left to itself, Flink lets BIGINTs wrap round and makes DECIMALs NULL.
 */
export function renderExpr(expr: Expr, scope: ExprScope): string {
  const render = (operand: Expr): string => renderExpr(operand, scope);
  switch (expr.kind) {
    case "column":
      return scope.column(expr.input, expr.name);
    case "literal":
      return renderLiteral(expr);
    case "cast":
      return renderCast(expr, render);
    case "call":
      return renderCall(expr, render, scope.zone);
    case "in":
      return `(${render(expr.operand)} ${expr.negated ? "NOT IN" : "IN"} (${expr.list.map(render).join(", ")}))`;
    case "case": {
      const branches = expr.branches.map(({ when, result }) => `WHEN ${render(when)} THEN ${render(result)}`);
      return `CASE ${branches.join(" ")} ELSE ${render(expr.otherwise)} END`;
    }
    case "windowStart":
      return windowStartSql(render(expr.operand), expr, scope.zone);
    case "shift":
      return shiftSql(render(expr.operand), expr.milliseconds);
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
  if (value === null) return `CAST(NULL AS ${flinkType(type)})`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (type === "TIMESTAMPTZ")
    return `CAST(${text(value.replace("T", " ").replace(/Z$/, ""))} AS TIMESTAMP(6))`;
  // a text is cast, too: as the CHAR(n) that it is, CASE would pad it to the longest of its results
  return `CAST(${text(value)} AS ${flinkType(type)})`;
}

function renderCast({ operand, safe, type }: CastExpr, render: (operand: Expr) => string): string {
  const value = render(operand);
  return safe ? safeCastSql(value, operand.type, type) : castSql(value, operand.type, type);
}

function renderCall(expr: CallExpr, render: (operand: Expr) => string, zone: ZoneHistory): string {
  const { fn, args, type } = expr;
  const rendered = args.map(render);
  const [first = "", second = ""] = rendered;
  switch (fn) {
    case "+":
    case "-":
    case "*":
      return arithmeticSql(expr, rendered);
    case "//":
    case "%":
      return wholeDivisionSql(fn, first, second, args[1]);
    case "negate":
      return negatedSql(first, type);
    case "abs":
      return type === "BIGINT"
        ? `CASE WHEN ${first} < 0 THEN ${negatedSql(first, type)} ELSE ${first} END`
        : `ABS(${first})`;
    case "/":
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "||":
      return `(${rendered.join(` ${fn} `)})`;
    case "and":
    case "or":
      return `(${rendered.join(` ${fn.toUpperCase()} `)})`;
    case "like":
      return `(${first} LIKE ${likePattern(args[1])})`;
    case "not":
      return `(NOT ${first})`;
    case "is null":
    case "is not null":
      return `(${first} ${fn.toUpperCase()})`;
    case "round":
      return `CAST(ROUND(${first}, ${literalOf(args[1])}) AS ${flinkType(type)})`;
    case "floor":
    case "ceil":
      return `CAST(${fn.toUpperCase()}(${first}) AS ${flinkType(type)})`;
    case "substring":
      return `SUBSTRING(${[first, ...args.slice(1).map(literalOf)].join(", ")})`;
    case "minuteOfDay":
      return minuteOfDaySql(first, zone);
    case "dayOfWeek":
      return dayOfWeekSql(first, zone);
    case "coalesce":
      return coalesceSql(args, rendered);
    case "greatest":
      return extremeSql(">=", rendered);
    case "least":
      return extremeSql("<=", rendered);
    case "upper":
      return upperSql(first);
    case "lower":
      return lowerSql(first);
    case "ln":
      return `LN(CASE WHEN ${first} > 0 THEN ${first} END)`;
    case "sqrt":
      return `SQRT(CASE WHEN ${first} >= 0 THEN ${first} END)`;
    case "secondsBetween":
      return secondsBetweenSql(first, second);
    case "addSeconds":
      return addSecondsSql(first, second);
    case "exp":
    case "nullif":
    case "concat":
    case "trim":
      return `${fn.toUpperCase()}(${rendered.join(", ")})`;
  }
}

/** Flink's COALESCE reckons all its operands before it chooses; one that may be an error must wait for its turn. */
function coalesceSql(args: readonly Expr[], rendered: readonly string[]): string {
  const isPlain = args.slice(1).every((arg) => operandsOf(arg).length === 0);
  if (isPlain) return `COALESCE(${rendered.join(", ")})`;
  const choices = rendered.slice(0, -1).map((value) => `WHEN ${value} IS NOT NULL THEN ${value}`);
  return `CASE ${choices.join(" ")} ELSE ${rendered.at(-1)} END`;
}

/** Of Flink's own GREATEST and LEAST a value of the row before may come, or a NullPointerException. No operand is NULL here. */
function extremeSql(comparison: ">=" | "<=", rendered: readonly string[]): string {
  const choices = rendered.slice(0, -1).map((value, at) => {
    const others = rendered.slice(at + 1).map((other) => `${value} ${comparison} ${other}`);
    return `WHEN ${others.join(" AND ")} THEN ${value}`;
  });
  return `CASE ${choices.join(" ")} ELSE ${rendered.at(-1)} END`;
}

/** A literal as it is written, without its type: places that take no expression. */
function literalOf(expr: Expr | undefined): string {
  assert(expr?.kind === "literal" && typeof expr.value === "string", "a literal number is missing");
  return expr.value;
}

function likePattern(expr: Expr | undefined): string {
  assert(expr?.kind === "literal" && typeof expr.value === "string", "a LIKE pattern is no literal");
  return text(expr.value);
}

/** Seconds by TIMESTAMPADD, for an interval's literal holds few digits. */
function shiftSql(instant: string, milliseconds: number): string {
  const [seconds, rest] = [Math.trunc(milliseconds / 1000), milliseconds % 1000];
  const moved = seconds === 0 ? instant : `TIMESTAMPADD(SECOND, ${seconds}, ${instant})`;
  if (rest === 0) return moved;
  const fraction = `INTERVAL '0.${String(Math.abs(rest)).padStart(3, "0")}' SECOND(1, 3)`;
  return `(${moved} ${rest < 0 ? "-" : "+"} ${fraction})`;
}
