import { type BlockInput, type ColumnExpr, type Expr, type Model, sameExpr } from "../ir/index.ts";

/**
 * A lag over one input whose rows the partition and order tell apart: then a changed row touches itself and the row
 * behind it, and a touched row needs itself and the row before it. Every other lag recomputes whole partitions.
 */
export interface LagWindow {
  readonly input: BlockInput;
  /** The input's columns. */
  readonly partition: readonly string[];
  readonly order: string;
  readonly orderIsInstant: boolean;
  /** Whether partition and order are no more than the input's key, so that a row keeps its place for life. */
  readonly isInputKey: boolean;
  /** The input's column behind each of the model's key columns, in the key's order. */
  readonly key: readonly string[];
}

export function lagWindowOf(model: Model): LagWindow | null {
  const [block] = model.body.blocks;
  const input = block?.inputs[0];
  if (block === undefined || input === undefined || model.body.blocks.length > 1) return null;
  const [lag] = block.lag;
  // a filter or join before the lag decides which row is the one before: not told by the input alone
  if (lag === undefined || block.where !== null || block.joins.length > 0) return null;
  const alike = block.lag.every(
    (other) =>
      JSON.stringify([other.partitionBy, other.orderBy]) === JSON.stringify([lag.partitionBy, lag.orderBy]),
  );
  const [term, more] = lag.orderBy;
  if (!alike || term === undefined || more !== undefined || term.descending) return null;
  if (term.expr.kind !== "column" || !lag.partitionBy.every(isColumn)) return null;
  const identity = [...lag.partitionBy, term.expr] as readonly ColumnExpr[];
  const key = model.key.map((name) => block.output.find((output) => output.name === name)?.expr);
  if (key.length !== identity.length || !key.every((expr) => expr !== undefined && isColumn(expr)))
    return null;
  if (!identity.every((expr) => key.some((own) => own !== undefined && sameExpr(own, expr)))) return null;
  return {
    input,
    partition: lag.partitionBy.map((expr) => (expr as ColumnExpr).name),
    order: term.expr.name,
    orderIsInstant: term.expr.type === "TIMESTAMPTZ",
    isInputKey: block.rowKey.length === identity.length,
    key: key.map((expr) => (expr as ColumnExpr).name),
  };
}

function isColumn(expr: Expr): expr is ColumnExpr {
  return expr.kind === "column";
}
