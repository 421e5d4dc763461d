import type { Lag, OrderTerm, SelectBlock, Top } from "../ir/block.ts";
import type { Expr } from "../ir/expression.ts";
import type { ExpressionBinder } from "./expression.ts";
import { Coverage, type RowKey } from "./row-key.ts";
import { locationOf, type SelectNode, type SqlExpr, type WindowNode } from "./syntax.ts";

interface WindowSpec {
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderTerm[];
}

/** What the windows of one block are bound with. */
export interface WindowRoom {
  /** Binds operands: no aggregates, no windows inside. */
  readonly binder: ExpressionBinder;
  readonly block: Pick<SelectBlock, "joins" | "where">;
  readonly rowKey: RowKey;
}

/** Binds the row_number() of QUALIFY. @throws MODEL_UNSUPPORTED, MODEL_TIE, MODEL_NULLABLE_ORDER */
export function bindTop(room: WindowRoom, select: SelectNode, start: number): Omit<Top, "rankColumn"> | null {
  const { qualify } = select;
  if (qualify === null) return null;
  const location = locationOf(qualify, start);
  const refuseShape = (): never =>
    room.binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: "QUALIFY",
      message: "only the first rows of each partition can be asked for",
      remedy: "write QUALIFY row_number() OVER (PARTITION BY … ORDER BY …) <= n, or = 1",
    });
  if (qualify.class !== "COMPARISON") return refuseShape();
  const window = rowNumberOf(qualify.left, select);
  const { right } = qualify;
  const limit =
    right.class === "CONSTANT" && right.value.type.id === "INTEGER" ? Number(right.value.value) : 0;
  const isTop =
    qualify.type === "COMPARE_LESSTHANOREQUALTO" || (qualify.type === "COMPARE_EQUAL" && limit === 1);
  if (window === null || !isTop || limit < 1) return refuseShape();
  return { ...bindSpec(room, window, locationOf(window, location)), limit };
}

/** row_number() itself, or the name of a column of the SELECT list that is one. */
function rowNumberOf(node: SqlExpr, select: SelectNode): WindowNode | null {
  if (node.class === "WINDOW" && node.function_name === "row_number") return node;
  if (node.class !== "COLUMN_REF" || node.column_names.length !== 1) return null;
  const named = select.select_list.find((item) => item.alias === node.column_names[0]);
  return named?.class === "WINDOW" && named.function_name === "row_number" ? named : null;
}

/** Binds a window function of the SELECT list: the rank of `top`, or a lag, which is gathered in `lags`. */
export function bindWindow(
  room: WindowRoom,
  { top, lags, node, location }: { top: WindowSpec | null; lags: Lag[]; node: WindowNode; location: number },
): Expr {
  const construct = `${node.function_name}() OVER`;
  const unsupported = (message: string, remedy: string): never =>
    room.binder.refuse(location, { code: "MODEL_UNSUPPORTED", construct, message, remedy });
  if (node.function_name === "row_number") {
    if (top === null) return unsupported("a rank of all rows is not bounded", "add QUALIFY … <= n");
    const { partitionBy, orderBy } = bindSpec(room, node, location);
    if (
      JSON.stringify({ partitionBy, orderBy }) !==
      JSON.stringify({ partitionBy: top.partitionBy, orderBy: top.orderBy })
    ) {
      return unsupported(
        "it ranks in another way than QUALIFY",
        "use the same PARTITION BY and ORDER BY in both",
      );
    }
    return { kind: "rank", type: "BIGINT", nullable: false };
  }
  if (node.function_name !== "lag")
    return unsupported("not in the subset", "use lag(x), or row_number() with QUALIFY");
  if (top !== null) return unsupported("it can't stand beside QUALIFY", "rank in a model of its own");
  if (node.offset_expr !== null || node.default_expr !== null || node.ignore_nulls) {
    return unsupported("only the row before is in the subset", "write lag(x), and COALESCE for a default");
  }
  const value = room.binder.bind(node.children[0] as SqlExpr, location);
  const lag: Lag = { value, ...bindSpec(room, node, location) };
  const known = lags.findIndex((other) => JSON.stringify(other) === JSON.stringify(lag));
  const index = known >= 0 ? known : lags.push(lag) - 1;
  return { kind: "lag", index, type: value.type, nullable: true };
}

function bindSpec(room: WindowRoom, node: WindowNode, location: number): WindowSpec {
  const { binder } = room;
  const isPlain =
    node.start === "UNBOUNDED_PRECEDING" &&
    node.end === "CURRENT_ROW_RANGE" &&
    node.exclude_clause === "NO_OTHER" &&
    node.filter_expr === null &&
    !node.distinct &&
    node.arg_orders.length === 0;
  if (!isPlain) {
    binder.refuse(location, {
      code: "MODEL_UNSUPPORTED",
      construct: `${node.function_name}() OVER`,
      message: "frames, FILTER, DISTINCT and EXCLUDE are not in the subset",
      remedy: "write PARTITION BY and ORDER BY alone",
    });
  }
  const partitionBy = node.partitions.map((child) => binder.bind(child, location));
  const orderBy = node.orders.map((order): OrderTerm => {
    const at = locationOf(order.expression, location);
    const expr = binder.bind(order.expression, at);
    if (order.null_order !== "ORDER_DEFAULT" || expr.nullable) {
      binder.refuse(at, {
        code: "MODEL_NULLABLE_ORDER",
        construct: "ORDER BY",
        message: "the value can be NULL, and engines put NULLs at different ends",
        remedy: "add WHERE x IS NOT NULL, or order by COALESCE(x, …)",
      });
    }
    return { expr, descending: order.type === "DESCENDING" };
  });
  const told = [...partitionBy, ...orderBy.map((term) => term.expr)];
  if (!new Coverage(room.block).holdsKey(told, room.rowKey)) {
    const key = room.rowKey.map((column) => `${column.input}.${column.name}`).join(", ");
    binder.refuse(location, {
      code: "MODEL_TIE",
      construct: `${node.function_name}() OVER`,
      message: `rows can tie, and which comes first would be chance; what tells them apart is ${key}`,
      remedy: `end ORDER BY with those of ${key} that are missing`,
    });
  }
  return { partitionBy, orderBy };
}
