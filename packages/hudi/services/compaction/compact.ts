import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import { underLock, writeInstant } from "../../write/instant-writer.ts";
import { discardMerged, mergeSlices } from "./execute.ts";
import { type PendingCompaction, pendingCompactions } from "./pending.ts";
import { checkMergeOnRead, type PlannedGroup, scheduleCompaction } from "./schedule.ts";
import type { CompactionStrategy } from "./strategy.ts";

export interface CompactOptions {
  /** The DuckDB connection that does the work; must not be used otherwise meanwhile. */
  connection: DuckDBConnection;
  /** What to plan and carry out beside the plans that are there; null: nothing. @default {} */
  schedule?: CompactionStrategy | null;
  /** Tell what would be merged, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface CompactionResult {
  /** Of the plans carried out, oldest first; empty on a dry run. */
  instants: readonly string[];
  /** What was merged, or on a dry run would be; of plans of other engines the bytes are those of now. */
  groups: readonly PlannedGroup[];
}

/** See HudiTable.compact. */
export async function compact(state: TableState, options: CompactOptions): Promise<CompactionResult> {
  const { schedule = {}, dryRun = false, lock } = options;
  checkMergeOnRead(state);
  const lockOptions = lock === undefined ? {} : { lock };
  const planned =
    schedule === null
      ? null
      : await scheduleCompaction(state, { strategy: schedule, dryRun, ...lockOptions });
  await state.refresh();
  const pending = await pendingCompactions(state);
  const fresh = planned?.groups ?? [];
  const others = pending.filter(({ instant }) => instant.timestamp !== planned?.instant);
  const groups = [...(await Promise.all(others.map((one) => groupsOf(state, one)))).flat(), ...fresh];
  if (dryRun) return { instants: [], groups };
  for (const one of pending) await execute(state, one, options);
  return { instants: pending.map(({ instant }) => instant.timestamp), groups };
}

async function execute(
  state: TableState,
  { instant }: PendingCompaction,
  { connection, lock }: CompactOptions,
): Promise<void> {
  await underLock(state, lock, async (held) => {
    // another process may have carried it out meanwhile
    const pending = (await pendingCompactions(state)).find(
      (one) => one.instant.timestamp === instant.timestamp,
    );
    if (!pending) return;
    if (pending.instant.state === "inflight") await discardMerged(state, pending);
    await writeInstant(
      state,
      { action: "compaction", operationType: "COMPACT", compacted: true, requested: pending.instant, held },
      () => mergeSlices(state, connection, pending),
    );
  });
}

async function groupsOf(state: TableState, { slices }: PendingCompaction): Promise<PlannedGroup[]> {
  const groups: PlannedGroup[] = [];
  for (const { partition, fileId, base, logs } of slices) {
    const group = state.view.group(partition, fileId);
    const baseFile = group?.bases.find(({ name }) => name === base);
    let logBytes = 0;
    for (const log of group?.logs ?? []) if (logs.includes(log.name)) logBytes += await state.sizeOf(log);
    const baseBytes = baseFile ? await state.sizeOf(baseFile) : 0;
    groups.push({
      partition,
      fileId,
      logFiles: logs.length,
      bytesIn: baseBytes + logBytes,
      bytesOut: baseBytes || logBytes,
    });
  }
  return groups;
}
