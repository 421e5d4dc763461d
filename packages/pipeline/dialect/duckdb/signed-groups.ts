// The groups of a change that takes rows back: one pass over what came (sign 1) and what went (sign −1).

import type { Aggregate, SelectBlock } from "../../ir/block.ts";
import { fromSql, qualified, type ResolveInput, whereSql } from "./batch.ts";
import { renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";
import { newName, oldName, REPLACES } from "./state-table.ts";

const SIGN = "__sign";

/** Of a MIN or MAX, the column beside it that holds the least or greatest of the rows that went. */
export const lostColumn = (column: string): string => ident(`${column}__lost`);

/** Both sides of a model's change, each row with its `__sign`. */
export function signedChange(model: string): string {
  return `(SELECT * EXCLUDE (${REPLACES}), 1 AS ${SIGN} FROM ${newName(model)}
  UNION ALL SELECT *, -1 AS ${SIGN} FROM ${oldName(model)})`;
}

/**
 * The block's groups over both sides of an input's change: sums and counts of what came less those of what went; of a
 * MIN or MAX the end of what came, and in its `lostColumn` that of what went. A SUM of nothing is 0.
 * @param input the alias of the changed input, which `resolveInput` gives as rows with a `__sign`
 */
export function signedGroupsSql(block: SelectBlock, input: string, resolveInput: ResolveInput): string {
  const sign = `${ident(input)}.${SIGN}`;
  const keys = block.groupBy.map((expr, index) => `${renderExpr(expr, qualified)} AS k${index}`);
  const aggregates = block.aggregates.flatMap((aggregate, index) =>
    signedSql(aggregate, sign).map((sql, side) => `${sql} AS ${["a", "l"][side]}${index}`),
  );
  const inner = [
    `SELECT ${[...keys, ...aggregates].join(", ")}`,
    fromSql(block, resolveInput),
    ...whereSql(block),
    `GROUP BY ${keys.map((_, index) => index + 1).join(", ")}`,
  ].join("\n  ");
  const scope = {
    ...qualified,
    groupKey: (index: number): string => `g.k${index}`,
    aggregate: (index: number): string => `g.a${index}`,
  };
  const shown = block.output.flatMap(({ name, expr, type }) => {
    const value = `CAST(${renderExpr(expr, scope)} AS ${type}) AS ${ident(name)}`;
    if (expr.kind !== "aggregate" || !isExtreme(block.aggregates[expr.index])) return [value];
    return [value, `CAST(g.l${expr.index} AS ${type}) AS ${lostColumn(name)}`];
  });
  return `SELECT ${shown.join(", ")} FROM (${inner}) AS g`;
}

export function isExtreme(aggregate: Pick<Aggregate, "fn"> | undefined): boolean {
  return aggregate?.fn === "min" || aggregate?.fn === "max";
}

/** The aggregate of what came less that of what went; for a MIN or MAX both, one after the other. */
function signedSql({ fn, arg, type }: Aggregate, sign: string): string[] {
  const came = `FILTER (WHERE ${sign} > 0)`;
  const went = `FILTER (WHERE ${sign} < 0)`;
  if (fn === "countStar" || arg === null) return [`CAST(sum(${sign}) AS BIGINT)`];
  const operand = renderExpr(arg, qualified);
  if (fn === "count") return [`count(${operand}) ${came} - count(${operand}) ${went}`];
  if (fn === "min" || fn === "max") return [`${fn}(${operand}) ${came}`, `${fn}(${operand}) ${went}`];
  const sum = (side: string): string => `coalesce(CAST(sum(${operand}) ${side} AS ${type}), 0)`;
  return [`${sum(came)} - ${sum(went)}`];
}
