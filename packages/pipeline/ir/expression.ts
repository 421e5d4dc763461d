import type { PortableType } from "./portable-type.ts";

/**
 * Expressions as plain data: JSON in, JSON out, no locations. Laws:
 * - every node carries its type and whether it can be NULL;
 * - types follow the subset's own rules (docs/reference/models.md); where an engine's differ, its renderer casts to `type`;
 * - implicit conversions are already `cast` nodes, AVG is already SUM / COUNT, BETWEEN is already two comparisons.
 */
interface Typed {
  readonly type: PortableType;
  readonly nullable: boolean;
}

/** A column of the input with this alias. */
export interface ColumnExpr extends Typed {
  readonly kind: "column";
  readonly input: string;
  readonly name: string;
}

/** BIGINT, DECIMAL, DOUBLE and TIMESTAMPTZ (RFC 3339, UTC) as text, so that nothing is rounded on the way. */
export interface LiteralExpr extends Typed {
  readonly kind: "literal";
  readonly value: string | boolean | null;
}

/** `safe` is TRY_CAST: NULL where the value does not fit. */
export interface CastExpr extends Typed {
  readonly kind: "cast";
  readonly operand: Expr;
  readonly safe: boolean;
}

export type Operator =
  /* DECIMAL or BIGINT or DOUBLE, both operands of one kind */
  | "+"
  | "-"
  | "*"
  /** On DOUBLE alone. */
  | "/"
  /** On BIGINT alone, toward zero; NULL when the divisor is 0. */
  | "//"
  /** On BIGINT alone, with the sign of the dividend; NULL when the divisor is 0. */
  | "%"
  | "negate"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  /** Two or more operands. */
  | "and"
  | "or"
  | "not"
  | "is null"
  | "is not null"
  /** The pattern is a literal; no escape character. */
  | "like"
  | "||";

export type ScalarFunction =
  | "coalesce"
  | "nullif"
  | "abs"
  /** Of DOUBLE: NULL where x <= 0. The last digits are the engine's own, so it always stands inside a cast to DECIMAL. */
  | "ln"
  /** Of DOUBLE; as `ln`. */
  | "exp"
  /** Of DOUBLE: NULL where x < 0. Rounded correctly by every engine. */
  | "sqrt"
  /** round(x, n) half away from zero on DECIMAL; n is a literal. */
  | "round"
  | "floor"
  | "ceil"
  /** Of operands that can't be NULL, for engines part ways there. */
  | "greatest"
  | "least"
  | "concat"
  | "upper"
  | "lower"
  | "trim"
  /** substring(text, start from 1[, length]); start and length are literals. */
  | "substring"
  /** secondsBetween(a, b): seconds from a to b as BIGINT, each cut down to its whole second first. */
  | "secondsBetween"
  /** addSeconds(instant, n): the instant n seconds later, earlier for a negative n. */
  | "addSeconds"
  /** Minutes since midnight by the grid's clock, 0 to 1439, and the day of its week, from 1 for Monday. */
  | "minuteOfDay"
  | "dayOfWeek";

export interface CallExpr extends Typed {
  readonly kind: "call";
  readonly fn: Operator | ScalarFunction;
  readonly args: readonly Expr[];
}

/** `operand IN (list)`, or NOT IN. */
export interface InExpr extends Typed {
  readonly kind: "in";
  readonly operand: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}

/** CASE WHEN … THEN … ELSE … END; the form with an operand is already rewritten to comparisons. */
export interface CaseExpr extends Typed {
  readonly kind: "case";
  readonly branches: readonly { readonly when: Expr; readonly result: Expr }[];
  readonly otherwise: Expr;
}

export type WindowUnit = "minute" | "hour" | "day" | "month" | "year";

/**
 * The start of the window [start, start + size) that holds the instant, in the grid's time zone: minutes count from the
 * full hour of its clock, hours are its clock's, days, months and years its calendar's.
 */
export interface WindowStartExpr extends Typed {
  readonly kind: "windowStart";
  readonly operand: Expr;
  readonly count: number;
  readonly unit: WindowUnit;
}

/** An instant moved by a fixed span, negative for back. */
export interface ShiftExpr extends Typed {
  readonly kind: "shift";
  readonly operand: Expr;
  readonly milliseconds: number;
}

/** The block's `groupBy[index]`; only above the grouping. */
export interface GroupKeyExpr extends Typed {
  readonly kind: "groupKey";
  readonly index: number;
}

/** The block's `aggregates[index]`; only above the grouping. */
export interface AggregateExpr extends Typed {
  readonly kind: "aggregate";
  readonly index: number;
}

/** The row's rank in the block's `top`, from 1. */
export interface RankExpr extends Typed {
  readonly kind: "rank";
}

/** The block's `lag[index]`. */
export interface LagExpr extends Typed {
  readonly kind: "lag";
  readonly index: number;
}

export type Expr =
  | ColumnExpr
  | LiteralExpr
  | CastExpr
  | CallExpr
  | InExpr
  | CaseExpr
  | WindowStartExpr
  | ShiftExpr
  | GroupKeyExpr
  | AggregateExpr
  | RankExpr
  | LagExpr;

/** The direct operands of a node, in the order they are written. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "cast":
    case "windowStart":
    case "shift":
      return [expr.operand];
    case "call":
      return expr.args;
    case "in":
      return [expr.operand, ...expr.list];
    case "case":
      return [...expr.branches.flatMap((branch) => [branch.when, branch.result]), expr.otherwise];
    default:
      return [];
  }
}

/** The same node with every direct operand replaced. */
export function mapOperands(expr: Expr, change: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "cast":
    case "windowStart":
    case "shift":
      return { ...expr, operand: change(expr.operand) };
    case "call":
      return { ...expr, args: expr.args.map(change) };
    case "in":
      return { ...expr, operand: change(expr.operand), list: expr.list.map(change) };
    case "case":
      return {
        ...expr,
        branches: expr.branches.map(({ when, result }) => ({ when: change(when), result: change(result) })),
        otherwise: change(expr.otherwise),
      };
    default:
      return expr;
  }
}

/** The input columns an expression reads, each once. */
export function columnsOf(expr: Expr): ColumnExpr[] {
  const found = new Map<string, ColumnExpr>();
  const visit = (node: Expr): void => {
    if (node.kind === "column") found.set(`${node.input}.${node.name}`, node);
    operandsOf(node).forEach(visit);
  };
  visit(expr);
  return [...found.values()];
}

/** The conjuncts of a condition: a AND (b AND c) → a, b, c; null → none. */
export function conjunctsOf(condition: Expr | null): Expr[] {
  if (condition === null) return [];
  if (condition.kind === "call" && condition.fn === "and") return condition.args.flatMap(conjunctsOf);
  return [condition];
}

/** Whether two expressions are the same plain data. */
export function sameExpr(a: Expr, b: Expr): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
