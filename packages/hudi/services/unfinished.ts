import type { TableState } from "../table/table-state.ts";
import { resumeRestores } from "./restore/run.ts";
import { forgetUnfinished } from "./savepoint/savepoint.ts";

/**
 * Ends what processes left that died in a table service which has to be whole before anything is written: a restore is
 * carried on, a savepoint forgotten. To be called under the table's lock.
 */
export async function finishServices(state: TableState): Promise<void> {
  await forgetUnfinished(state);
  await resumeRestores(state);
}
