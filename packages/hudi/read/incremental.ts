import { sqlText } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import { LAST_INSTANT } from "../file-group/file-system-view.ts";
import { type ColumnSelection, relationSql } from "./snapshot.ts";

export interface IncrementalOptions extends ColumnSelection {
  /** An instant, exclusive. */
  after: string;
  /** An instant, inclusive. @default the newest */
  upTo?: string;
}

/** The rows written in (after, upTo], as they were at upTo. Rows deleted meanwhile don't appear. */
export async function incrementalSql(
  state: TableState,
  { after, upTo, columns }: IncrementalOptions,
): Promise<string> {
  await state.refresh();
  const limit = upTo ?? LAST_INSTANT;
  const files = state.view.latest(state.timeline, { asOf: limit }).filter((file) => file.instant > after);
  const where = `_hoodie_commit_time > ${sqlText(after)} AND _hoodie_commit_time <= ${sqlText(limit)}`;
  return relationSql(state, files, { ...(columns && { columns }), where });
}
