import { GridlakeError } from "@gridlake/kernel";
import type { FileSlice } from "../file-group/file-slice.ts";
import { LAST_INSTANT } from "../file-group/file-system-view.ts";
import type { Column } from "../schema/column.ts";
import { isSaved } from "../services/savepoint/read.ts";
import type { TableState } from "../table/table-state.ts";
import type { Filter } from "./filter.ts";
import { checkNothingLost, type Sight } from "./lost-files.ts";
import { checkColumns, conditionsOf, prune } from "./prune.ts";

export interface ColumnSelection {
  /** Which columns, in this order; also `_hoodie_` ones. @default the table's own, in its order */
  columns?: readonly string[];
}

export interface RowSelection extends ColumnSelection {
  /**
   * Conditions that must all be true of a row. Files that hold no such row, by their folder or by the bounds in their
   * footers, are not read; the others are filtered.
   */
  filters?: readonly Filter[];
  /** The folders to read, as `_hoodie_partition_path` has them: `region=north/day=2026-01-31`. @default all */
  partitions?: readonly string[];
}

export interface SelectionPlace {
  /** A completion time, inclusive. @default the newest */
  asOf?: string;
  schema: readonly Column[];
  /** Whether log files don't count. @default false */
  isOptimized?: boolean;
}

/** What to read. */
export interface Selected {
  slices: FileSlice[];
  /** SQL over the columns; undefined: all rows. */
  where: string | undefined;
}

/**
 * The slices that hold the wanted rows at a point of the table's history.
 * @throws HUDI_COLUMN_MISSING, HUDI_FILTER, HUDI_FILE_MISSING, HUDI_FOOTER_CORRUPT
 */
export async function select(
  state: TableState,
  { asOf = LAST_INSTANT, schema, isOptimized = false }: SelectionPlace,
  { columns, filters = [], partitions }: RowSelection,
): Promise<Selected> {
  const sight: Sight = { timeline: state.timeline, view: state.view };
  checkColumns(schema, columns ?? []);
  const conditions = conditionsOf(schema, filters);
  const slices = sight.view.latestSlices(sight.timeline, { asOf });
  await checkNothingLost(state, sight, { slices, asOf });
  const folders = partitions && new Set(partitions);
  const wanted = folders ? slices.filter(({ partition }) => folders.has(partition)) : slices;
  const read = isOptimized ? wanted.map((slice) => ({ ...slice, logs: [] })) : wanted;
  return {
    slices: await prune(state, read, conditions),
    where: conditions.length === 0 ? undefined : conditions.map(({ sql }) => sql).join(" AND "),
  };
}

/** @throws HUDI_INSTANT_CLEANED when files that the table had then may be gone. */
export async function checkNotCleaned(state: TableState, asOf: string): Promise<void> {
  const { timeline, basePath } = state;
  // where cleans may have been archived, nothing tells what is left from before the active timeline
  const earliest =
    (await state.earliestRetained()) ?? ((await state.isArchived()) ? timeline.writes()[0]?.timestamp : null);
  if (earliest === null || earliest === undefined) return;
  const from = timeline.completionOf(earliest) ?? earliest;
  if (asOf >= from || (await isSaved(state, asOf))) return;
  throw new GridlakeError("HUDI_INSTANT_CLEANED", `${basePath} is kept from ${from} on, not as of ${asOf}`, {
    remedy: "ask for a later instant, or retain more commits when cleaning",
    details: { basePath, asOf, earliest: from },
    status: 410,
  });
}
