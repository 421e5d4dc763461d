import type { Expr } from "./expression.ts";
import type { PortableType } from "./portable-type.ts";
import type { Seed } from "./seed.ts";

/** Where an input's rows come from. */
export type Source =
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "topic"; readonly name: string }
  | { readonly kind: "seed"; readonly name: string };

export interface BlockInput {
  /** Unique in its block; what `ColumnExpr.input` names. */
  readonly alias: string;
  readonly source: Source;
  /** The constant rows of a seed; never the first input of a block. */
  readonly seed?: Seed;
}

/**
 * Joins are taken from left to right; `left` keeps the rows before it. Their ON is
 * `equi[0].left = equi[0].right AND … AND residual`.
 */
export interface Join {
  readonly kind: "inner" | "left";
  /** The alias that this join adds: `inputs[i + 1]` of `joins[i]`. */
  readonly input: string;
  /** At least one, but for a seed, which may do with `residual` or none. `left` reads only inputs before this one, `right` only this one; both have one type. */
  readonly equi: readonly { readonly left: Expr; readonly right: Expr }[];
  readonly residual: Expr | null;
}

export interface Aggregate {
  readonly fn: "sum" | "count" | "countStar" | "min" | "max";
  /** Null for `countStar` alone. */
  readonly arg: Expr | null;
  /** SUM(BIGINT) is BIGINT, SUM(DECIMAL(p,s)) is DECIMAL(38,s), counts are BIGINT. */
  readonly type: PortableType;
  readonly nullable: boolean;
}

/** Order expressions are never NULL, so that no engine's place for NULLs matters. */
export interface OrderTerm {
  readonly expr: Expr;
  readonly descending: boolean;
}

/** row_number() OVER (PARTITION BY partitionBy ORDER BY orderBy) <= limit; `limit` 1 is latest-per-key. */
export interface Top {
  /** May be empty: one partition of all rows. */
  readonly partitionBy: readonly Expr[];
  /** Total: together with `partitionBy` it holds a key of the rows. */
  readonly orderBy: readonly OrderTerm[];
  readonly limit: number;
  /** The output column that shows the rank, if one does. */
  readonly rankColumn: string | null;
}

/** lag(value) OVER (PARTITION BY partitionBy ORDER BY orderBy): of the row before, NULL for the first. */
export interface Lag {
  readonly value: Expr;
  readonly partitionBy: readonly Expr[];
  /** Total, as in `Top`. */
  readonly orderBy: readonly OrderTerm[];
}

export interface Output {
  readonly name: string;
  readonly expr: Expr;
  /** `expr.type`. */
  readonly type: PortableType;
}

/**
 * One SELECT. Evaluation: inputs → joins → where → (groupBy, aggregates → having) | top | lag → output.
 * The three in the middle exclude each other. `where`, join conditions, `groupBy`, aggregates' arguments, `top` and
 * `lag` read columns; with a grouping, `having` and `output` read `groupKey` and `aggregate` nodes and no columns.
 */
export interface SelectBlock {
  readonly inputs: readonly BlockInput[];
  /** `inputs.length - 1` of them. */
  readonly joins: readonly Join[];
  readonly where: Expr | null;
  /** Empty: no grouping. */
  readonly groupBy: readonly Expr[];
  readonly aggregates: readonly Aggregate[];
  readonly having: Expr | null;
  readonly top: Top | null;
  readonly lag: readonly Lag[];
  readonly output: readonly Output[];
  /**
   * Columns of the inputs that tell the rows after the joins apart (before grouping): the first input's key, and the
   * keys of those joined inputs that may match more than once.
   */
  readonly rowKey: readonly { readonly input: string; readonly name: string }[];
}
