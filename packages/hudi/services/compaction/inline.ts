import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import type { CommitOptions, CommitResult } from "../../write/commit.ts";
import { compact, type CompactionResult } from "./compact.ts";
import type { CompactionStrategy } from "./strategy.ts";

export interface InlineCompaction {
  /** The commit after which there are so many delta commits since the last plan also compacts; at least 1. */
  afterDeltaCommits: number;
  strategy?: CompactionStrategy;
}

export interface InlineCompactionResult extends CompactionResult {
  /** Why it came to nothing; what was committed stands, and the next compaction goes on. Null: it did not fail. */
  failure: Error | null;
}

/** Compacts after a commit, if it is time to. */
export async function compactInline(
  state: TableState,
  committed: CommitResult,
  { connection, compaction, lock }: CommitOptions,
): Promise<CommitResult> {
  if (compaction === undefined || state.config.tableType !== "MERGE_ON_READ") return committed;
  const { afterDeltaCommits, strategy = {} } = compaction;
  if (deltaCommits(state) < Math.max(1, afterDeltaCommits)) return committed;
  const lockOptions: { lock?: LockOptions } = lock === undefined ? {} : { lock };
  try {
    const done = await compact(state, { connection, schedule: strategy, ...lockOptions });
    return { ...committed, compaction: { ...done, failure: null } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...committed, compaction: { instants: [], groups: [], inFlight: [], failure: error } };
  }
}

/** Completed since the last compaction was planned. */
function deltaCommits({ timeline }: TableState): number {
  // in a MERGE_ON_READ table what completes as a commit was a compaction
  const planned = timeline.instants.findLast(({ action }) => action === "compaction" || action === "commit");
  const since = planned?.timestamp ?? "";
  return timeline.writes().filter(({ action, timestamp }) => action === "deltacommit" && timestamp > since)
    .length;
}
