// Hours and days of a time zone cost about a microsecond a row, and a change has far fewer instants than rows: each
// instant's window is computed once, and the rows find theirs by equality.

import type { ColumnExpr, Expr, SelectBlock } from "../../ir/index.ts";
import { qualified } from "./batch.ts";
import { isZoned, renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";

const windowColumn = (index: number): string => `__w${index}`;

/**
 * The block with the windows that it groups by read from columns, and the input's relation with those columns.
 * @param relation the rows to read in place of the input `alias`
 */
export function mapWindows(
  block: SelectBlock,
  alias: string,
  relation: string,
): { block: SelectBlock; relation: string } {
  const windows = block.groupBy.map((expr) => (zonedColumn(expr)?.input === alias ? expr : null));
  if (windows.every((expr) => expr === null)) return { block, relation };
  const joins = windows.flatMap((expr, index) => {
    const column = expr === null ? null : zonedColumn(expr);
    if (expr === null || column === null) return [];
    const at = `SELECT DISTINCT c.${ident(column.name)} AS at FROM ${relation} AS c`;
    const start = renderExpr(expr, { ...qualified, column: () => "i.at" });
    const map = `(SELECT i.at, ${start} AS ${windowColumn(index)} FROM (${at}) AS i)`;
    return [{ index, sql: `LEFT JOIN ${map} AS m${index} ON m${index}.at = c.${ident(column.name)}` }];
  });
  const columns = joins.map(({ index }) => `m${index}.${windowColumn(index)}`);
  const groupBy = block.groupBy.map((expr, index): Expr => {
    if (windows[index] === null) return expr;
    return {
      kind: "column",
      input: alias,
      name: windowColumn(index),
      type: expr.type,
      nullable: expr.nullable,
    };
  });
  return {
    block: { ...block, groupBy },
    relation: `(SELECT c.*, ${columns.join(", ")} FROM ${relation} AS c ${joins.map(({ sql }) => sql).join(" ")})`,
  };
}

/** The column of a window whose begin depends on the time zone; null for every other expression. */
function zonedColumn(expr: Expr): ColumnExpr | null {
  return expr.kind === "windowStart" && isZoned(expr) && expr.operand.kind === "column" ? expr.operand : null;
}
