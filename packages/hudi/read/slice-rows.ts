import type { FileSlice } from "../file-group/file-slice.ts";
import { sliceRelation } from "../merge/slice-relation.ts";
import type { TableState } from "../table/table-state.ts";
import type { ColumnSelection } from "./snapshot.ts";

export interface SliceRowsSelection extends ColumnSelection {
  /** SQL over the table's present columns. */
  where?: string;
  /** Log records of writes that completed later don't count. @default all completed ones count */
  asOf?: string;
}

/**
 * A parenthesised SELECT over the rows that these slices hold, base and log files merged, in the table's present columns.
 */
export function sliceRowsSql(
  state: TableState,
  slices: readonly FileSlice[],
  { asOf, ...selection }: SliceRowsSelection = {},
): Promise<string> {
  const { timeline } = state;
  if (asOf === undefined) return sliceRelation(state, slices, selection);
  const isVisible = (instant: string) => {
    const completed = timeline.completionOf(instant);
    return completed !== null && completed <= asOf;
  };
  return sliceRelation(state, slices, { ...selection, isVisible });
}
