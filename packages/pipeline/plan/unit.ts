import { type Expr, mapOperands, type Model, sameExpr, type SelectBlock } from "../ir/index.ts";

/**
 * The unit of recomputation: the smallest set of output rows that can be computed again on its own, told apart by
 * some of the model's columns. Rows of one unit depend on no other unit's input rows.
 * No columns: the whole table is one unit.
 */
export interface Unit {
  readonly columns: readonly string[];
  /** Per block, what the unit's columns are in terms of the block's inputs, before grouping. */
  readonly exprs: readonly (readonly Expr[])[];
}

const WHOLE: Unit = { columns: [], exprs: [] };

/**
 * A grouping's unit is its group, a top-N's its partition, a lag's its partition (see `LagWindow` for the finer
 * way), everything else's the row with its key.
 */
export function unitOf(model: Model): Unit {
  const [only] = model.body.blocks;
  if (only !== undefined && model.body.blocks.length === 1 && (only.top !== null || only.lag.length > 0)) {
    const lags = only.lag.map((lag) => lag.partitionBy);
    const partitionBy = only.top?.partitionBy ?? lags[0] ?? [];
    // two lags over different partitions share no unit but the table
    if (lags.some((other) => JSON.stringify(other) !== JSON.stringify(partitionBy))) return WHOLE;
    const columns = partitionBy.map(
      (expr) => only.output.find((output) => sameExpr(output.expr, expr))?.name,
    );
    if (columns.some((name) => name === undefined)) return WHOLE;
    return { columns: columns as string[], exprs: [partitionBy] };
  }
  if (model.body.blocks.some((block) => block.top !== null || block.lag.length > 0)) return WHOLE;
  const exprs = model.body.blocks.map((block) => model.key.map((name) => keyExpr(block, name)));
  if (exprs.some((list) => list.some((expr) => expr === null))) return WHOLE;
  return { columns: model.key, exprs: exprs as Expr[][] };
}

/** What a key column is in terms of the block's inputs; null when it is computed from aggregates. */
function keyExpr(block: SelectBlock, name: string): Expr | null {
  const output = block.output.find((candidate) => candidate.name === name);
  if (output === undefined) return null;
  let aggregated = false;
  const lower = (expr: Expr): Expr => {
    if (expr.kind === "aggregate") aggregated = true;
    if (expr.kind === "groupKey") return block.groupBy[expr.index] ?? expr;
    return mapOperands(expr, lower);
  };
  const lowered = lower(output.expr);
  return aggregated ? null : lowered;
}
