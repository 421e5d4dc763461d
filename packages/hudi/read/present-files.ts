import type { BaseFile } from "../file-group/base-file.ts";
import { isProjected, projectionSql } from "../schema/projection.ts";
import { historyOf } from "../schema/schema-history.ts";
import { readParquet } from "../schema/sql-text.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";

export interface PresentFiles {
  /** By their paths on this machine. */
  files: ReadonlyMap<string, BaseFile>;
  /** Which of the table's columns. */
  columns: readonly string[];
  /** What more `read_parquet` is to give, and the columns that come of it. */
  options?: readonly string[];
  extra?: readonly string[];
}

/** Base files as one relation with some of the table's columns, and perhaps more, as the table has them now. */
export async function presentFilesSql(
  state: TableState,
  { files, columns, options = [], extra = [] }: PresentFiles,
): Promise<string> {
  const to = columns.map((name) => findColumn(state.columns, name));
  const written = await historyOf(state).ofBase(state, [...files.values()]);
  const groups = Map.groupBy(files.keys(), (path) => {
    const file = files.get(path);
    return (file && written.get(file)) ?? state.columns;
  });
  if ([...groups.keys()].every((from) => isProjected(to, from))) {
    return readParquet([...files.keys()], ...options);
  }
  const selects = [...groups].map(([from, paths]) => {
    const list = [...extra.map((name) => `r.${name}`), ...projectionSql(to, { from, of: "r" })];
    return `SELECT ${list.join(", ")} FROM ${readParquet(paths, ...options)} r`;
  });
  return `(${selects.join(" UNION ALL ")})`;
}
