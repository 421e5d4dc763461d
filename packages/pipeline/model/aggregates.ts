import type { Aggregate } from "../ir/block.ts";
import type { Expr } from "../ir/expression.ts";
import { decimalShape, decimalType, DECIMAL_MAX_WIDTH, isExactNumeric } from "../ir/portable-type.ts";
import { call } from "./calls.ts";
import type { ExpressionBinder } from "./expression.ts";
import type { FunctionNode, SqlExpr } from "./syntax.ts";
import { coerce } from "./typing.ts";

const AGGREGATES = new Set(["sum", "count", "count_star", "min", "max", "avg"]);
/** Known to people who write SQL, refused with a remedy of their own instead of "unknown function". */
const OTHERS = new Set(
  (
    "any_value arg_max arg_min array_agg bit_and bit_or bool_and bool_or first last list median mode quantile " +
    "quantile_cont quantile_disc stddev stddev_pop stddev_samp string_agg group_concat var_pop var_samp variance " +
    "approx_count_distinct histogram fsum kahan_sum product mad entropy skewness kurtosis corr covar_pop covar_samp"
  ).split(" "),
);

export function isAggregate(name: string): boolean {
  return AGGREGATES.has(name) || OTHERS.has(name);
}

/** Binds SUM, COUNT, MIN, MAX, and AVG as SUM / COUNT. @throws MODEL_UNSUPPORTED, MODEL_INEXACT_SUM */
export function bindAggregate(binder: ExpressionBinder, node: FunctionNode, location: number): Expr {
  const name = node.function_name;
  const { aggregates } = binder.place;
  const unsupported = (message: string, remedy: string): never =>
    binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: name === "count_star" ? "count(*)" : `${name}()`,
      message,
      remedy,
    });
  if (!AGGREGATES.has(name)) return unsupported("not in the subset", "use SUM, COUNT, MIN, MAX or AVG");
  if (aggregates === null) {
    return unsupported(
      `an aggregate can't stand in ${binder.place.name}`,
      "put it in the SELECT list or in HAVING",
    );
  }
  if (node.distinct) {
    return unsupported(
      "DISTINCT is not in the subset",
      "group by the value in a model of its own, then count its rows",
    );
  }
  if (node.filter !== null || (node.order_bys?.orders.length ?? 0) > 0) {
    return unsupported("FILTER and ORDER BY are not in the subset", "use SUM(CASE WHEN … THEN x END)");
  }
  if (name === "count_star") {
    return register(aggregates, { fn: "countStar", arg: null, type: "BIGINT", nullable: false });
  }
  // inside an aggregate there is no further aggregate and no window
  const inner = binder.at({ name: `${name}()`, aggregates: null, window: null });
  const arg = inner.bind(node.children[0] as SqlExpr, location);
  switch (name) {
    case "count":
      return register(aggregates, { fn: "count", arg, type: "BIGINT", nullable: false });
    case "min":
    case "max":
      return register(aggregates, { fn: name, arg, type: arg.type, nullable: arg.nullable });
    case "sum":
      return register(aggregates, sumOf(binder, arg, location));
    default: {
      const sum = register(aggregates, sumOf(binder, arg, location));
      const count = register(aggregates, { fn: "count", arg, type: "BIGINT", nullable: false });
      return call("/", "DOUBLE", [coerce(sum, "DOUBLE"), coerce(count, "DOUBLE")]);
    }
  }
}

function sumOf(binder: ExpressionBinder, arg: Expr, location: number): Aggregate {
  if (arg.type === "DOUBLE") {
    binder.refuse(location, {
      code: "MODEL_INEXACT_SUM",
      construct: "SUM(DOUBLE)",
      message: "a sum of DOUBLE depends on the order of the rows",
      remedy: "CAST to DECIMAL: SUM(CAST(x AS DECIMAL(18,6)))",
    });
  }
  if (!isExactNumeric(arg.type))
    binder.clash("SUM", location, `${arg.type} can't be summed`, "sum BIGINT or DECIMAL");
  const shape = decimalShape(arg.type);
  const type = shape ? decimalType({ width: DECIMAL_MAX_WIDTH, scale: shape.scale }) : "BIGINT";
  return { fn: "sum", arg, type, nullable: arg.nullable };
}

/** The same aggregate written twice is computed once. */
function register(aggregates: Aggregate[], aggregate: Aggregate): Expr {
  const text = JSON.stringify(aggregate);
  const known = aggregates.findIndex((other) => JSON.stringify(other) === text);
  const index = known >= 0 ? known : aggregates.push(aggregate) - 1;
  return { kind: "aggregate", index, type: aggregate.type, nullable: aggregate.nullable };
}
