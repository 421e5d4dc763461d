import { GridlakeError } from "@gridlake/kernel";
import {
  type InstantInfo,
  type RollbackMetadata,
  rollbackMetadata,
  type RollbackPlan,
  rollbackPlan,
} from "../avro/rollback.ts";
import { forget, giveUp } from "../table/heartbeat.ts";
import type { TableState } from "../table/table-state.ts";
import {
  type Action,
  actionsBefore,
  completedAction,
  type Instant,
  pendingInstant,
} from "../timeline/instant.ts";
import { markerDirectory } from "../timeline/timeline.ts";
import { removeWithChecksum } from "./checksum-file.ts";
import { fateOf } from "./pending-write.ts";
import { relativeToTable } from "./plan-path.ts";
import { writeConflict } from "../write/refusals.ts";
import { planRollback } from "./rollback-plan.ts";
import { takeBack } from "./take-back.ts";

/**
 * Undoes what dead writers began and did not complete. To be called under the table's lock. A rollback is an instant of its
 * own: requested with its plan, carried out, completed; one that died half way is carried out again by its plan. Ours and
 * Hudi's own read each other's plans. Of a compaction its files go, and its plan stays to be carried out.
 * @throws HUDI_PENDING_ACTION for what only the engine that began it can finish, HUDI_TIMELINE_CORRUPT
 */
export async function rollBackPending(state: TableState): Promise<void> {
  const rollbacks = state.timeline.pending().filter(({ action }) => action === "rollback");
  for (const pending of rollbacks) await resumeRollback(state, pending);
  if (rollbacks.length > 0) await state.refresh();
  let undone = rollbacks.length;
  for (const pending of state.timeline.pending()) {
    const fate = await fateOf(state, pending);
    if (fate === "refuse") throw pendingAction(state, pending);
    if (fate === "leave") continue;
    await rollBack(state, pending);
    undone += 1;
  }
  if (undone === 0) return;
  state.markStale();
  await state.refresh();
}

/** Undoes an unfinished write, unless its writer completes it before it can be kept from that. To be called under the lock. */
export async function rollBack(state: TableState, target: Instant): Promise<void> {
  await giveUp(state, target.timestamp);
  await state.refresh();
  const isPending = state.timeline.pending().some((one) => one.timestamp === target.timestamp);
  if (!isPending) return forget(state, target.timestamp);
  const plan = await planRollback(state, target);
  const rollback = pendingInstant(state.nextTimestamp(), "rollback");
  await state.storage.createIfAbsent(state.instantPath(rollback), await rollbackPlan.encode(plan));
  await state.refresh();
  await carryOut(state, rollback, plan);
}

/** Carries out again what died half way, by its plan. @throws HUDI_PENDING_ACTION, HUDI_TIMELINE_CORRUPT */
export async function resumeRollback(state: TableState, pending: Instant): Promise<void> {
  const path = state.instantPath({ ...pending, state: "requested" });
  const bytes = await state.storage.read(path);
  if (bytes === null || bytes.length === 0) throw pendingAction(state, pending);
  await carryOut(state, pending, await rollbackPlan.decode(bytes, path));
}

/** Does what a rollback that is on the timeline as requested has planned. */
export async function carryOut(
  state: TableState,
  rollback: Instant,
  plan: RollbackPlan,
): Promise<{ metadata: RollbackMetadata; completed: Instant }> {
  const { storage, basePath } = state;
  const target = plan.instantToRollback;
  if (target === null) throw pendingAction(state, rollback);
  await assertPending(state, rollback);
  const startedMs = state.clock.nowMs();
  await storage.createIfAbsent(state.instantPath({ ...rollback, state: "inflight" }), Buffer.alloc(0), {
    durable: false,
  });
  await keepFromCompleting(state, target.commitTime);
  if (isOvertaken(state, target)) {
    await withdraw(state, rollback);
    throw writeConflict(`the ${target.action} ${target.commitTime} was completed by another process`);
  }
  await uncomplete(state, target);
  const deleted = new Map<string, string[]>();
  for (const request of plan.RollbackRequests ?? []) {
    for (const file of Object.keys(request.logBlocksToBeDeleted ?? {})) {
      await takeBack(state, { log: relativeToTable(basePath, file), rollback, target: target.commitTime });
    }
    for (const file of request.filesToBeDeleted) {
      const local = relativeToTable(basePath, file);
      await storage.remove(`${basePath}/${local}`);
      deleted.set(request.partitionPath, [
        ...(deleted.get(request.partitionPath) ?? []),
        `${basePath}/${local}`,
      ]);
    }
  }
  await storage.removeTree(markerDirectory(basePath, target.commitTime));
  // the files are gone before their instant is: else a crash between would leave files that nothing tells of
  for (const action of actionsBefore(completedAction(target.action as Action))) {
    for (const stage of keepsPlan(state, action)
      ? (["inflight"] as const)
      : (["inflight", "requested"] as const)) {
      await storage.remove(state.instantPath(pendingInstant(target.commitTime, action, stage)));
    }
  }
  const metadata: RollbackMetadata = {
    startRollbackTime: rollback.timestamp,
    timeTakenInMillis: state.clock.nowMs() - startedMs,
    totalFilesDeleted: [...deleted.values()].flat().length,
    commitsRollback: [target.commitTime],
    partitionMetadata: Object.fromEntries(
      [...deleted].map(([partitionPath, successDeleteFiles]) => [
        partitionPath,
        {
          partitionPath,
          successDeleteFiles,
          failedDeleteFiles: [],
          rollbackLogFiles: null,
          logFilesFromFailedCommit: null,
        },
      ]),
    ),
    version: 1,
    instantsRollback: [target],
  };
  const completed = state.completing(rollback);
  await storage.createIfAbsent(state.instantPath(completed), await rollbackMetadata.encode(metadata));
  await forget(state, target.commitTime);
  return { metadata, completed };
}

/** A process that was held up may find that another one has carried it out. */
async function assertPending(state: TableState, { timestamp }: Instant): Promise<void> {
  await state.refresh();
  const isPending = state.timeline.pending().some((one) => one.timestamp === timestamp);
  if (!isPending) throw writeConflict(`the rollback ${timestamp} was carried out by another process`);
}

/** Whoever planned it may have taken a writer for dead that is at work; a restore asks no writer. */
async function keepFromCompleting(state: TableState, timestamp: string): Promise<void> {
  if (!state.timeline.pending().some((one) => one.timestamp === timestamp)) return;
  await giveUp(state, timestamp);
  await state.refresh();
}

/**
 * Of a compaction that is not complete an attempt is undone, and its plan stays; whoever was held up over that may find the plan
 * carried out by another. What undoes a completed one calls it a commit.
 */
function isOvertaken({ timeline }: TableState, { commitTime, action }: InstantInfo): boolean {
  if (action !== "compaction" && action !== "logcompaction") return false;
  const completed = completedAction(action);
  return timeline.completed().some((one) => one.timestamp === commitTime && one.action === completed);
}

/** Takes a rollback off the timeline that has nothing to undo. */
async function withdraw(state: TableState, rollback: Instant): Promise<void> {
  if (state.timeline.completed().some(({ timestamp }) => timestamp === rollback.timestamp)) return;
  for (const stage of ["inflight", "requested"] as const) {
    await state.storage.remove(state.instantPath({ ...rollback, state: stage }));
  }
}

/** A restore undoes completed writes too: from here on it is none, and no reader sees it. */
async function uncomplete(state: TableState, { commitTime, action }: InstantInfo): Promise<void> {
  const completed = state.timeline
    .completed()
    .filter((one) => one.timestamp === commitTime && one.action === completedAction(action as Action));
  for (const instant of completed) await removeWithChecksum(state.storage, state.instantPath(instant));
  if (completed.length > 0) await state.storage.syncDirectory(state.timelineDirectory);
}

/** What is planned is still to be done: log files may name the plan's instant. A restore goes back before the plan. */
function keepsPlan({ timeline }: TableState, action: Action): boolean {
  const isRestoring = timeline.pending().some((instant) => instant.action === "restore");
  return !isRestoring && (action === "compaction" || action === "logcompaction");
}

function pendingAction({ basePath }: TableState, { timestamp, action }: Instant): GridlakeError {
  return new GridlakeError("HUDI_PENDING_ACTION", `${basePath} has the unfinished ${action} ${timestamp}`, {
    remedy: "finish it or roll it back with the engine that began it",
    details: { basePath, timestamp, action },
  });
}
