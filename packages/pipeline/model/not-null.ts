import { type ColumnExpr, conjunctsOf, type Expr } from "../ir/expression.ts";

const STRICT = new Set([
  "=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "like",
  "+",
  "-",
  "*",
  "/",
  "negate",
  "||",
  "abs",
  "upper",
  "lower",
  "trim",
]);

/** The columns that can't be NULL in a row which this condition lets pass. */
export function provenNotNull(condition: Expr | null): ColumnExpr[] {
  return conjunctsOf(condition).flatMap(fromConjunct);
}

function fromConjunct(conjunct: Expr): ColumnExpr[] {
  if (conjunct.kind === "in") return strictColumns(conjunct.operand);
  if (conjunct.kind === "call" && (conjunct.fn === "is not null" || conjunct.fn === "not")) {
    return conjunct.args.flatMap(strictColumns);
  }
  return strictColumns(conjunct);
}

/** Columns whose NULL makes the whole expression NULL. */
export function strictColumns(expr: Expr): ColumnExpr[] {
  switch (expr.kind) {
    case "column":
      return [expr];
    case "cast":
      return strictColumns(expr.operand);
    case "windowStart":
    case "shift":
      return strictColumns(expr.operand);
    case "call":
      return STRICT.has(expr.fn) ? expr.args.flatMap(strictColumns) : [];
    default:
      return [];
  }
}
