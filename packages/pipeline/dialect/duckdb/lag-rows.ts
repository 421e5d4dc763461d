import type { LagWindow } from "../../plan/lag-window.ts";
import { ident } from "./quote.ts";
import { stateName } from "./state-table.ts";
import { changeRelation } from "./units.ts";

/** Most predecessors are found this far back; only for the others the whole table is looked through. */
const NEAR = "INTERVAL '1 day'";

const equalPartition = (window: LagWindow, left: string, right: string): string =>
  window.partition.map((name) => `${left}.${ident(name)} = ${right}.${ident(name)} AND `).join("");

/** The changed rows' keys and those of the rows right behind them, named after the model's key. */
export function touchedLagUnitsSql(window: LagWindow, columns: readonly string[]): string[] {
  const model = window.input.source.name;
  const order = ident(window.order);
  const named = (alias: string): string =>
    window.key.map((name, at) => `${alias}.${ident(name)} AS ${ident(columns[at] ?? name)}`).join(", ");
  const change = changeRelation(model);
  return [
    `SELECT DISTINCT ${named("c")} FROM ${change} AS c`,
    `SELECT DISTINCT ${named("s")} FROM ${change} AS c
  ASOF JOIN (SELECT * FROM ${stateName(model)} WHERE ${order} > (SELECT min(${order}) FROM ${change})) AS s
  ON ${equalPartition(window, "c", "s")}c.${order} < s.${order}`,
  ];
}

/**
 * The touched rows and the row before each, as statements that fill temporary tables and the relation to read.
 * @param units the touched units, columns named `columns` in the order of `window.key`
 */
export function lagInputSql(
  window: LagWindow,
  options: { units: string; columns: readonly string[]; table: string },
): { statements: string[]; relation: string } {
  const source = stateName(window.input.source.name);
  const order = ident(window.order);
  const renamed = window.key
    .map((name, at) => `${ident(options.columns[at] ?? name)} AS ${ident(name)}`)
    .join(", ");
  const units = `(SELECT ${renamed} FROM ${options.units})`;
  const key = window.key.map((name) => ident(name)).join(", ");
  const near = window.orderIsInstant
    ? `(SELECT * FROM ${source} WHERE ${order} >= (SELECT min(${order}) - ${NEAR} FROM ${units}))`
    : source;
  const before = (rows: string, from: string): string => `SELECT ${window.key
    .map((name) => `k.${ident(name)} AS ${ident(`k_${name}`)}`)
    .join(", ")}, p.* FROM ${from} AS k ASOF JOIN ${rows} AS p
  ON ${equalPartition(window, "k", "p")}k.${order} > p.${order}`;
  const unmatched = `(SELECT * FROM ${units} AS k ANTI JOIN ${options.table} AS n
  ON ${window.key.map((name) => `k.${ident(name)} = n.${ident(`k_${name}`)}`).join(" AND ")})`;
  const ofTheirs = `(SELECT s.* FROM ${source} AS s SEMI JOIN ${unmatched} AS u
  ON ${equalPartition(window, "s", "u").replace(/ AND $/, "") || "TRUE"})`;
  const statements = [`CREATE OR REPLACE TEMP TABLE ${options.table} AS ${before(near, units)}`];
  if (window.orderIsInstant) statements.push(`INSERT INTO ${options.table} ${before(ofTheirs, unmatched)}`);
  const skip = `EXCLUDE (${window.key.map((name) => ident(`k_${name}`)).join(", ")})`;
  const relation = `(SELECT t.* FROM ${source} AS t SEMI JOIN ${units} AS k USING (${key})
  UNION SELECT * ${skip} FROM ${options.table})`;
  return { statements, relation };
}
