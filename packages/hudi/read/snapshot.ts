import { GridlakeError } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { readParquet, sqlName, sqlNames } from "../schema/sql-text.ts";
import { isSaved } from "../services/savepoint/read.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import { sliceRowsSql } from "./slice-rows.ts";

export interface ColumnSelection {
  /** Which columns, in this order; also `_hoodie_` ones. @default the table's own, in its order */
  columns?: readonly string[];
}

export interface SnapshotOptions extends ColumnSelection {
  /** The table as of this instant, inclusive; a prefix of a timestamp means its beginning. @default the newest */
  asOf?: string;
}

/** A parenthesised SELECT over the table's files as of an instant. */
export async function snapshotSql(
  state: TableState,
  { asOf, columns }: SnapshotOptions = {},
): Promise<string> {
  await state.refresh();
  if (asOf !== undefined) await checkNotCleaned(state, asOf);
  const slices = state.view.latestSlices(state.timeline, asOf === undefined ? {} : { asOf });
  return sliceRowsSql(state, slices, { ...(columns && { columns }), ...(asOf !== undefined && { asOf }) });
}

/** The rows of these files; of none, an empty relation with the same columns. `where` is SQL over the table's columns. */
export async function relationSql(
  state: TableState,
  files: readonly BaseFile[],
  { columns, where }: ColumnSelection & { where?: string },
): Promise<string> {
  const names = columns ?? state.columns.map((column) => column.name);
  for (const name of names) typeOf(state, name);
  const filter = where === undefined ? "" : ` WHERE ${where}`;
  if (files.length > 0) {
    const paths = await state.storage.localPaths(files.map((file) => `${state.basePath}/${file.path}`));
    return `(SELECT ${sqlNames(names)} FROM ${readParquet(paths)}${filter})`;
  }
  const typed = names.map((name) => `CAST(NULL AS ${typeOf(state, name)}) AS ${sqlName(name)}`);
  return `(SELECT ${typed.join(", ")} WHERE false)`;
}

function typeOf({ columns }: TableState, name: string): Column["type"] {
  return META_COLUMNS.some((meta) => meta === name) ? "VARCHAR" : findColumn(columns, name).type;
}

/** @throws HUDI_INSTANT_CLEANED when files that the table had then may be gone. */
async function checkNotCleaned(state: TableState, asOf: string): Promise<void> {
  // where cleans may have been archived, nothing tells what is left from before the active timeline
  const earliest =
    (await state.earliestRetained()) ??
    ((await state.isArchived()) ? state.timeline.writes()[0]?.timestamp : null);
  if (earliest === null || earliest === undefined || asOf >= earliest) return;
  if (await isSaved(state, asOf)) return;
  throw new GridlakeError(
    "HUDI_INSTANT_CLEANED",
    `${state.basePath} is kept from ${earliest} on, not as of ${asOf}`,
    {
      remedy: "ask for a later instant, or retain more commits when cleaning",
      details: { basePath: state.basePath, asOf, earliest },
      status: 410,
    },
  );
}
