import { sqlName, sqlNames } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import { checkColumns, conditionsOf, prune } from "./prune.ts";
import {
  hasRowsAfter,
  type Range,
  rangeOf,
  type RangeOptions,
  touchedSlices,
  writtenInSql,
} from "./range.ts";
import { checkNotCleaned, type RowSelection, select } from "./selection.ts";
import { sliceRowsSql } from "./slice-rows.ts";

export interface IncrementalOptions extends RangeOptions, RowSelection {
  /**
   * Whether to give the rows, too, that were there before the range and are gone after it, as they were before. A column
   * `_hoodie_is_deleted` then comes last: true of these, false of the others. @default false
   */
  deletes?: boolean;
}

/** Tells a deleted row from the others. */
export const IS_DELETED = "_hoodie_is_deleted";
const KEY = ["_hoodie_record_key", "_hoodie_partition_path"];

/**
 * The rows written in (after, upTo], as they were at upTo, in the table's present columns. A row that was written and
 * deleted again in the range does not appear.
 */
export async function incrementalSql(state: TableState, options: IncrementalOptions): Promise<string> {
  const { deletes = false, ...selection } = options;
  await state.refresh();
  const range = rangeOf(state, selection);
  if (selection.upTo !== undefined) await checkNotCleaned(state, range.upTo);
  const { timeline, columns: schema } = state;
  const columns = selection.columns ?? schema.map(({ name }) => name);
  const { slices, where } = await select(state, { asOf: range.upTo, schema }, selection);
  const written = await sliceRowsSql(
    state,
    slices.filter((slice) => hasRowsAfter(timeline, slice, range.after)),
    {
      asOf: range.upTo,
      columns,
      schema,
      where: [writtenInSql(timeline, range), ...(where === undefined ? [] : [where])].join(" AND "),
    },
  );
  if (!deletes) return written;
  const gone = await deletedSql(state, range, { ...selection, columns });
  return `(SELECT *, false AS ${IS_DELETED} FROM ${written} UNION ALL ${gone})`;
}

/** The rows as of the beginning of a range whose keys are not there at its end. */
async function deletedSql(
  state: TableState,
  range: Range,
  { columns, filters = [], partitions }: RowSelection & { columns: readonly string[] },
): Promise<string> {
  const { columns: schema } = state;
  checkColumns(schema, columns);
  const conditions = conditionsOf(schema, filters);
  const touched = await touchedSlices(state, range, partitions);
  const before = await sliceRowsSql(state, await prune(state, touched.before, conditions), {
    asOf: range.after,
    columns: [...new Set([...KEY, ...columns])],
    schema,
    where: conditions.length === 0 ? undefined : conditions.map(({ sql }) => sql).join(" AND "),
  });
  const after = await sliceRowsSql(state, touched.after, { asOf: range.upTo, columns: KEY, schema });
  const sameKey = KEY.map((name) => `b.${sqlName(name)} = a.${sqlName(name)}`).join(" AND ");
  return `SELECT ${sqlNames(columns, "b")}, true FROM ${before} b ANTI JOIN ${after} a ON ${sameKey}`;
}
