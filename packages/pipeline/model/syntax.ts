import { type DuckDBConnection, quotedString } from "@duckdb/node-api";
import { refuse } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";

/*
 * The part of DuckDB's AST (json_serialize_sql) that models use. Everything outside it is refused by name, so unknown
 * node classes are kept as text.
 */
interface Located {
  /** Byte offset in the file; beyond 2^53 where DuckDB knows none. */
  query_location?: number;
  alias?: string;
}

export interface SqlType {
  id: string;
  type_info: { width?: number; scale?: number } | null;
}

export interface ConstantNode extends Located {
  class: "CONSTANT";
  type: string;
  value: { type: SqlType; is_null: boolean; value?: unknown };
}

export interface FunctionNode extends Located {
  class: "FUNCTION";
  type: string;
  function_name: string;
  children: SqlExpr[];
  filter: SqlExpr | null;
  order_bys: { orders: unknown[] } | null;
  distinct: boolean;
  is_operator: boolean;
}

export interface OrderNode {
  type: "ORDER_DEFAULT" | "ASCENDING" | "DESCENDING";
  null_order: string;
  expression: SqlExpr;
}

export interface WindowNode extends Located {
  class: "WINDOW";
  type: string;
  function_name: string;
  children: SqlExpr[];
  partitions: SqlExpr[];
  orders: OrderNode[];
  start: string;
  end: string;
  offset_expr: SqlExpr | null;
  default_expr: SqlExpr | null;
  filter_expr: SqlExpr | null;
  ignore_nulls: boolean;
  exclude_clause: string;
  distinct: boolean;
  arg_orders: unknown[];
}

export type SqlExpr =
  | ConstantNode
  | FunctionNode
  | WindowNode
  | (Located & { class: "COLUMN_REF"; type: string; column_names: string[] })
  | (Located & { class: "CAST"; type: string; child: SqlExpr; cast_type: SqlType; try_cast: boolean })
  | (Located & { class: "COMPARISON"; type: string; left: SqlExpr; right: SqlExpr })
  | (Located & { class: "CONJUNCTION"; type: string; children: SqlExpr[] })
  | (Located & { class: "OPERATOR"; type: string; children: SqlExpr[] })
  | (Located & { class: "BETWEEN"; type: string; input: SqlExpr; lower: SqlExpr; upper: SqlExpr })
  | (Located & {
      class: "CASE";
      type: string;
      case_checks: { when_expr: SqlExpr; then_expr: SqlExpr }[];
      else_expr: SqlExpr;
    })
  | (Located & { class: "STAR" | "SUBQUERY" | "PARAMETER" | "LAMBDA" | "COLLATE"; type: string });

export interface SourceCallNode extends Located {
  type: "TABLE_FUNCTION";
  function: FunctionNode;
  column_name_alias: string[];
  with_ordinality: string;
  sample: unknown;
}

export interface JoinNode extends Located {
  type: "JOIN";
  left: SqlTable;
  right: SqlTable;
  condition: SqlExpr | null;
  join_type: string;
  ref_type: string;
  using_columns: string[];
}

export type SqlTable =
  | SourceCallNode
  | JoinNode
  | (Located & { type: "BASE_TABLE"; table_name: string })
  | (Located & { type: "SUBQUERY" | "EMPTY" | "PIVOT" | "EXPRESSION_LIST" | "SHOW_REF" });

export interface SelectNode {
  type: "SELECT_NODE";
  modifiers: { type: string }[];
  cte_map: { map: unknown[] };
  select_list: SqlExpr[];
  from_table: SqlTable;
  where_clause: SqlExpr | null;
  group_expressions: SqlExpr[];
  group_sets: number[][];
  aggregate_handling: string;
  having: SqlExpr | null;
  sample: unknown;
  qualify: SqlExpr | null;
}

export interface UnionNode {
  type: "SET_OPERATION_NODE";
  setop_type: string;
  setop_all: boolean;
  modifiers: { type: string }[];
  cte_map: { map: unknown[] };
  left: SqlNode;
  right: SqlNode;
}

export type SqlNode = SelectNode | UnionNode;

interface Serialized {
  error: boolean;
  error_message?: string;
  position?: string;
  statements?: { node: SqlNode }[];
}

/** The byte at which a node stands; DuckDB leaves some without, so the nearest one above counts. */
export function locationOf(node: { query_location?: number }, inherited: number): number {
  const location = node.query_location;
  return location !== undefined && Number.isSafeInteger(location) ? location : inherited;
}

/** Parses one SELECT (or UNION ALL). @throws MODEL_SYNTAX */
export async function parseSelect(
  connection: DuckDBConnection,
  file: SourceFile,
  sqlStart: number,
): Promise<SqlNode> {
  // a literal, not a parameter: the function wants its argument while it is bound
  const reader = await connection.runAndReadAll(
    `SELECT json_serialize_sql(${quotedString(file.text)}::VARCHAR)`,
  );
  const serialized = JSON.parse(String(reader.getRows()[0]?.[0])) as Serialized;
  const [first, second] = serialized.statements ?? [];
  if (serialized.error || first === undefined) {
    refuse(file, serialized.position === undefined ? sqlStart : Number(serialized.position), {
      code: "MODEL_SYNTAX",
      construct: "the SQL",
      message: serialized.error_message ?? "there is no SELECT",
      remedy: "write one SELECT after the header",
    });
  }
  if (second !== undefined) {
    refuse(file, sqlStart, {
      code: "MODEL_SYNTAX",
      construct: "the second statement",
      message: "a model is one SELECT",
      remedy: "put each statement in a file of its own",
    });
  }
  return first.node;
}
