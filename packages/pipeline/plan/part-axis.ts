import {
  type ColumnExpr,
  type Expr,
  mapOperands,
  type Model,
  sameExpr,
  type SelectBlock,
  type WindowStartExpr,
} from "../ir/index.ts";

/**
 * The instant by which a model can be computed range by range: its rows of a range of `output` come from those rows of
 * `input` alone whose `column` lies in the range, widened by the window's length.
 */
export interface PartAxis {
  readonly output: string;
  /** Per block. */
  readonly blocks: readonly {
    readonly alias: string;
    readonly source: string;
    readonly column: string;
    /** The window that makes the output of the column; null: the output is the column. */
    readonly window: Pick<WindowStartExpr, "count" | "unit"> | null;
  }[];
}

/** Null where rows of one range depend on another: a lag, a top-N over more than the range, no partition. */
export function partAxisOf(model: Model): PartAxis | null {
  const { partition } = model;
  if (partition === null) return null;
  const blocks = model.body.blocks.map((block) => axisOfBlock(block, partition));
  return blocks.some((axis) => axis === null)
    ? null
    : { output: partition, blocks: blocks as PartAxis["blocks"] };
}

function axisOfBlock(block: SelectBlock, partition: string): PartAxis["blocks"][number] | null {
  if (block.lag.length > 0) return null;
  const shown = block.output.find(({ name }) => name === partition);
  if (shown === undefined) return null;
  const expr = lowered(block, shown.expr);
  if (block.top !== null && !block.top.partitionBy.some((by) => sameExpr(by, expr))) return null;
  const column = columnOf(expr);
  const input = block.inputs.find(({ alias }) => alias === column?.input);
  // a side that a left join leaves empty has no instant
  if (column === null || input === undefined || input.source.kind !== "model") return null;
  if (block.joins.some((join) => join.kind === "left" && join.input === column.input)) return null;
  const window = expr.kind === "windowStart" ? { count: expr.count, unit: expr.unit } : null;
  return { alias: input.alias, source: input.source.name, column: column.name, window };
}

function columnOf(expr: Expr): ColumnExpr | null {
  if (expr.kind === "column") return expr;
  return expr.kind === "windowStart" && expr.operand.kind === "column" ? expr.operand : null;
}

/** An output in terms of the block's inputs. */
function lowered(block: SelectBlock, expr: Expr): Expr {
  if (expr.kind === "groupKey") return block.groupBy[expr.index] ?? expr;
  return mapOperands(expr, (operand) => lowered(block, operand));
}
