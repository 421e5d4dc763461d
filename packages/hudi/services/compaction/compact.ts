import type { DuckDBConnection } from "@duckdb/node-api";
import { writerOf } from "../../table/heartbeat.ts";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import { writeInstant } from "../../write/instant-writer.ts";
import { inTurn, underLock } from "../../write/turn.ts";
import { rollBack } from "../rollback.ts";
import { mergeSlices } from "./execute.ts";
import { type PendingCompaction, pendingCompactions, refuseBesideLogCompaction } from "./pending.ts";
import { checkMergeOnRead, type PlannedGroup, scheduleCompaction } from "./schedule.ts";
import type { CompactionStrategy } from "./strategy.ts";

export interface CompactOptions {
  /** The DuckDB connection that does the work; must not be used otherwise meanwhile. */
  connection: DuckDBConnection;
  /** What to plan and carry out beside the plans that are there; null: nothing. @default {} */
  schedule?: CompactionStrategy | null;
  /**
   * Whether to do again what another engine is at: its processes give no sign of life, so only you know that they are dead.
   * @default false
   */
  takeOver?: boolean;
  /** Tell what would be merged, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface CompactionResult {
  /** Of the plans carried out, oldest first; empty on a dry run. */
  instants: readonly string[];
  /** What was merged, or on a dry run would be. */
  groups: readonly PlannedGroup[];
  /** Of the plans that a process is at, of this library or of another engine. */
  inFlight: readonly string[];
}

/** See HudiTable.compact. */
export async function compact(state: TableState, options: CompactOptions): Promise<CompactionResult> {
  const { schedule = {}, takeOver = false, dryRun = false, lock } = options;
  checkMergeOnRead(state);
  const planned =
    schedule === null
      ? null
      : await scheduleCompaction(state, { strategy: schedule, dryRun, ...(lock && { lock }) });
  const pending = dryRun ? await seen(state) : await underLock(state, lock, () => free(state, { takeOver }));
  const waiting = pending.filter(({ instant }) => instant.state === "requested");
  const inFlight = pending.filter(({ instant }) => instant.state === "inflight");
  const groups: PlannedGroup[] = [];
  for (const one of waiting) groups.push(...(await groupsOf(state, one)));
  if (dryRun) groups.push(...(planned?.groups ?? []));
  else for (const one of waiting) await execute(state, one, options);
  return {
    instants: dryRun ? [] : waiting.map(({ instant }) => instant.timestamp),
    groups,
    inFlight: inFlight.map(({ instant }) => instant.timestamp),
  };
}

async function seen(state: TableState): Promise<PendingCompaction[]> {
  await state.refresh();
  return pendingCompactions(state);
}

/** What is planned, where the processes that died over it have been taken back. */
async function free(state: TableState, { takeOver }: { takeOver: boolean }): Promise<PendingCompaction[]> {
  refuseBesideLogCompaction(state);
  if (takeOver) {
    for (const { instant } of await pendingCompactions(state)) {
      const isForeign = (await writerOf(state, instant.timestamp)) === "unknown";
      if (instant.state === "inflight" && isForeign) await rollBack(state, instant);
    }
    await state.refresh();
  }
  return pendingCompactions(state);
}

/** Beside other writers: what they write meanwhile lies over what is merged. */
function execute(
  state: TableState,
  pending: PendingCompaction,
  { connection, lock }: CompactOptions,
): Promise<unknown> {
  return inTurn(state, { concurrency: "optimistic", lock }, (held) =>
    writeInstant(
      state,
      { action: "compaction", operationType: "COMPACT", compacted: true, requested: pending.instant, held },
      (_, attempt) => mergeSlices(state, connection, pending, attempt),
    ),
  );
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
