import type { RollbackPlan } from "../../avro/rollback.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Action, Instant } from "../../timeline/instant.ts";
import { removal, takingBack } from "../rollback-plan.ts";

/** A file that a write made, or wrote to. */
export interface MadeFile {
  /** Relative to the table. */
  path: string;
  sizeBytes: number | null;
  /** Whether earlier writes are in it too: an engine appended to a log file that was there. */
  isShared: boolean;
}

/**
 * The writes after this one, complete or planned, in the order in which they are to be undone. What a compaction merges it
 * has settled when it is planned: it comes after the writes before its timestamp, whenever it is complete.
 */
export function laterThan(state: TableState, write: Instant): Instant[] {
  const isLater = (one: Instant) => {
    const byRequest = one.state !== "completed" || isCompaction(state, one) || isCompaction(state, write);
    return byRequest ? one.timestamp > write.timestamp : timeOf(one) > timeOf(write);
  };
  return state.timeline.instants
    .filter((one) => UNDONE.has(one.action) && one.timestamp !== write.timestamp && isLater(one))
    .toSorted((a, b) => (timeOf(a) > timeOf(b) ? -1 : 1));
}

/** What makes files, complete or not. */
export const UNDONE: ReadonlySet<Action> = new Set<Action>([
  "commit",
  "deltacommit",
  "replacecommit",
  "compaction",
  "logcompaction",
  "clustering",
]);

const timeOf = ({ timestamp, completedAt }: Instant) => completedAt ?? timestamp;

function isCompaction({ config }: TableState, { action }: Instant): boolean {
  return config.tableType === "MERGE_ON_READ" && (action === "commit" || action === "compaction");
}

/**
 * What a write has made, by the names of files and by what it says itself: a log file of layout 1, which a table that was
 * upgraded has too, is not named by its write.
 */
export async function filesMadeBy(state: TableState, write: Instant): Promise<MadeFile[]> {
  const { view, config } = state;
  const found = new Map<string, MadeFile>();
  for (const group of view.groups()) {
    const logs = config.layout.version === 1 ? [] : group.logs;
    for (const { path, sizeBytes, instant } of [...group.bases, ...logs]) {
      if (instant === write.timestamp) found.set(path, { path, sizeBytes, isShared: false });
    }
  }
  if (config.tableType === "MERGE_ON_READ" && write.state === "completed") {
    const { partitionToWriteStats } = await state.metadataOf(write);
    for (const { path, logOffset, fileSizeInBytes } of Object.values(partitionToWriteStats).flat()) {
      const isShared = (logOffset ?? 0) > 0;
      if (!path.endsWith(".parquet")) found.set(path, { path, sizeBytes: fileSizeInBytes, isShared });
    }
  }
  return [...found.values()];
}

/** How a write is undone: its own files go, and what it appended to others' is taken back by a block behind it. */
export async function planUndo(state: TableState, write: Instant): Promise<RollbackPlan> {
  const made = await filesMadeBy(state, write);
  return {
    instantToRollback: { commitTime: write.timestamp, action: write.action },
    RollbackRequests: made.map(({ path, sizeBytes, isShared }) =>
      isShared ? takingBack(state, { path, sizeBytes: sizeBytes ?? 1 }) : removal(state, path),
    ),
    version: 1,
  };
}
