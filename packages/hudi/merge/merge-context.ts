import { type SchemaSource, SchemaHistory } from "../schema/schema-history.ts";
import type { TableConfig } from "../table/table-config.ts";

/** What merging needs of a table; a TableState is one. */
export interface MergeContext extends SchemaSource {
  readonly config: Pick<TableConfig, "mergeMode" | "ordering" | "properties" | "layout" | "createSchema">;
}

const histories = new WeakMap<MergeContext, SchemaHistory>();

/** Under which columns the table's files were written; found out once for each table that is held open. */
export function historyOf(context: MergeContext): SchemaHistory {
  let history = histories.get(context);
  if (!history) histories.set(context, (history = new SchemaHistory()));
  return history;
}
