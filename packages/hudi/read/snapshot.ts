import { historyOf } from "../schema/schema-history.ts";
import type { TableState } from "../table/table-state.ts";
import { positionOf, type When } from "./position.ts";
import { checkNotCleaned, type RowSelection, select } from "./selection.ts";
import { sliceRowsSql } from "./slice-rows.ts";

export interface SnapshotOptions extends RowSelection {
  /** The table as of then, inclusive, in the columns that it had then. @default the newest */
  asOf?: When;
}

/** A parenthesised SELECT over the table's rows as of an instant. */
export async function snapshotSql(
  state: TableState,
  { asOf: when, ...selection }: SnapshotOptions = {},
): Promise<string> {
  return rowsSql(state, selection, { when, isOptimized: false });
}

/**
 * The same of the base files alone: what log files changed since the last compaction is not seen. In a COPY_ON_WRITE
 * table it is the snapshot.
 */
export async function readOptimizedSql(
  state: TableState,
  { asOf: when, ...selection }: SnapshotOptions = {},
): Promise<string> {
  return rowsSql(state, selection, { when, isOptimized: true });
}

async function rowsSql(
  state: TableState,
  selection: RowSelection,
  { when, isOptimized }: { when: When | undefined; isOptimized: boolean },
): Promise<string> {
  await state.refresh();
  const asOf = when === undefined ? undefined : positionOf(state, when);
  if (asOf !== undefined) await checkNotCleaned(state, asOf);
  const schema = asOf === undefined ? state.columns : await historyOf(state).asOf(state, asOf);
  const at = asOf === undefined ? {} : { asOf };
  const { slices, where } = await select(state, { ...at, schema, isOptimized }, selection);
  const { columns } = selection;
  return sliceRowsSql(state, slices, { ...at, where, schema, ...(columns && { columns }) });
}
