import { GridlakeError } from "@gridlake/kernel";
import { restorePlan } from "../../avro/restore.ts";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions, WriteLock } from "../../table/write-lock.ts";
import { type Action, type Instant, pendingInstant } from "../../timeline/instant.ts";
import { type RemovedFile, removedFiles, totalBytes } from "../removed-file.ts";
import { rollBackPending } from "../rollback.ts";
import { readSavepoints } from "../savepoint/read.ts";
import { asService } from "../service-lock.ts";
import { finishServices } from "../unfinished.ts";
import { completedWrite, requireFiles } from "../write-instant.ts";
import { carryOutRestore } from "./run.ts";
import { stopWriters } from "./stop-writers.ts";
import { filesMadeBy, laterThan } from "./undo.ts";

export interface RestoreOptions {
  /** The timestamp of a completed write; that of a savepoint is its write's. */
  to: string;
  /** Tell what would go, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface RestoreResult {
  /** Null when the table is as of that write already, or on a dry run. */
  instant: string | null;
  /** The writes that are undone, in the order in which they are. They leave the timeline. */
  undone: readonly { timestamp: string; action: Action }[];
  /** How many files go. */
  files: number;
  bytes: number;
  removed: readonly RemovedFile[];
}

/** Of a plan that says what is restored to. */
const PLAN_VERSION = 2;

/**
 * Makes the table what it was as of a write: undoes all later ones, newest first. Readers see the table go back write by
 * write; writers that are at work get HUDI_WRITE_CONFLICT. One that died half way is carried on by the next writer, or by
 * the next restore.
 * @throws HUDI_INSTANT_MISSING, HUDI_INSTANT_CLEANED, HUDI_SAVEPOINT_LATER, HUDI_PENDING_ACTION,
 * HUDI_WRITE_CONFLICT (after-refresh)
 */
export async function restore(state: TableState, options: RestoreOptions): Promise<RestoreResult> {
  if (options.dryRun) {
    await state.refresh();
    return expected(state, await undoneBy(state, options.to));
  }
  return asService(state, options.lock, async (held) => {
    await finishServices(state);
    await rollBackPending(state);
    const write = completedWrite(state, options.to);
    if ((await undoneBy(state, options.to)).length === 0) return expected(state, []);
    await stopWriters(state, write);
    const undone = await undoneBy(state, options.to);
    const result = await expected(state, undone);
    return { ...result, instant: await begin(state, { to: options.to, undone, held }) };
  });
}

/** @throws as restore */
async function undoneBy(state: TableState, to: string): Promise<Instant[]> {
  const write = completedWrite(state, to);
  await requireFiles(state, write);
  const undone = laterThan(state, write);
  const saved = new Set((await readSavepoints(state)).map(({ instant }) => instant));
  const inTheWay = undone.find(({ timestamp }) => saved.has(timestamp));
  if (inTheWay === undefined) return undone;
  throw new GridlakeError(
    "HUDI_SAVEPOINT_LATER",
    `${state.basePath} has a savepoint at ${inTheWay.timestamp}, after ${to}`,
    {
      remedy: "restore to that savepoint, or delete it first",
      status: 409,
      details: { basePath: state.basePath, to, savepoint: inTheWay.timestamp },
    },
  );
}

async function expected(state: TableState, undone: readonly Instant[]): Promise<RestoreResult> {
  const made = (await Promise.all(undone.map((instant) => filesMadeBy(state, instant)))).flat();
  const removed = await removedFiles(
    state,
    made.filter(({ isShared }) => !isShared),
  );
  return {
    instant: null,
    undone: undone.map(({ timestamp, action }) => ({ timestamp, action })),
    files: removed.length,
    bytes: totalBytes(removed),
    removed,
  };
}

async function begin(
  state: TableState,
  { to, undone, held }: { to: string; undone: readonly Instant[]; held: WriteLock },
): Promise<string> {
  const instant = pendingInstant(state.nextTimestamp(), "restore");
  const plan = {
    instantsToRollback: undone.map(({ timestamp, action }) => ({ commitTime: timestamp, action })),
    version: PLAN_VERSION,
    savepointToRestoreTimestamp: to,
  };
  await held.assertHeld();
  await state.storage.createIfAbsent(state.instantPath(instant), await restorePlan.encode(plan));
  await state.refresh();
  await carryOutRestore(state, instant, plan);
  return instant.timestamp;
}
