import type { Aggregate, Lag, Output, SelectBlock } from "../ir/block.ts";
import { type Expr, mapOperands, operandsOf } from "../ir/expression.ts";
import { ExpressionBinder } from "./expression.ts";
import { bindFrom, type ShapeOf } from "./joins.ts";
import { provenNotNull } from "./not-null.ts";
import { refuse } from "./problem.ts";
import { rowKeyOf } from "./row-key.ts";
import { Scope } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import { locationOf, type SelectNode, type SqlExpr } from "./syntax.ts";
import { bindTop, bindWindow, type WindowRoom } from "./windows.ts";

/** A block and where its outputs are written. */
export interface BoundBlock {
  readonly block: SelectBlock;
  readonly locations: ReadonlyMap<string, number>;
}

/** Binds one SELECT. @throws ModelError at the first thing that is not in the subset */
export function bindSelect(
  file: SourceFile,
  shapeOf: ShapeOf,
  select: SelectNode,
  start: number,
): BoundBlock {
  refuseClauses(file, select, start);
  const scope = new Scope(file);
  const { inputs, joins } = bindFrom(scope, shapeOf, select.from_table, start);
  const rowKey = rowKeyOf(
    { inputs, joins },
    new Map(scope.inputs.map((input) => [input.alias, input.shape])),
  );
  const binder = new ExpressionBinder({ scope, name: "WHERE", aggregates: null, window: null });
  const where = select.where_clause === null ? null : binder.condition(select.where_clause, start);
  scope.assertNotNull(provenNotNull(where));

  const groupBy = select.group_expressions.map((node) => bindGroupKey(binder, node, start));
  const room: WindowRoom = { binder: binder.at({ name: "OVER (…)" }), block: { joins, where }, rowKey };
  const top = bindTop(room, select, start);
  const grouped = groupBy.length > 0;
  if (grouped && top !== null) {
    refuse(file, locationOf(select.qualify ?? {}, start), {
      code: "MODEL_UNSUPPORTED",
      construct: "QUALIFY with GROUP BY",
      message: "a model does one of the two",
      remedy: "aggregate in a model of its own, and rank over ref() of it",
    });
  }

  const aggregates: Aggregate[] = [];
  const lag: Lag[] = [];
  const list = binder.at({
    name: grouped ? "the SELECT list of a model with GROUP BY" : "a SELECT list without GROUP BY",
    aggregates: grouped ? aggregates : null,
    window: grouped ? null : (node, location) => bindWindow(room, { top, lags: lag, node, location }),
  });
  const grouping = grouped ? new Grouping(binder, groupBy) : null;
  const locations = new Map<string, number>();
  const output = select.select_list.map((node): Output => {
    const location = locationOf(node, start);
    const bound = list.bind(node, start);
    const name = outputName(list, node, location);
    if (locations.has(name)) {
      list.refuse(location, {
        code: "MODEL_DUPLICATE_NAME",
        construct: name,
        message: "two columns have this name",
        remedy: "rename one with AS",
      });
    }
    locations.set(name, location);
    if (node.class === "CONSTANT" && node.value.is_null) {
      list.clash("NULL", location, "NULL alone has no type", "write CAST(NULL AS VARCHAR)");
    }
    const expr = grouping ? grouping.above(bound, location) : bound;
    return { name, expr, type: expr.type };
  });
  const having = bindHaving(list, grouping, select, start);
  const rankColumn = output.find((one) => one.expr.kind === "rank")?.name ?? null;
  const block: SelectBlock = {
    inputs,
    joins,
    where,
    groupBy,
    aggregates,
    having,
    top: top && { ...top, rankColumn },
    lag,
    output,
    rowKey,
  };
  return { block, locations };
}

function refuseClauses(file: SourceFile, select: SelectNode, start: number): void {
  const unsupported = (construct: string, remedy: string): never =>
    refuse(file, start, { code: "MODEL_UNSUPPORTED", construct, message: "not in the subset", remedy });
  refuseAround(file, select, start);
  if (select.sample !== null) unsupported("SAMPLE", "filter with WHERE");
  if (select.aggregate_handling !== "STANDARD_HANDLING") unsupported("GROUP BY ALL", "name the expressions");
  if (select.group_sets.length > 1)
    unsupported("GROUPING SETS, ROLLUP and CUBE", "one model for each grouping");
}

/** What may not stand around a SELECT or a UNION ALL. */
export function refuseAround(
  file: SourceFile,
  node: { modifiers: { type: string }[]; cte_map: { map: unknown[] } },
  start: number,
): void {
  const unsupported = (construct: string, message: string, remedy: string): never =>
    refuse(file, start, { code: "MODEL_UNSUPPORTED", construct, message, remedy });
  if (node.cte_map.map.length > 0) {
    unsupported("WITH", "a step is a model", "put it in a model of its own and ref() that");
  }
  for (const { type } of node.modifiers) {
    const name = type.replace("_MODIFIER", "").replace("_", " ");
    if (name === "DISTINCT") unsupported("DISTINCT", "not in the subset", "write GROUP BY over the columns");
    unsupported(name, "a table has no order of its own", "use QUALIFY row_number() OVER (…) <= n");
  }
}

function bindGroupKey(binder: ExpressionBinder, node: SqlExpr, start: number): Expr {
  const location = locationOf(node, start);
  if (node.class === "CONSTANT") {
    binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: "GROUP BY position",
      message: "a number does not say what is grouped",
      remedy: "repeat the expression of the SELECT list",
    });
  }
  return binder.at({ name: "GROUP BY" }).bind(node, start);
}

function bindHaving(
  list: ExpressionBinder,
  grouping: Grouping | null,
  select: SelectNode,
  start: number,
): Expr | null {
  if (select.having === null) return null;
  const location = locationOf(select.having, start);
  if (grouping === null) {
    return list.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: "HAVING without GROUP BY",
      message: "a total of all rows has no key",
      remedy: "add GROUP BY, or use WHERE",
    });
  }
  return grouping.above(list.at({ name: "HAVING" }).condition(select.having, start), location);
}

function outputName(binder: ExpressionBinder, node: SqlExpr, location: number): string {
  const name = node.alias || (node.class === "COLUMN_REF" ? (node.column_names.at(-1) ?? "") : "");
  if (/^[a-z][a-z0-9_]*$/.test(name) && name !== "dt") return name;
  return binder.refuse(location, {
    code: "MODEL_UNSUPPORTED",
    construct: name === "" ? "a column without a name" : name,
    message: name === "dt" ? "dt is the lake's partition" : "names are lower case letters, digits and _",
    remedy: "give it a name with AS",
  });
}

/** Lifts expressions above the grouping: group keys and aggregates are all they can see. */
class Grouping {
  readonly #binder: ExpressionBinder;
  readonly #keys: readonly string[];

  constructor(binder: ExpressionBinder, groupBy: readonly Expr[]) {
    this.#binder = binder;
    this.#keys = groupBy.map((expr) => JSON.stringify(expr));
  }

  above(expr: Expr, location: number): Expr {
    const index = this.#keys.indexOf(JSON.stringify(expr));
    if (index >= 0) return { kind: "groupKey", index, type: expr.type, nullable: expr.nullable };
    if (expr.kind === "column") {
      this.#binder.refuse(location, {
        code: "MODEL_NOT_GROUPED",
        construct: `${expr.input}.${expr.name}`,
        message: "it is neither grouped by nor aggregated",
        remedy: "add it to GROUP BY, or wrap it in MIN or MAX",
      });
    }
    return operandsOf(expr).length === 0
      ? expr
      : mapOperands(expr, (operand) => this.above(operand, location));
  }
}
