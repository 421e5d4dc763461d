import { sqlName } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import { checkColumns } from "./prune.ts";
import { rangeOf, type RangeOptions, touchedSlices } from "./range.ts";
import { checkNotCleaned, type ColumnSelection, type RowSelection } from "./selection.ts";
import { sliceRowsSql } from "./slice-rows.ts";

/** Of `columns` only those are given and compared. */
export interface ChangesOptions extends RangeOptions, ColumnSelection, Pick<RowSelection, "partitions"> {}

const KEY = ["_hoodie_partition_path", "_hoodie_record_key"];

/**
 * What became of each row in (after, upTo]: a parenthesised SELECT with `_hoodie_change` (`I` it came, `U` it has other
 * values, `D` it is gone), `_hoodie_partition_path`, `_hoodie_record_key`, and its values `before` and `after`, each a
 * STRUCT of the table's present columns, NULL where the row was not there. Rows that are as they were don't appear,
 * whether they were written again or not. A row that moves to another partition is gone from one and comes to the other.
 */
export async function changesSql(state: TableState, options: ChangesOptions): Promise<string> {
  await state.refresh();
  const range = rangeOf(state, options);
  const schema = state.columns;
  const columns = options.columns ?? schema.map(({ name }) => name);
  checkColumns(schema, columns);
  if (options.upTo !== undefined) await checkNotCleaned(state, range.upTo);
  const touched = await touchedSlices(state, range, options.partitions);
  const selected = [...new Set([...KEY, ...columns])];
  const before = await sliceRowsSql(state, touched.before, { asOf: range.after, columns: selected, schema });
  const after = await sliceRowsSql(state, touched.after, { asOf: range.upTo, columns: selected, schema });
  const fields = columns.map((name) => `${sqlName(name)} := ${sqlName(name)}`);
  const keyed = (rows: string) =>
    `(SELECT ${KEY.join(", ")}, struct_pack(${fields.join(", ")}) AS r FROM ${rows})`;
  const key = KEY.map((name) => `coalesce(a.${name}, b.${name}) AS ${name}`);
  const sameKey = KEY.map((name) => `a.${name} = b.${name}`);
  return (
    `(SELECT CASE WHEN b.r IS NULL THEN 'I' WHEN a.r IS NULL THEN 'D' ELSE 'U' END AS _hoodie_change, ` +
    `${key.join(", ")}, b.r AS before, a.r AS after FROM ${keyed(after)} a FULL JOIN ${keyed(before)} b ` +
    `ON ${sameKey.join(" AND ")} WHERE a.r IS DISTINCT FROM b.r)`
  );
}
