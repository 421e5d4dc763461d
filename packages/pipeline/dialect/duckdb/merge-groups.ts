import type { SelectBlock } from "../../ir/index.ts";
import { groupColumn, type MaintainedModel, type Maintenance } from "../../plan/maintenance.ts";
import { renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";
import {
  columnList,
  keysEqual,
  newName,
  oldName,
  stateName,
  type StateTable,
  storedColumns,
} from "./state-table.ts";

type Groups = Extract<Maintenance, { kind: "aggregate" }>;

/**
 * The change's own groups: what its rows add to each group. Retracted rows count negatively, which only sums and
 * counts can take.
 * @param added, retracted the model's query over the new and over the replaced rows
 */
export function partialGroupsSql(
  table: StateTable,
  groups: Groups,
  added: string,
  retracted: string | null,
): string {
  const key = columnList(table.key);
  const columns = [groups.rowsColumn, ...groups.aggregates.map(({ column }) => column)];
  if (retracted === null) return `SELECT ${key}, ${columnList(columns)} FROM (${added})`;
  const signed = (sign: string): string =>
    columns.map((name) => `${sign}${ident(name)} AS ${ident(name)}`).join(", ");
  const types = new Map(storedColumns(table).map((column) => [column.name, column.type]));
  const sums = columns.map((name) => `CAST(sum(${ident(name)}) AS ${types.get(name)}) AS ${ident(name)}`);
  return `SELECT ${key}, ${sums.join(", ")} FROM (
  SELECT ${key}, ${signed("")} FROM (${added}) UNION ALL SELECT ${key}, ${signed("-")} FROM (${retracted})
) GROUP BY ${key}`;
}

/** Fills `__old` and `__new` from the groups' rows and the partial groups. */
export function mergeGroupsSql(
  maintained: MaintainedModel,
  table: StateTable,
  groups: Groups,
  partial: string,
): string[] {
  const [block] = maintained.blocks;
  const stored = columnList(storedColumns(table).map((column) => column.name));
  const on = (left: string, right: string): string => keysEqual(table.key, left, right);
  const merged = [
    ...table.key.map((name) => `p.${ident(name)} AS ${ident(name)}`),
    `coalesce(e.${ident(groups.rowsColumn)}, 0) + p.${ident(groups.rowsColumn)} AS ${ident(groups.rowsColumn)}`,
    ...groups.aggregates.filter(({ column }) => column !== groups.rowsColumn).map(mergedAggregateSql),
  ];
  return [
    `CREATE OR REPLACE TEMP TABLE ${oldName(table.name)} AS
SELECT ${stored} FROM ${stateName(table.name)} AS t SEMI JOIN ${partial} AS p ON ${on("t", "p")}`,
    `CREATE OR REPLACE TEMP TABLE ${newName(table.name)} AS
SELECT ${block === undefined ? stored : shownSql(block, table, groups)} FROM (
  SELECT ${merged.join(", ")} FROM ${partial} AS p LEFT JOIN ${oldName(table.name)} AS e ON ${on("p", "e")}
) AS m WHERE m.${ident(groups.rowsColumn)} > 0`,
  ];
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
