import { assert } from "@gridlake/kernel";
import { columnsOf, type ColumnExpr, type Expr } from "../../ir/expression.ts";
import type { Aggregate, BlockInput, Lag, SelectBlock, Top } from "../../ir/block.ts";
import type { Model } from "../../ir/model.ts";
import { decimalShape } from "../../ir/portable-type.ts";
import { bigintSql } from "./exact-arithmetic.ts";
import { type ExprScope, renderExpr } from "./expression.ts";
import { decimal, flinkType } from "./flink-type.ts";
import { ident } from "./quote.ts";
import { seedSql } from "./seed.ts";
import { unsupported } from "./unsupported.ts";
import type { ZoneHistory } from "./zone-history.ts";

/** The relation that stands for an input. */
export type ResolveInput = (input: BlockInput) => string;

interface Context {
  readonly zone: ZoneHistory;
  readonly resolve: ResolveInput;
}

/** Flink turns ROW_NUMBER over rows that change into a ranking only where it is bounded; more rows than a partition has. */
const EVERY_RANK = 2_147_483_647;
/** A SUM of DECIMALs of so many digits needs ten billion rows to pass 38. */
const SUM_SAFE_DIGITS = 28;

/** A model as one query over its inputs' rows as they are now: Flink keeps its answer up to date. */
export function modelSql(model: Model, context: Context): string {
  const query = model.body.blocks.map((block) => blockSql(block, context)).join("\nUNION ALL\n");
  return isKeyedByRank(model) ? keyedSql(model, query) : query;
}

function blockSql(block: SelectBlock, context: Context): string {
  if (block.groupBy.length > 0) return groupedSql(block, context);
  if (block.top) return topSql(block, block.top, context);
  return block.lag.length > 0 ? lagSql(block, context) : plainSql(block, context);
}

function plainSql(block: SelectBlock, context: Context): string {
  return [`SELECT ${outputsSql(block, qualified(context))}`, ...fromWhere(block, context)].join("\n");
}

/** Keys and arguments in a query of their own: Flink's GROUP BY names no ordinals. */
function groupedSql(block: SelectBlock, context: Context): string {
  const inner = qualified(context);
  const keys = block.groupBy.map((expr, at) => `${renderExpr(expr, inner)} AS k${at}`);
  const args = block.aggregates.flatMap(({ arg }, at) =>
    arg === null ? [] : [`${renderExpr(arg, inner)} AS v${at}`],
  );
  const names = block.groupBy.map((_, at) => `k${at}`);
  const aggregates = block.aggregates.flatMap((aggregate, at) => aggregateSql(aggregate, at));
  const outer: ExprScope = {
    ...inner,
    groupKey: (at) => `g.k${at}`,
    aggregate: (at) => aggregateValue(block.aggregates[at], at),
  };
  const lines = [
    `SELECT ${outputsSql(block, outer)}`,
    `FROM (`,
    `  SELECT ${[...names, ...aggregates].join(", ")}`,
    `  FROM (`,
    `    SELECT ${[...keys, ...args].join(", ")}`,
    ...fromWhere(block, context).map((line) => `    ${line}`),
    `  )`,
    `  GROUP BY ${names.join(", ")}`,
    `) AS g`,
  ];
  if (block.having) lines.push(`WHERE ${renderExpr(block.having, outer)}`);
  return lines.join("\n");
}

/** A SUM of BIGINTs is taken over DECIMALs, for Flink's own wraps round. */
function aggregateSql({ fn, arg, type }: Aggregate, at: number): string[] {
  if (fn === "countStar" || arg === null) return [`COUNT(*) AS a${at}`];
  if (fn !== "sum") return [`${fn.toUpperCase()}(v${at}) AS a${at}`];
  if (type === "BIGINT") return [`SUM(CAST(v${at} AS ${decimal(19, 0)})) AS a${at}`];
  const summed = `SUM(v${at}) AS a${at}`;
  return mayPassDecimal(arg) ? [summed, `COUNT(v${at}) AS n${at}`] : [summed];
}

function aggregateValue(aggregate: Aggregate | undefined, at: number): string {
  assert(aggregate !== undefined, "an aggregate is missing");
  if (aggregate.fn !== "sum") return `g.a${at}`;
  if (aggregate.type === "BIGINT") return bigintSql(`g.a${at}`);
  if (aggregate.arg === null || !mayPassDecimal(aggregate.arg)) return `g.a${at}`;
  const refused = `CAST('the sum does not fit: ' || CAST(g.n${at} AS STRING) AS ${flinkType(aggregate.type)})`;
  return `CASE WHEN g.a${at} IS NULL AND g.n${at} > 0 THEN ${refused} ELSE g.a${at} END`;
}

function mayPassDecimal(arg: Expr): boolean {
  return (decimalShape(arg.type)?.width ?? 0) > SUM_SAFE_DIGITS;
}

function topSql(block: SelectBlock, top: Top, context: Context): string {
  const inner = qualified(context);
  const [window, windowColumns] = windowSql(top, inner, "");
  const columns = carried(block.output.map((output) => output.expr));
  const scope: ExprScope = { ...carriedScope("r", context), rank: () => "r.rn" };
  return [
    `SELECT ${outputsSql(block, scope)}`,
    `FROM (`,
    `  SELECT *, ROW_NUMBER() OVER (${window}) AS rn`,
    `  FROM (`,
    `    SELECT ${distinct([...windowColumns, ...columns.map((column) => carriedSql(column, inner))])}`,
    ...fromWhere(block, context).map((line) => `    ${line}`),
    `  )`,
    `) AS r`,
    `WHERE r.rn <= ${top.limit}`,
  ].join("\n");
}

/**
 * Flink has no lag over rows that change. The row before is the one whose rank is one less: all rows are ranked, and
 * joined to themselves.
 */
function lagSql(block: SelectBlock, context: Context): string {
  const [first] = block.lag;
  assert(first !== undefined, "a lag is missing");
  const isOneWindow = block.lag.every(
    (lag) => JSON.stringify(windowOf(lag)) === JSON.stringify(windowOf(first)),
  );
  if (!isOneWindow) {
    return unsupported(
      "FLINK_UNSUPPORTED_SHAPE",
      "lag() over several windows",
      "each would rank all rows anew, and the ranks would not meet",
      "put each PARTITION BY … ORDER BY in a model of its own and join them",
    );
  }
  const inner = qualified(context);
  const [window, windowColumns] = windowSql(first, inner, "");
  const values = block.lag.map((lag, at) => `${renderExpr(lag.value, inner)} AS v${at}`);
  const columns = carried(block.output.map((output) => output.expr));
  const same = first.partitionBy.map(({ nullable }, at) =>
    nullable ? `a.p${at} IS NOT DISTINCT FROM b.p${at}` : `a.p${at} = b.p${at}`,
  );
  const scope: ExprScope = { ...carriedScope("a", context), lag: (at) => `b.v${at}` };
  return [
    `WITH ranked AS (`,
    `  SELECT * FROM (`,
    `    SELECT *, ROW_NUMBER() OVER (${window}) AS rn`,
    `    FROM (`,
    `      SELECT ${distinct([...windowColumns, ...values, ...columns.map((column) => carriedSql(column, inner))])}`,
    ...fromWhere(block, context).map((line) => `      ${line}`),
    `    )`,
    `  )`,
    `  WHERE rn <= ${EVERY_RANK}`,
    `)`,
    `SELECT ${outputsSql(block, scope)}`,
    `FROM ranked AS a`,
    `LEFT JOIN ranked AS b ON ${[...same, "a.rn = b.rn + 1"].join(" AND ")}`,
  ].join("\n");
}

const windowOf = ({ partitionBy, orderBy }: Lag) => [partitionBy, orderBy];

/** OVER's text, by the columns p0 …, o0 … that are made for it. */
function windowSql(
  { partitionBy, orderBy }: Pick<Top, "partitionBy" | "orderBy">,
  scope: ExprScope,
  prefix: string,
): [window: string, columns: string[]] {
  const partition = partitionBy.map((_, at) => `${prefix}p${at}`);
  const order = orderBy.map(({ descending }, at) => `${prefix}o${at}${descending ? " DESC" : ""}`);
  const columns = [
    ...partitionBy.map((expr, at) => `${renderExpr(expr, scope)} AS ${prefix}p${at}`),
    ...orderBy.map(({ expr }, at) => `${renderExpr(expr, scope)} AS ${prefix}o${at}`),
  ];
  const by = partition.length === 0 ? "" : `PARTITION BY ${partition.join(", ")} `;
  return [`${by}ORDER BY ${order.join(", ")}`, columns];
}

/** The input columns that outputs above a ranking read, each once. */
function carried(outputs: readonly Expr[]): ColumnExpr[] {
  const found = new Map(
    outputs.flatMap(columnsOf).map((column) => [carriedName(column.input, column.name), column]),
  );
  return [...found.values()];
}

const carriedName = (input: string, name: string): string => ident(`${input}.${name}`);
const carriedSql = (column: ColumnExpr, scope: ExprScope): string =>
  `${scope.column(column.input, column.name)} AS ${carriedName(column.input, column.name)}`;
const carriedScope = (alias: string, { zone }: Context): ExprScope => ({
  zone,
  column: (input, name) => `${alias}.${carriedName(input, name)}`,
});
const distinct = (columns: readonly string[]): string => [...new Set(columns)].join(", ");

/** Expressions over the block's inputs, each column under its input's alias. */
const qualified = ({ zone }: Context): ExprScope => ({
  zone,
  column: (input, name) => `${ident(input)}.${ident(name)}`,
});

function outputsSql(block: SelectBlock, scope: ExprScope): string {
  return block.output
    .map(({ name, expr, type }) => `CAST(${renderExpr(expr, scope)} AS ${flinkType(type)}) AS ${ident(name)}`)
    .join(", ");
}

function fromWhere(block: SelectBlock, context: Context): string[] {
  const scope = qualified(context);
  const relation = (input: BlockInput | undefined): string =>
    input === undefined
      ? ""
      : `${input.seed ? seedSql(input.seed) : context.resolve(input)} AS ${ident(input.alias)}`;
  const lines = [`FROM ${relation(block.inputs[0])}`];
  block.joins.forEach((join, at) => {
    const on = join.equi.map(({ left, right }) => `${renderExpr(left, scope)} = ${renderExpr(right, scope)}`);
    if (join.residual) on.push(renderExpr(join.residual, scope));
    const kind = join.kind === "left" ? "LEFT JOIN" : "JOIN";
    lines.push(`${kind} ${relation(block.inputs[at + 1])} ON ${on.join(" AND ")}`);
  });
  if (block.where) lines.push(`WHERE ${renderExpr(block.where, scope)}`);
  return lines;
}

/**
 * Whether rows of one key come and go under changing ranks. Flink 1.17 takes the input's key for a key of the changes, too,
 * lets the changes before go, and leaves ghosts (measured: 125 of 240 rows); so the rows are keyed anew.
 */
function isKeyedByRank(model: Model): boolean {
  return model.body.blocks.some(
    (block) =>
      block.lag.length > 0 ||
      (block.top !== null &&
        block.top.limit > 1 &&
        !model.key.some((name) => name === block.top?.rankColumn)),
  );
}

/** The rows with the model's key for Flink's: one row a key, of which there is never more than one for long. */
function keyedSql(model: Model, query: string): string {
  const names = model.columns.map((column) => ident(column.name)).join(", ");
  const key = model.key.map(ident).join(", ");
  return [
    `SELECT ${names}`,
    `FROM (`,
    `  SELECT *, ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY ${key}) AS rn`,
    `  FROM (`,
    ...query.split("\n").map((line) => `    ${line}`),
    `  )`,
    `)`,
    `WHERE rn = 1`,
  ].join("\n");
}
