// Which units of a model a change touches, and the model's query held to those units.
//
// Touched units: for each changed input, the model's own joins over the change in place of the input. Conditions that
// only filter are left out: a unit too many costs time, never exactness. The other inputs are read as they are now
// together with the rows that they lost in this micro-batch, so that what was joined before is found too; a side that
// a left join may leave empty although its equality holds (its rows changed, or a further condition decides) is counted
// in as empty too.

import {
  type BlockInput,
  columnsOf,
  type Expr,
  type Join,
  mapOperands,
  type SelectBlock,
} from "../../ir/index.ts";
import { changedAliases, type InputChange } from "../../plan/strategy.ts";
import { qualified } from "./batch.ts";
import { renderExpr } from "./expression.ts";
import { ident } from "./quote.ts";
import { seedSql } from "./seed.ts";
import { newName, oldName, REPLACES, stateName } from "./state-table.ts";

/** Rows of the micro-batch's change of a model: what came and what it replaced. */
export function changeRelation(model: string, change: InputChange | undefined): string {
  const came = `SELECT * EXCLUDE (${REPLACES}) FROM ${newName(model)}`;
  return change?.oldRows === 0 ? `(${came})` : `(${came} UNION ALL FROM ${oldName(model)})`;
}

/**
 * The touched units of one block as `SELECT`s to be united; columns are named after the unit's.
 * @param rowsOf the rows of an input's change to look at
 */
export function touchedUnitsSql(
  block: SelectBlock,
  unit: { columns: readonly string[]; exprs: readonly Expr[] },
  changes: ReadonlyMap<string, InputChange>,
  rowsOf: (model: string) => string,
): string[] {
  const sourceOf = new Map(block.inputs.map((input) => [input.alias, input.source.name]));
  const changed = changedAliases(block, changes);
  const seeds = new Map(block.inputs.flatMap(({ alias, seed }) => (seed ? [[alias, seed] as const] : [])));
  const relation = (alias: string, own: string): string => {
    const seed = seeds.get(alias);
    if (seed !== undefined) return seedSql(seed);
    const model = sourceOf.get(alias) ?? alias;
    if (alias === own) return rowsOf(model);
    if ((changes.get(model)?.oldRows ?? 0) === 0) return stateName(model);
    const columns = "COLUMNS(c -> NOT starts_with(c, '__'))";
    return `(SELECT ${columns} FROM ${stateName(model)} UNION ALL SELECT ${columns} FROM ${oldName(model)})`;
  };
  const queries: string[] = [];
  for (const own of changed) {
    const wanted = new Set([
      own,
      ...unit.exprs.flatMap((expr) => columnsOf(expr).map((column) => column.input)),
    ]);
    const joins = neededJoins(block, wanted);
    for (const missing of subsetsOf(oftenEmpty(joins, changed))) {
      const list = unit.exprs.map((expr, at) => {
        const shown = renderExpr(withoutInputs(expr, missing), qualified);
        return `${shown} AS ${ident(unit.columns[at] ?? "")}`;
      });
      // a unit told by the changed input alone needs no join
      const from =
        wanted.size === 1
          ? `${relation(own, own)} AS ${ident(own)}`
          : fromSql(block.inputs[0], { joins, own, missing }, (alias) => relation(alias, own));
      queries.push(`SELECT DISTINCT ${list.join(", ")} FROM ${from}`);
    }
  }
  return queries;
}

/** Inner joins decide which rows meet; a left join matters only where something reads it. */
function neededJoins(block: SelectBlock, wanted: Set<string>): Join[] {
  const needed: Join[] = [];
  for (const join of block.joins.toReversed()) {
    if (join.kind === "left" && !wanted.has(join.input)) continue;
    for (const { left } of join.equi) for (const column of columnsOf(left)) wanted.add(column.input);
    needed.unshift(join);
  }
  return needed;
}

/**
 * The sides of left joins that are or were empty for some rows for which the equalities find a partner: its row came
 * or went, the rest of ON refuses it, or the equality reads such a side.
 */
function oftenEmpty(joins: readonly Join[], changed: readonly string[]): string[] {
  const empty: string[] = [];
  for (const { kind, input, equi, residual } of joins) {
    if (kind !== "left") continue;
    const readsEmpty = equi.some(({ left }) =>
      columnsOf(left).some((column) => empty.includes(column.input)),
    );
    if (changed.includes(input) || residual !== null || readsEmpty) empty.push(input);
  }
  return empty;
}

/** The joins over the change of `own`, with the `missing` sides of left joins as NULLs wherever they are read. */
function fromSql(
  base: BlockInput | undefined,
  { joins, own, missing }: { joins: readonly Join[]; own: string; missing: readonly string[] },
  relation: (alias: string) => string,
): string {
  const first = base?.alias ?? own;
  const parts = [`${relation(first)} AS ${ident(first)}`];
  for (const join of joins) {
    if (join.input !== own && missing.includes(join.input)) continue;
    // the rows that meet the change: those without a partner are not touched by it
    const kind = join.kind === "left" && join.input !== own ? "LEFT JOIN" : "JOIN";
    const on = join.equi.map(({ left, right }) => {
      return `${renderExpr(withoutInputs(left, missing), qualified)} = ${renderExpr(right, qualified)}`;
    });
    parts.push(
      `${kind} ${relation(join.input)} AS ${ident(join.input)} ON ${on.length === 0 ? "TRUE" : on.join(" AND ")}`,
    );
  }
  return parts.join("\n  ");
}

function withoutInputs(expr: Expr, inputs: readonly string[]): Expr {
  if (expr.kind === "column" && inputs.includes(expr.input)) {
    return { kind: "literal", value: null, type: expr.type, nullable: true };
  }
  return mapOperands(expr, (operand) => withoutInputs(operand, inputs));
}

function subsetsOf(items: readonly string[]): string[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsetsOf(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}

/** The literal bounds of a unit column over the touched units, as SQL literals; closed. */
export type UnitBounds = ReadonlyMap<string, { min: string; max: string }>;

/**
 * The input's rows that can reach one of the touched units: held by those of the unit's expressions that read this
 * input alone. Never the empty side of a left join, whose missing rows would turn into other rows.
 */
export function restrictedInputSql(
  block: SelectBlock,
  input: BlockInput,
  unit: { columns: readonly string[]; exprs: readonly Expr[] },
  options: { units: string; bounds: UnitBounds },
): string {
  const whole = stateName(input.source.name);
  if (block.joins.some((join) => join.kind === "left" && join.input === input.alias)) return whole;
  const own = unit.exprs.flatMap((expr, at) => {
    const columns = columnsOf(expr);
    const reads = columns.length > 0 && columns.every((column) => column.input === input.alias);
    return reads ? [{ expr, column: unit.columns[at] ?? "" }] : [];
  });
  if (own.length === 0) return whole;
  const x = { column: (_input: string, name: string): string => `x.${ident(name)}` };
  const on = own.map(({ expr, column }) => {
    const equals = expr.nullable ? "IS NOT DISTINCT FROM" : "=";
    return `${renderExpr(expr, x)} ${equals} k.${ident(column)}`;
  });
  const where = own.flatMap(({ expr, column }) => rangeSql(expr, options.bounds.get(column), x));
  const rows = where.length === 0 ? whole : `(SELECT * FROM ${whole} AS x WHERE ${where.join(" AND ")})`;
  return `(SELECT x.* FROM ${rows} AS x SEMI JOIN ${options.units} AS k ON ${on.join(" AND ")})`;
}

const WINDOW_SLACK = {
  minute: "1 minute",
  hour: "1 hour",
  day: "1 day",
  month: "1 month",
  year: "1 year",
} as const;

/** A window's rows lie between its bounds: a plain range on the column, by which whole row groups are passed over. */
function rangeSql(
  expr: Expr,
  bounds: { min: string; max: string } | undefined,
  scope: typeof qualified,
): string[] {
  if (expr.kind !== "windowStart" || expr.operand.kind !== "column" || bounds === undefined) return [];
  // NULL lies in no range, and is a unit of its own
  if (expr.nullable) return [];
  const column = renderExpr(expr.operand, scope);
  // one unit more at both ends: hours and days differ where the clocks change, and where they repeat midnight the first of
  // the two hours lies before the start of its own day
  const slack = `INTERVAL '${WINDOW_SLACK[expr.unit]}'`;
  const size = `INTERVAL '${expr.count} ${expr.unit}'`;
  return [`${column} >= ${bounds.min} - ${slack}`, `${column} < ${bounds.max} + (${size} + ${slack})`];
}
