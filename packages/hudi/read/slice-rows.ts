import type { FileSlice } from "../file-group/file-slice.ts";
import { sliceRelation } from "../merge/slice-relation.ts";
import type { Column } from "../schema/column.ts";
import type { TableState } from "../table/table-state.ts";
import type { ColumnSelection } from "./selection.ts";

export interface SliceRowsSelection extends ColumnSelection {
  /** SQL over the columns. */
  where?: string | undefined;
  /** A completion time, inclusive: log records of writes that completed later don't count. @default all completed ones count */
  asOf?: string | undefined;
  /** In which columns to give the rows. @default the table's present ones */
  schema?: readonly Column[];
}

/** A parenthesised SELECT over the rows that these slices hold, base and log files merged. */
export function sliceRowsSql(
  state: TableState,
  slices: readonly FileSlice[],
  { asOf, where, columns, schema }: SliceRowsSelection = {},
): Promise<string> {
  const { timeline } = state;
  const isVisible = (instant: string) => {
    const completed = timeline.completionOf(instant);
    return completed !== null && (asOf === undefined || completed <= asOf);
  };
  return sliceRelation(state, slices, {
    isVisible,
    ...(where !== undefined && { where }),
    ...(columns && { columns }),
    ...(schema && { schema }),
  });
}
