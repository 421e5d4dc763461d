import { hasCode } from "@gridlake/kernel";
import type { Column } from "../schema/column.ts";
import { rollBackPending } from "../services/rollback.ts";
import { finishServices } from "../services/unfinished.ts";
import { retireMetadataTable } from "../table/metadata-table.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { writeConflict } from "./refusals.ts";

/**
 * `exclusive`: the table's lock is held from the first look at the table to the last step.
 * `optimistic`: it is held to begin and to complete, and files are written beside other writers; of two that touch the same
 * rows the one that would complete second gets HUDI_WRITE_CONFLICT.
 */
export type Concurrency = "exclusive" | "optimistic";

export interface TurnOptions {
  /** @default "exclusive" */
  concurrency?: Concurrency | undefined;
  lock?: LockOptions | undefined;
}

/** What an optimistic write goes by: the table as it was when it first looked. */
export interface OptimisticTurn {
  /** Timestamps of the completed writes. */
  readonly seen: ReadonlySet<string>;
  /** Timestamps of what was planned and not complete. */
  readonly planned: ReadonlySet<string>;
  readonly columns: readonly Column[];
  readonly lock: LockOptions | undefined;
}

/** The right to write an instant. */
export type Turn = WriteLock | OptimisticTurn;

/** Runs `act` as the table's only writer, in a table that no dead writer's unfinished instant is left in. */
export async function underLock<R>(
  state: TableState,
  lockOptions: LockOptions | undefined,
  act: (held: WriteLock) => Promise<R>,
): Promise<R> {
  const held = await WriteLock.acquire(state, lockOptions);
  try {
    await retireMetadataTable(state);
    await state.refresh();
    await finishServices(state);
    await rollBackPending(state);
    return await act(held);
  } finally {
    await held.release();
  }
}

/** Runs `act` with the right to write, on the table as it is now. */
export async function inTurn<R>(
  state: TableState,
  { concurrency, lock }: TurnOptions,
  act: (turn: Turn) => Promise<R>,
): Promise<R> {
  if (concurrency !== "optimistic") return underLock(state, lock, act);
  await state.refresh();
  const { timeline, columns } = state;
  const turn: OptimisticTurn = {
    seen: new Set(timeline.writes().map(({ timestamp }) => timestamp)),
    planned: new Set(timeline.pending().map(({ timestamp }) => timestamp)),
    columns,
    lock,
  };
  try {
    return await act(turn);
  } catch (error) {
    throw await asConflict(state, error, { before: timeline });
  }
}

/** DuckDB's words for a file that is gone, and ours. */
const FILE_GONE = /No files found that match|No such file or directory/;

/** A clean may take a file that others have superseded meanwhile: what fails by that has to begin anew, not to be mended. */
async function asConflict(
  state: TableState,
  error: unknown,
  { before }: { before: Timeline },
): Promise<unknown> {
  const isGone =
    hasCode(error, "HUDI_FILE_MISSING") || (error instanceof Error && FILE_GONE.test(error.message));
  if (!isGone) return error;
  await state.refresh();
  const known = new Set(before.completed().map(({ timestamp }) => timestamp));
  const isChanged = state.timeline.completed().some(({ timestamp }) => !known.has(timestamp));
  return isChanged ? writeConflict(`${state.basePath}: others superseded a file that it read`, error) : error;
}
