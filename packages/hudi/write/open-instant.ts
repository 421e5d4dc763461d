import { writeFile } from "node:fs/promises";
import type { BaseFile } from "../file-group/base-file.ts";
import type { LogFile } from "../file-group/file-slice.ts";
import { toAvroSchema } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";
import { giveUp, Heartbeat, sweepHeartbeats } from "../table/heartbeat.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteLock } from "../table/write-lock.ts";
import type { CommitMetadata, WriteStat } from "../timeline/commit-metadata.ts";
import { type Action, type Instant, pendingInstant } from "../timeline/instant.ts";
import { markerDirectory } from "../timeline/timeline.ts";
import { Attempt, givenUp } from "./attempt.ts";
import { readMarkers } from "./marker.ts";
import { checkExtraMetadata, writeConflict } from "./refusals.ts";
import type { Concurrency } from "./turn.ts";

/** What a write has written, durable but for its instant. */
export interface Written {
  stats: readonly WriteStat[];
  bases: readonly BaseFile[];
  logs?: readonly LogFile[];
  /** The ids of the file groups that go, by partition. */
  replaced?: Readonly<Record<string, readonly string[]>>;
}

export interface NewInstant {
  /** As of layout 2; in layout 1, where there is no such action, a `clustering` is a `replacecommit`. */
  action: Action;
  /** As Hudi spells it: "UPSERT", "INSERT_OVERWRITE", "COMPACT". */
  operationType: string;
  extraMetadata?: Readonly<Record<string, string>>;
  /** The columns that the table has from this instant on. @default those it has */
  columns?: readonly Column[];
  /** Whether it merges log files into base files. @default false */
  compacted?: boolean;
  /** A plan, as the requested file has it. @default empty */
  requestedBody?: Buffer;
  /** The instant, if it is on the timeline as requested already: a scheduled compaction. @default a new one */
  requested?: Instant;
}

/** An instant that is announced, and not complete. */
export interface OpenInstant {
  readonly requested: Instant;
  /** Whether it was on the timeline before, and another attempt at it may follow this one. */
  readonly isPlanned: boolean;
  readonly heartbeat: Heartbeat;
  readonly attempt: Attempt;
  readonly metadata: CommitMetadata;
  /** Whether it may have been completed. */
  isCompleting: boolean;
}

/** What these do was planned before, in the requested file; Hudi leaves their inflight file empty. */
const PLANNED = new Set(["COMPACT", "LOG_COMPACT", "CLUSTER"]);

/**
 * Announces an instant, so that whatever it writes can be found and rolled back. To be called under the table's lock.
 * @throws HUDI_METADATA_KEY
 */
export async function openInstant(
  state: TableState,
  options: NewInstant,
  mode: Concurrency,
): Promise<OpenInstant> {
  const { storage, timeline } = state;
  const metadata = metadataOf(state, options);
  if (options.requested) checkPlanned(state, options.requested);
  const requested = options.requested ?? newInstant(state, options.action);
  const { timestamp } = requested;
  const pending = new Set(timeline.pending().map((instant) => instant.timestamp));
  await sweepHeartbeats(state, (name) => pending.has(name));
  const heartbeat = await Heartbeat.start(state, { timestamp, mode });
  try {
    const inflight = state.instantPath({ ...requested, state: "inflight" });
    const body = PLANNED.has(options.operationType)
      ? Buffer.alloc(0)
      : await state.encodeCommit({ ...metadata, extraMetadata: {} });
    const plan = options.requestedBody ?? Buffer.alloc(0);
    await storage.createIfAbsent(state.instantPath(requested), plan, { durable: false });
    await storage.createIfAbsent(inflight, body, { durable: false });
    await storage.syncDirectory(state.timelineDirectory);
    const isPlanned = options.requested !== undefined;
    const attempt = new Attempt(timestamp, heartbeat);
    return { requested, isPlanned, heartbeat, attempt, metadata, isCompleting: false };
  } catch (error) {
    heartbeat.halt();
    throw error;
  }
}

/** Whether a plan is still to be carried out, and nobody is at it. @throws HUDI_WRITE_CONFLICT */
function checkPlanned({ timeline, basePath }: TableState, { timestamp, action }: Instant): void {
  const instant = timeline.pending().find((one) => one.timestamp === timestamp && one.action === action);
  // a dead process's attempt has been rolled back by now
  if (instant?.state === "requested") return;
  const why = instant ? "is being carried out by another process" : "was carried out or taken back meanwhile";
  throw writeConflict(`${basePath}: the ${action} ${timestamp} ${why}`);
}

/** Takes in what the instant has written, and lays its completed file ready. From here on whoever takes the lock over gives it up. */
export async function prepare(state: TableState, open: OpenInstant, written: Written): Promise<void> {
  const { metadata, heartbeat } = open;
  for (const stat of written.stats) (metadata.partitionToWriteStats[stat.partitionPath] ??= []).push(stat);
  if (written.replaced) {
    metadata.partitionToReplaceFileIds = Object.fromEntries(
      Object.entries(written.replaced).map(([partition, ids]) => [partition, [...ids]]),
    );
  }
  const staged = await state.storage.stage(heartbeat.completingPath);
  await writeFile(staged.localPath, await state.encodeCommit(metadata));
  await staged.publish();
}

/** Makes a prepared instant complete: the step at which readers see it. @throws HUDI_WRITE_CONFLICT */
export async function complete(
  state: TableState,
  open: OpenInstant,
  { written, held }: { written: Written; held: WriteLock },
): Promise<Instant> {
  const { storage, basePath } = state;
  const { requested, heartbeat, metadata } = open;
  const { timestamp } = requested;
  await held.assertHeld();
  if (!(await heartbeat.isOurs())) throw givenUp(timestamp);
  const completed = state.completing(requested);
  open.isCompleting = true;
  if (!(await storage.rename(heartbeat.completingPath, state.instantPath(completed)))) {
    open.isCompleting = false;
    throw givenUp(timestamp);
  }
  await storage.syncDirectory(state.timelineDirectory);
  state.committed(completed, metadata, { bases: written.bases, logs: written.logs ?? [] });
  await heartbeat.stop();
  if (written.stats.length > 0) await storage.removeTree(markerDirectory(basePath, timestamp));
  return completed;
}

/**
 * After a failure: what was written is invisible, and the next writer rolls it back before anything else. Never fails itself:
 * the storage may be what failed, and then the heartbeat ends with this process, or in time.
 */
export async function abandon(state: TableState, open: OpenInstant): Promise<void> {
  const { timestamp } = open.requested;
  open.heartbeat.halt();
  state.markStale();
  try {
    if (open.isCompleting) return;
    if (await open.heartbeat.isOurs()) await giveUp(state, timestamp);
    else await removeOwn(state, open);
  } catch {
    return;
  }
}

/** What this process has written of an instant after another one had rolled it back. */
async function removeOwn(
  state: TableState,
  { requested, isPlanned, heartbeat, attempt }: OpenInstant,
): Promise<void> {
  const { storage, basePath } = state;
  await storage.remove(heartbeat.completingPath);
  for (const path of attempt.made) await storage.remove(`${basePath}/${path}`);
  // of a plan that is carried out again the markers are another process's
  if (isPlanned) return;
  for (const { path } of await readMarkers(state, requested.timestamp)) {
    await storage.remove(`${basePath}/${path}`);
  }
  await storage.removeTree(markerDirectory(basePath, requested.timestamp));
}

function metadataOf(state: TableState, options: NewInstant): CommitMetadata {
  checkExtraMetadata(options.extraMetadata);
  const schema = toAvroSchema(state.config.name, options.columns ?? state.columns);
  return {
    partitionToWriteStats: {},
    compacted: options.compacted ?? false,
    extraMetadata: { ...options.extraMetadata, schema: JSON.stringify(schema) },
    operationType: options.operationType,
  };
}

function newInstant(state: TableState, action: Action): Instant {
  const named = action === "clustering" && state.config.layout.version === 1 ? "replacecommit" : action;
  return pendingInstant(state.nextTimestamp(), named);
}
