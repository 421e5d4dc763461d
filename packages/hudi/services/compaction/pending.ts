import { GridlakeError } from "@gridlake/kernel";
import { type CompactionOperation, compactionPlan } from "../../avro/compaction-plan.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Instant } from "../../timeline/instant.ts";

/** A file slice that a plan is going to merge into a base file of the plan's instant. */
export interface PlannedSlice {
  partition: string;
  fileId: string;
  /** The name of its base file; null when it has none. */
  base: string | null;
  /** The names of its log files. */
  logs: readonly string[];
}

/** A compaction that is planned, by whatever engine, and not complete. */
export interface PendingCompaction {
  instant: Instant;
  slices: readonly PlannedSlice[];
}

/**
 * The plans on the timeline that are not carried out yet, oldest first.
 * @throws HUDI_TIMELINE_CORRUPT naming the file, HUDI_FILE_MISSING
 */
export async function pendingCompactions(state: TableState): Promise<PendingCompaction[]> {
  const found: PendingCompaction[] = [];
  for (const instant of state.timeline.pending()) {
    if (instant.action !== "compaction") continue;
    const requested: Instant = { ...instant, state: "requested" };
    const { operations } = await compactionPlan.decode(
      await state.bytesOf(requested),
      state.instantPath(requested),
    );
    found.push({ instant, slices: (operations ?? []).map(plannedSlice) });
  }
  return found;
}

/**
 * Another engine's log compaction, once it is complete, would lay what it merged over a base file that is made meanwhile.
 * @throws HUDI_PENDING_ACTION (later)
 */
export function refuseBesideLogCompaction({ timeline, basePath }: TableState): void {
  const pending = timeline.pending().find(({ action }) => action === "logcompaction");
  if (pending === undefined) return;
  const { timestamp } = pending;
  throw new GridlakeError(
    "HUDI_PENDING_ACTION",
    `${basePath} has the unfinished log compaction ${timestamp}`,
    {
      remedy: "let the engine that began it finish it or roll it back, then try again",
      retry: "later",
      status: 409,
      details: { basePath, timestamp },
    },
  );
}

/** The instant of the compaction that is going to merge a file group, by `groupKey`. */
export function compactingAt(pending: readonly PendingCompaction[]): Map<string, string> {
  return new Map(
    pending.flatMap(({ instant, slices }) =>
      slices.map((slice): [string, string] => [groupKey(slice), instant.timestamp]),
    ),
  );
}

/** Tells file groups apart. */
export function groupKey({ partition, fileId }: { partition: string; fileId: string }): string {
  return `${partition}/${fileId}`;
}

function plannedSlice(operation: CompactionOperation): PlannedSlice {
  const { partitionPath, fileId, dataFilePath, deltaFilePaths } = operation;
  return {
    partition: partitionPath ?? "",
    fileId: fileId ?? "",
    // version 1 of the plan has whole paths
    base: dataFilePath === null || dataFilePath === "" ? null : nameOf(dataFilePath),
    logs: (deltaFilePaths ?? []).map(nameOf),
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
