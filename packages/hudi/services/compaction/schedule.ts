import { GridlakeError, MIB } from "@gridlake/kernel";
import { type CompactionOperation, type CompactionPlan, compactionPlan } from "../../avro/compaction-plan.ts";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import { pendingInstant } from "../../timeline/instant.ts";
import { underLock } from "../../write/instant-writer.ts";
import { compactingAt, groupKey, pendingCompactions, refuseBesideLogCompaction } from "./pending.ts";
import { bytesIn, bytesOut, choose, type CompactionCandidate, type CompactionStrategy } from "./strategy.ts";

export interface ScheduleOptions {
  strategy?: CompactionStrategy;
  /** Tell what would be planned, and plan nothing. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

/** A file slice that a plan merges. */
export interface PlannedGroup {
  partition: string;
  fileId: string;
  logFiles: number;
  /** Of the base file and the log files. */
  bytesIn: number;
  /** An estimate: as many as the base file has, or the log files where there is none. */
  bytesOut: number;
}

export interface ScheduledCompaction {
  /** Null when no file group has log files to be merged, or on a dry run. */
  instant: string | null;
  groups: readonly PlannedGroup[];
}

/** By name; those that plans made by Hudi have had so far. */
const PLAN_VERSION = 2;

/** See HudiTable.scheduleCompaction. */
export async function scheduleCompaction(
  state: TableState,
  options: ScheduleOptions = {},
): Promise<ScheduledCompaction> {
  checkMergeOnRead(state);
  if (options.dryRun) {
    await state.refresh();
    const { chosen } = choose(await candidates(state), options.strategy);
    return { instant: null, groups: chosen.map(plannedGroup) };
  }
  return underLock(state, options.lock, async (held) => {
    refuseBesideLogCompaction(state);
    const { chosen, left } = choose(await candidates(state), options.strategy);
    if (chosen.length === 0) return { instant: null, groups: [] };
    const instant = pendingInstant(state.nextTimestamp(), "compaction");
    await held.assertHeld();
    await state.storage.createIfAbsent(
      state.instantPath(instant),
      await compactionPlan.encode(planOf({ chosen, left })),
    );
    await state.refresh();
    return { instant: instant.timestamp, groups: chosen.map(plannedGroup) };
  });
}

/** @throws HUDI_TABLE_UNSUPPORTED */
export function checkMergeOnRead({ basePath, config }: TableState): void {
  if (config.tableType === "MERGE_ON_READ") return;
  throw new GridlakeError(
    "HUDI_TABLE_UNSUPPORTED",
    `${basePath} is COPY_ON_WRITE: it has nothing to compact`,
    {
      remedy: "compact MERGE_ON_READ tables; small files of others are merged by clustering",
      details: { basePath },
    },
  );
}

/** The file slices with log files that no plan has yet. */
async function candidates(state: TableState): Promise<CompactionCandidate[]> {
  const { view, timeline } = state;
  const planned = compactingAt(await pendingCompactions(state));
  const found: CompactionCandidate[] = [];
  for (const slice of view.latestSlices(timeline)) {
    // from version 8 on a log file names its delta commit: one that is not complete is of the next slice
    const logs = slice.logs.filter((log) => timeline.isCommitted(log.instant));
    if (logs.length === 0 || planned.has(groupKey(slice))) continue;
    let logBytes = 0;
    for (const log of logs) logBytes += await state.sizeOf(log);
    const baseBytes = slice.base === null ? 0 : await state.sizeOf(slice.base);
    found.push({ slice: { ...slice, logs }, baseBytes, logBytes });
  }
  return found;
}

function planOf({ chosen, left }: ReturnType<typeof choose>): CompactionPlan {
  return {
    operations: chosen.map(operationOf),
    extraMetadata: {},
    version: PLAN_VERSION,
    preserveHoodieMetadata: false,
    missingSchedulePartitions: [...new Set(left.map(({ slice }) => slice.partition))],
  };
}

const megabytes = (bytes: number) => Math.floor(bytes / MIB);

function operationOf(candidate: CompactionCandidate): CompactionOperation {
  const { partition, fileId, baseInstant, base, logs } = candidate.slice;
  return {
    baseInstantTime: baseInstant,
    deltaFilePaths: logs.map((log) => log.name),
    dataFilePath: base?.name ?? null,
    fileId,
    partitionPath: partition,
    // under the names by which the strategies of Hudi weigh
    metrics: {
      TOTAL_LOG_FILES: logs.length,
      TOTAL_LOG_FILES_SIZE: candidate.logBytes,
      TOTAL_IO_READ_MB: megabytes(bytesIn(candidate)),
      TOTAL_IO_WRITE_MB: megabytes(bytesOut(candidate)),
      TOTAL_IO_MB: megabytes(bytesIn(candidate) + bytesOut(candidate)),
    },
  };
}

function plannedGroup(candidate: CompactionCandidate): PlannedGroup {
  const { partition, fileId, logs } = candidate.slice;
  return {
    partition,
    fileId,
    logFiles: logs.length,
    bytesIn: bytesIn(candidate),
    bytesOut: bytesOut(candidate),
  };
}
