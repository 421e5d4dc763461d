import type { SelectBlock } from "../../ir/index.ts";
import { groupColumn, type MaintainedModel, type Maintenance } from "../../plan/maintenance.ts";
import { renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";
import { isExtreme, lostColumn } from "./signed-groups.ts";
import {
  columnList,
  keysEqual,
  oldName,
  REPLACES,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

type Groups = Extract<Maintenance, { kind: "aggregate" }>;

/** The rows of the groups that the change reaches: `__old`. */
export function reachedGroupsSql(table: StateTable, partial: string): string {
  const names = storedColumns(table).map((column) => column.name);
  return `SELECT ${columnList(names, "t")} FROM ${stateName(table.name)} AS t
JOIN ${partial} AS p ON ${keysEqual(table.key, "t", "p")}`;
}

/**
 * The groups whose MIN or MAX may have gone with a row: it held the end, and no row that came reaches as far.
 * Every other group's end is that of its row in `__old` and of the rows that came.
 */
export function doubtfulGroupsSql(table: StateTable, groups: Groups, partial: string): string {
  const doubts = groups.aggregates.filter(isExtreme).map(({ fn, column }) => {
    const [held, added] = [`t.${ident(column)}`, `p.${ident(column)}`];
    const [reaches, short] = fn === "max" ? [">=", "<"] : ["<=", ">"];
    return `(p.${lostColumn(column)} ${reaches} ${held} AND coalesce(${added} ${short} ${held}, TRUE))`;
  });
  return `SELECT ${columnList(table.key, "t")} FROM ${oldName(table.name)} AS t
JOIN ${partial} AS p ON ${keysEqual(table.key, "t", "p")} WHERE ${doubts.join(" OR ")}`;
}

/** The groups' rows in `__old` with the partial groups merged in: `__new`. */
export function mergedGroupsSql(
  maintained: MaintainedModel,
  table: StateTable,
  groups: Groups,
  partial: string,
): string {
  const [block] = maintained.blocks;
  const stored = columnList(storedColumns(table).map((column) => column.name));
  const rows = ident(groups.rowsColumn);
  const merged = [
    ...table.key.map((name) => `p.${ident(name)} AS ${ident(name)}`),
    `coalesce(e.${rows}, 0) + p.${rows} AS ${rows}`,
    `e.${rows} IS NOT NULL AS ${REPLACES}`,
    ...groups.aggregates.filter(({ column }) => column !== groups.rowsColumn).map(mergedAggregateSql),
  ];
  return `SELECT ${block === undefined ? stored : shownSql(block, table, groups)}, m.${REPLACES} FROM (
  SELECT ${merged.join(", ")} FROM ${partial} AS p
  LEFT JOIN ${oldName(table.name)} AS e ON ${keysEqual(table.key, "p", "e")}
) AS m WHERE m.${rows} > 0`;
}

function mergedAggregateSql({ fn, column, countColumn, type }: Groups["aggregates"][number]): string {
  const [existing, partial] = [`e.${ident(column)}`, `p.${ident(column)}`];
  // least and greatest pass over NULLs, as MIN and MAX do
  if (fn === "min" || fn === "max") {
    return `${fn === "min" ? "least" : "greatest"}(${existing}, ${partial}) AS ${ident(column)}`;
  }
  const sum = `CAST(coalesce(${existing}, 0) + coalesce(${partial}, 0) AS ${type})`;
  if (countColumn === null) return `${sum} AS ${ident(column)}`;
  const counted = `coalesce(e.${ident(countColumn)}, 0) + p.${ident(countColumn)}`;
  return `CASE WHEN ${counted} > 0 THEN ${sum} END AS ${ident(column)}`;
}

/** The stored columns as the model shows them, computed from the merged aggregates. */
function shownSql(block: SelectBlock, table: StateTable, groups: Groups): string {
  const scope = {
    column: (_input: string, name: string): string => `m.${ident(name)}`,
    groupKey: (index: number): string => `m.${ident(groupColumn(block, index) ?? "")}`,
    aggregate: (index: number): string => `m.${ident(aggregateColumn(block, groups, index))}`,
  };
  return storedColumns(table)
    .map(({ name, type }) => {
      const output = block.output.find((candidate) => candidate.name === name);
      const shown = output === undefined ? `m.${ident(name)}` : renderExpr(output.expr, scope);
      return `CAST(${shown} AS ${type}) AS ${ident(name)}`;
    })
    .join(", ");
}

/** The stored column of the block's aggregate with this index. */
function aggregateColumn(block: SelectBlock, groups: Groups, index: number): string {
  const shown = block.output.find(({ expr }) => expr.kind === "aggregate" && expr.index === index);
  return shown?.name ?? groups.rowsColumn;
}
