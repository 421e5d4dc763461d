import type { FileSlice } from "../../file-group/file-slice.ts";
import { sliceRowsSql } from "../../read/slice-rows.ts";
import { META_COLUMNS } from "../../schema/column.ts";
import { sqlName, sqlText } from "../../schema/sql-text.ts";
import type { TableState } from "../../table/table-state.ts";

/**
 * The rows of a slice for a base file of this name: a SELECT of the meta columns and the table's own. No row changes by
 * being merged, so each keeps the commit that wrote it.
 */
export async function mergedRowsSql(state: TableState, slice: FileSlice, fileName: string): Promise<string> {
  const names = [...META_COLUMNS, ...state.columns.map(({ name }) => name)];
  const rows = await sliceRowsSql(state, [slice], { columns: names });
  const selected = names.map((name) =>
    name === "_hoodie_file_name" ? `${sqlText(fileName)} AS ${sqlName(name)}` : sqlName(name),
  );
  return `SELECT ${selected.join(", ")} FROM ${rows}`;
}
