import { type RestoreMetadata, type RestorePlan, restoreMetadata, restorePlan } from "../../avro/restore.ts";
import { type RollbackMetadata, rollbackMetadata, rollbackPlan } from "../../avro/rollback.ts";
import type { TableState } from "../../table/table-state.ts";
import { type Action, completedAction, type Instant, pendingInstant } from "../../timeline/instant.ts";
import { carryOut, resumeRollback } from "../rollback.ts";
import { planUndo } from "./undo.ts";

/** Carries on what a process left that died while it restored the table. To be called under the table's lock. */
export async function resumeRestores(state: TableState): Promise<void> {
  const pending = () => state.timeline.pending().filter(({ action }) => action === "restore");
  if (pending().length === 0) return;
  for (const instant of state.timeline.pending()) {
    if (instant.action === "rollback") await resumeRollback(state, instant);
  }
  state.markStale();
  await state.refresh();
  for (const instant of pending()) {
    const requested: Instant = { ...instant, state: "requested" };
    const plan = await restorePlan.decode(await state.bytesOf(requested), state.instantPath(requested));
    await carryOutRestore(state, instant, plan);
  }
}

/** Does what a restore that is on the timeline as requested has planned, and has not done yet. */
export async function carryOutRestore(state: TableState, instant: Instant, plan: RestorePlan): Promise<void> {
  const { storage } = state;
  const startedMs = state.clock.nowMs();
  const inflight = state.instantPath({ ...instant, state: "inflight" });
  await storage.createIfAbsent(inflight, Buffer.alloc(0), { durable: false });
  const done = await rollbacksSince(state, instant);
  for (const { commitTime, action } of plan.instantsToRollback) {
    const target = state.timeline.instants.find(
      (one) =>
        one.timestamp === commitTime && completedAction(one.action) === completedAction(action as Action),
    );
    // a restore that died had undone it
    if (target) done.set(commitTime, await undo(state, target));
  }
  const metadata: RestoreMetadata = {
    startRestoreTime: instant.timestamp,
    timeTakenInMillis: state.clock.nowMs() - startedMs,
    instantsToRollback: plan.instantsToRollback.map(({ commitTime }) => commitTime),
    hoodieRestoreMetadata: Object.fromEntries([...done].map(([timestamp, one]) => [timestamp, [one]])),
    version: 1,
    restoreInstantInfo: plan.instantsToRollback,
  };
  await storage.createIfAbsent(
    state.instantPath(state.completing(instant)),
    await restoreMetadata.encode(metadata),
  );
  await forgetRollbacks(state, instant);
  state.markStale();
  await state.refresh();
}

async function undo(state: TableState, target: Instant): Promise<RollbackMetadata> {
  const plan = await planUndo(state, target);
  const rollback = pendingInstant(state.nextTimestamp(), "rollback");
  await state.storage.createIfAbsent(state.instantPath(rollback), await rollbackPlan.encode(plan));
  const { metadata, completed } = await carryOut(state, rollback, plan);
  const files = plan.RollbackRequests ?? [];
  state.undone(
    target,
    completed,
    files.flatMap(({ partitionPath, filesToBeDeleted }) =>
      filesToBeDeleted.map((path) => ({
        partition: partitionPath,
        name: path.slice(path.lastIndexOf("/") + 1),
      })),
    ),
  );
  return metadata;
}

/** What the rollbacks of a restore that died have done already, by the timestamp of what they undid. */
async function rollbacksSince(state: TableState, restore: Instant): Promise<Map<string, RollbackMetadata>> {
  const found = new Map<string, RollbackMetadata>();
  for (const instant of rollbacksOf(state, restore)) {
    const body = await rollbackMetadata.decode(await state.bytesOf(instant), state.instantPath(instant));
    for (const timestamp of body.commitsRollback) found.set(timestamp, body);
  }
  return found;
}

/** They stand in the restore's own body; of what is undone nothing is left on the timeline. */
async function forgetRollbacks(state: TableState, restore: Instant): Promise<void> {
  for (const rollback of rollbacksOf(state, restore)) {
    // one whose completed file went first would look unfinished
    for (const stage of ["requested", "inflight", "completed"] as const) {
      await state.storage.remove(state.instantPath({ ...rollback, state: stage }));
    }
  }
}

function rollbacksOf(state: TableState, restore: Instant): Instant[] {
  return state.timeline
    .completed()
    .filter(({ action, timestamp }) => action === "rollback" && timestamp > restore.timestamp);
}
