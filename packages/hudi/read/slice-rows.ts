import { GridlakeError } from "@gridlake/kernel";
import type { FileSlice } from "../file-group/file-slice.ts";
import type { TableState } from "../table/table-state.ts";
import { type ColumnSelection, relationSql } from "./snapshot.ts";

/**
 * A parenthesised SELECT over the rows that these slices hold, base and log files merged, in the table's present columns;
 * `where` is SQL over these.
 */
export async function sliceRowsSql(
  state: TableState,
  slices: readonly FileSlice[],
  selection: ColumnSelection & { where?: string } = {},
): Promise<string> {
  if (slices.some(({ logs }) => logs.length > 0)) throw unmerged(state);
  return relationSql(
    state,
    slices.flatMap(({ base }) => base ?? []),
    selection,
  );
}

function unmerged({ basePath }: TableState): GridlakeError {
  return new GridlakeError("HUDI_TABLE_UNSUPPORTED", `${basePath} has log files`, {
    remedy: "compact the table with the engine that wrote them",
    details: { basePath },
  });
}
