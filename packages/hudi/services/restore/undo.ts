import type { RollbackPlan } from "../../avro/rollback.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Action, Instant } from "../../timeline/instant.ts";

/** A file that a write made, or wrote to. */
export interface MadeFile {
  partition: string;
  fileId: string;
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

const UNDONE: ReadonlySet<Action> = new Set<Action>([
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

/** What a write has made, by the names of files and, for log files of layout 1, which are not named by it, by its body. */
export async function filesMadeBy(state: TableState, write: Instant): Promise<MadeFile[]> {
  const { view, config } = state;
  const found: MadeFile[] = [];
  for (const group of view.groups()) {
    const logs = config.layout.version === 1 ? [] : group.logs;
    for (const { partition, fileId, path, sizeBytes, instant } of [...group.bases, ...logs]) {
      if (instant === write.timestamp) found.push({ partition, fileId, path, sizeBytes, isShared: false });
    }
  }
  if (config.layout.version === 1 && write.state === "completed") {
    const { partitionToWriteStats } = await state.metadataOf(write);
    for (const { partitionPath, fileId, path, logOffset, fileSizeInBytes } of Object.values(
      partitionToWriteStats,
    ).flat()) {
      if (path.endsWith(".parquet")) continue;
      const isShared = (logOffset ?? 0) > 0;
      found.push({ partition: partitionPath, fileId, path, sizeBytes: fileSizeInBytes, isShared });
    }
  }
  return found;
}

/** How a write is undone: its own files go, and what it appended to others' is taken back by a block behind it. */
export async function planUndo(state: TableState, write: Instant): Promise<RollbackPlan> {
  const made = await filesMadeBy(state, write);
  return {
    instantToRollback: { commitTime: write.timestamp, action: write.action },
    RollbackRequests: made.map(({ partition, fileId, path, sizeBytes, isShared }) => ({
      partitionPath: partition,
      fileId,
      latestBaseInstant: null,
      filesToBeDeleted: isShared ? [] : [state.storage.uriOf(`${state.basePath}/${path}`)],
      logBlocksToBeDeleted: isShared
        ? { [state.storage.uriOf(`${state.basePath}/${path}`)]: sizeBytes ?? 1 }
        : null,
    })),
    version: 1,
  };
}
