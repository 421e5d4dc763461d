import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import { horizonOf, type Retention } from "./horizon.ts";
import { planClean } from "./plan.ts";
import { beginClean, resumeCleans } from "./run.ts";
import { type RemovedFile, removedFiles, totalBytes } from "../removed-file.ts";
import { asService } from "../service-lock.ts";

export interface CleanOptions extends Retention {
  /** Tell what would go, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface CleanResult {
  /** Null when there was nothing to do, or on a dry run. */
  instant: string | null;
  /** The table can be read as of this instant and later ones; null when every instant is kept. */
  earliestRetained: string | null;
  /** How many files went. */
  files: number;
  bytes: number;
  removed: readonly RemovedFile[];
  /** Partitions of which nothing is left. */
  partitions: readonly string[];
}

/**
 * Deletes the base and log files that no reader of the retained past needs: in each file group all versions before the one
 * that held when the earliest retained write was made, with their log files; and file groups that a replace commit had
 * taken away by then. Files of savepoints stay, and those that a compaction or clustering under way is going to read. An
 * instant of its own, which a later clean carries out again if it died half way.
 * @throws HUDI_CLEAN_POLICY, HUDI_WRITE_CONFLICT (after-refresh), HUDI_TIMELINE_CORRUPT
 */
export async function clean(state: TableState, options: CleanOptions = {}): Promise<CleanResult> {
  if (options.dryRun) {
    await state.refresh();
    return { ...(await expired(state, options)).result, instant: null };
  }
  return asService(state, options.lock, async (held) => {
    await resumeCleans(state, held);
    const { task, result } = await expired(state, options);
    return result.files === 0 ? result : { ...result, instant: await beginClean(state, task, held) };
  });
}

async function expired(state: TableState, retention: Retention) {
  const task = await planClean(state, horizonOf(state, retention));
  const removed = await removedFiles(state, task.files);
  const result: CleanResult = {
    instant: null,
    earliestRetained: task.earliest?.timestamp ?? null,
    files: removed.length,
    bytes: totalBytes(removed),
    removed,
    partitions: task.partitions,
  };
  return { task, result };
}
