import type { SelectBlock } from "../../ir/index.ts";
import { groupColumn, type MaintainedModel, type Maintenance, partialType } from "../../plan/maintenance.ts";
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

const lost = (column: string): string => ident(`${column}__lost`);

const isExtreme = ({ fn }: Groups["aggregates"][number]): boolean => fn === "min" || fn === "max";

/**
 * The change's own groups: what its rows add to each group, replaced rows counting negatively. Of a MIN or MAX it
 * tells the least or greatest of the added rows, and in `<column>__lost` that of the replaced ones.
 * @param added, retracted the model's partial query over the new and over the replaced rows
 */
export function partialGroupsSql(
  table: StateTable,
  groups: Groups,
  added: string,
  retracted: string | null,
): string {
  const key = columnList(table.key);
  const columns = [...new Set([groups.rowsColumn, ...groups.aggregates.map(({ column }) => column)])];
  if (retracted === null) return `SELECT ${key}, ${columnList(columns)} FROM (${added})`;
  const types = new Map<string, string>([[groups.rowsColumn, "BIGINT"]]);
  for (const aggregate of groups.aggregates) types.set(aggregate.column, partialType(aggregate));
  const extremes = groups.aggregates.filter(isExtreme);
  const summed = columns.filter((name) => !extremes.some(({ column }) => column === name));
  const side = (sign: "" | "-"): string => {
    const sums = summed.map((name) => `${sign}${ident(name)} AS ${ident(name)}`);
    const ends = extremes.flatMap(({ column }) =>
      sign === ""
        ? [ident(column), `NULL AS ${lost(column)}`]
        : [`NULL AS ${ident(column)}`, `${ident(column)} AS ${lost(column)}`],
    );
    return [key, ...sums, ...ends].join(", ");
  };
  const merged = [
    ...summed.map((name) => `CAST(sum(${ident(name)}) AS ${types.get(name)}) AS ${ident(name)}`),
    ...extremes.flatMap(({ fn, column }) => [
      `${fn}(${ident(column)}) AS ${ident(column)}`,
      `${fn}(${lost(column)}) AS ${lost(column)}`,
    ]),
  ];
  return `SELECT ${key}, ${merged.join(", ")} FROM (
  SELECT ${side("")} FROM (${added}) UNION ALL SELECT ${side("-")} FROM (${retracted})
) GROUP BY ${key}`;
}

/**
 * The groups whose MIN or MAX may have gone with a replaced row: it held the end, and no added row reaches as far.
 * Every other group's end is that of its row and the added ones.
 */
export function doubtfulGroupsSql(table: StateTable, groups: Groups, partial: string): string {
  const doubts = groups.aggregates.filter(isExtreme).map(({ fn, column }) => {
    const [held, added] = [`t.${ident(column)}`, `p.${ident(column)}`];
    const [reaches, short] = fn === "max" ? [">=", "<"] : ["<=", ">"];
    return `(p.${lost(column)} ${reaches} ${held} AND coalesce(${added} ${short} ${held}, TRUE))`;
  });
  return `SELECT ${columnList(table.key, "t")} FROM ${stateName(table.name)} AS t
JOIN ${partial} AS p ON ${keysEqual(table.key, "t", "p")} WHERE ${doubts.join(" OR ")}`;
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
