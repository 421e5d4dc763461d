import type { Aggregate, BlockInput, Lag, SelectBlock } from "../../ir/block.ts";
import type { Model } from "../../ir/model.ts";
import { type ExprScope, renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";
import { seedSql } from "./seed.ts";

/** The relation that stands for an input: a table's name or a bracketed query. */
export type ResolveInput = (input: BlockInput) => string;

/** Expressions over the block's inputs, each column under its input's alias. */
export const qualified: ExprScope = { column: (input, name) => `${ident(input)}.${ident(name)}` };

/**
 * A model as one plain query over its whole inputs: the meaning that every other way of computing it is held to (L1).
 * Days are those of the session's TimeZone.
 */
export function batchSql(model: Model, resolveInput: ResolveInput): string {
  return model.body.blocks.map((block) => blockSql(block, resolveInput)).join("\nUNION ALL\n");
}

/** One SELECT; its columns are the block's outputs, each of its declared type. */
export function blockSql(block: SelectBlock, resolveInput: ResolveInput): string {
  return block.groupBy.length > 0 ? groupedSql(block, resolveInput) : plainSql(block, resolveInput);
}

function plainSql(block: SelectBlock, resolveInput: ResolveInput): string {
  const { top } = block;
  const rank = top ? `row_number() OVER (${overSql(top)})` : "";
  const scope: ExprScope = {
    ...qualified,
    lag: (index) => lagSql(block.lag[index]),
    rank: () => rank,
  };
  const lines = [`SELECT ${outputsSql(block, scope)}`, fromSql(block, resolveInput), ...whereSql(block)];
  if (top) lines.push(`QUALIFY ${rank} <= ${top.limit}`);
  return lines.join("\n");
}

/** Groups in a query of their own, so that what stands above them is read from columns and not matched by its text. */
function groupedSql(block: SelectBlock, resolveInput: ResolveInput): string {
  const scope: ExprScope = {
    ...qualified,
    groupKey: (index) => `g.k${index}`,
    aggregate: (index) => `g.a${index}`,
  };
  const keys = block.groupBy.map((expr, index) => `${renderExpr(expr, qualified)} AS k${index}`);
  const aggregates = block.aggregates.map((aggregate, index) => `${aggregateSql(aggregate)} AS a${index}`);
  const inner = [
    `SELECT ${[...keys, ...aggregates].join(", ")}`,
    fromSql(block, resolveInput),
    ...whereSql(block),
    `GROUP BY ${keys.map((_, index) => index + 1).join(", ")}`,
  ];
  const lines = [`SELECT ${outputsSql(block, scope)}`, `FROM (${inner.join("\n  ")}) AS g`];
  if (block.having) lines.push(`WHERE ${renderExpr(block.having, scope)}`);
  return lines.join("\n");
}

function outputsSql(block: SelectBlock, scope: ExprScope): string {
  return block.output
    .map(({ name, expr, type }) => `CAST(${renderExpr(expr, scope)} AS ${type}) AS ${ident(name)}`)
    .join(", ");
}

export function fromSql(block: SelectBlock, resolveInput: ResolveInput): string {
  const relation = (input: BlockInput | undefined): string => {
    if (input === undefined) return "";
    const rows = input.seed === undefined ? resolveInput(input) : seedSql(input.seed);
    return `${rows} AS ${ident(input.alias)}`;
  };
  const lines = [`FROM ${relation(block.inputs[0])}`];
  block.joins.forEach((join, index) => {
    const equalities = join.equi.map(
      ({ left, right }) => `${renderExpr(left, qualified)} = ${renderExpr(right, qualified)}`,
    );
    const on = join.residual ? [...equalities, renderExpr(join.residual, qualified)] : equalities;
    const kind = join.kind === "left" ? "LEFT JOIN" : "JOIN";
    lines.push(
      `${kind} ${relation(block.inputs[index + 1])} ON ${on.length === 0 ? "TRUE" : on.join(" AND ")}`,
    );
  });
  return lines.join("\n");
}

export function whereSql(block: SelectBlock): string[] {
  return block.where ? [`WHERE ${renderExpr(block.where, qualified)}`] : [];
}

/** An aggregate over the block's inputs, of its declared type: DuckDB's own SUM(BIGINT) is a HUGEINT. */
export function aggregateSql({ fn, arg, type }: Aggregate): string {
  if (fn === "countStar" || arg === null) return "count(*)";
  const call = `${fn}(${renderExpr(arg, qualified)})`;
  return fn === "sum" ? `CAST(${call} AS ${type})` : call;
}

function lagSql(lag: Lag | undefined): string {
  return lag === undefined ? "" : `lag(${renderExpr(lag.value, qualified)}) OVER (${overSql(lag)})`;
}

function overSql({ partitionBy, orderBy }: Pick<Lag, "partitionBy" | "orderBy">): string {
  const partition = partitionBy.map((expr) => renderExpr(expr, qualified)).join(", ");
  const order = orderBy.map(
    ({ expr, descending }) => `${renderExpr(expr, qualified)}${descending ? " DESC" : ""}`,
  );
  return `${partition === "" ? "" : `PARTITION BY ${partition} `}ORDER BY ${order.join(", ")}`;
}
