import type { SelectBlock, Source } from "./block.ts";
import { columnsOf, type Expr, operandsOf } from "./expression.ts";
import type { Model, ModelSet } from "./model.ts";

/** One model reads a source. */
export interface TableEdge {
  readonly from: Source;
  readonly to: string;
}

/**
 * How a column takes part in another, in OpenLineage's words. Direct: its value arrives unchanged (identity), computed
 * (transformation) or gathered from several rows (aggregation). Indirect: it only decides which rows there are.
 */
export type Influence =
  | "identity"
  | "transformation"
  | "aggregation"
  | "join"
  | "filter"
  | "groupBy"
  | "sort";

export interface ColumnEdge {
  readonly from: { readonly source: Source; readonly column: string };
  /** `column` is null where all columns of the model are concerned (join, filter, groupBy, sort). */
  readonly to: { readonly model: string; readonly column: string | null };
  readonly influence: Influence;
}

/** Which model reads which model, topic or seed, each pair once. */
export function tableLineage(set: ModelSet): TableEdge[] {
  return set.models.flatMap((model) => [
    ...model.topics.map((name): TableEdge => ({ from: { kind: "topic", name }, to: model.name })),
    ...model.inputs.map((name): TableEdge => ({ from: { kind: "model", name }, to: model.name })),
    ...seedsOf(model).map((name): TableEdge => ({ from: { kind: "seed", name }, to: model.name })),
  ]);
}

/** Names of the seeds that a model reads, sorted. */
export function seedsOf(model: Model): string[] {
  const inputs = model.body.blocks.flatMap((block) => block.inputs);
  return [...new Set(inputs.flatMap(({ source }) => (source.kind === "seed" ? [source.name] : [])))].sort();
}

/** Which columns a model's columns come from, one step back; each edge once. */
export function columnLineage(model: Model): ColumnEdge[] {
  const edges = new Map<string, ColumnEdge>();
  for (const block of model.body.blocks) {
    for (const { column, expr, influence } of influencesIn(block)) {
      for (const read of columnsOf(expr)) {
        const source = block.inputs.find((input) => input.alias === read.input)?.source;
        if (source === undefined) continue;
        const edge: ColumnEdge = {
          from: { source, column: read.name },
          to: { model: model.name, column },
          influence,
        };
        edges.set(JSON.stringify(edge), edge);
      }
    }
  }
  return [...edges.values()];
}

interface Influencing {
  readonly column: string | null;
  readonly expr: Expr;
  readonly influence: Influence;
}

function influencesIn(block: SelectBlock): Influencing[] {
  const found: Influencing[] = [];
  const on = (influence: Influence, exprs: readonly (Expr | null)[]): void => {
    for (const expr of exprs) if (expr) found.push({ column: null, expr, influence });
  };
  for (const { name, expr } of block.output) {
    const visit = (node: Expr, influence: Influence): void => {
      if (node.kind === "column") found.push({ column: name, expr: node, influence });
      if (node.kind === "groupKey") visitLower(block.groupBy[node.index], influence);
      if (node.kind === "aggregate")
        visitLower(block.aggregates[node.index]?.arg ?? undefined, "aggregation");
      if (node.kind === "lag") visitLower(block.lag[node.index]?.value, "aggregation");
      for (const operand of operandsOf(node)) {
        visit(operand, influence === "identity" ? "transformation" : influence);
      }
    };
    const visitLower = (node: Expr | undefined, influence: Influence): void => {
      if (node) visit(node, influence);
    };
    visit(expr, "identity");
  }
  for (const join of block.joins)
    on("join", [...join.equi.flatMap(({ left, right }) => [left, right]), join.residual]);
  on("filter", [block.where]);
  on("groupBy", block.groupBy);
  if (block.having) on("filter", havingReads(block, block.having));
  for (const window of [...block.lag, ...(block.top ? [block.top] : [])]) {
    on("groupBy", window.partitionBy);
    on(
      "sort",
      window.orderBy.map((term) => term.expr),
    );
  }
  return found;
}

function havingReads(block: SelectBlock, expr: Expr): (Expr | null)[] {
  const below = operandsOf(expr).flatMap((operand) => havingReads(block, operand));
  if (expr.kind === "aggregate") return [block.aggregates[expr.index]?.arg ?? null];
  return expr.kind === "groupKey" ? [block.groupBy[expr.index] ?? null] : below;
}
