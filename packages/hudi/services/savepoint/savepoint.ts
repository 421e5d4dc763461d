import { GridlakeError } from "@gridlake/kernel";
import { type SavepointMetadata, savepointMetadata } from "../../avro/savepoint.ts";
import type { FileGroup } from "../../file-group/file-system-view.ts";
import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import { type Instant, pendingInstant } from "../../timeline/instant.ts";
import { removeChecksum, removeWithChecksum } from "../checksum-file.ts";
import { heldBase, isBefore, supersededBy, wasReplaced } from "../held-files.ts";
import { asService } from "../service-lock.ts";
import { completedWrite, requireFiles } from "../write-instant.ts";
import { readSavepoints } from "./read.ts";

export interface SavepointOptions {
  /** A completed write. @default the newest */
  instant?: string;
  /** Who asks for it. */
  user: string;
  /** What for. */
  comment: string;
  /** Tell what would be saved, and save nothing. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

/** A state of the table that no clean takes away, and that it can be restored to. */
export interface Savepoint {
  /** The write that is saved, with all before it. */
  instant: string;
  user: string;
  comment: string;
  /** In ms since the epoch. */
  savedAtMs: number;
  /** How many files stay for it. */
  files: number;
}

/**
 * Saves the table as of a write: while the savepoint stands, no clean takes its files, and the archive stops before it.
 * @throws HUDI_INSTANT_MISSING, HUDI_INSTANT_CLEANED, HUDI_SAVEPOINT_EXISTS, HUDI_WRITE_CONFLICT (after-refresh)
 */
export async function savepoint(state: TableState, options: SavepointOptions): Promise<Savepoint> {
  if (options.dryRun) {
    await state.refresh();
    const { write, metadata } = await planned(state, options);
    return savepointOf(write.timestamp, metadata);
  }
  return asService(state, options.lock, async (held) => {
    await forgetUnfinished(state);
    const { write, metadata } = await planned(state, options);
    await held.assertHeld();
    await save(state, write, metadata);
    await state.refresh();
    return savepointOf(write.timestamp, metadata);
  });
}

async function planned(
  state: TableState,
  { instant, user, comment }: SavepointOptions,
): Promise<{ write: Instant; metadata: SavepointMetadata }> {
  const write = completedWrite(state, instant);
  await requireFiles(state, write);
  if (find(state, write.timestamp)) {
    throw new GridlakeError("HUDI_SAVEPOINT_EXISTS", `${write.timestamp} of ${state.basePath} is saved`, {
      remedy: "use the savepoint that is there, or delete it first",
      status: 409,
      details: { basePath: state.basePath, instant: write.timestamp },
    });
  }
  const partitions = [...filesAsOf(state, write)];
  const metadata: SavepointMetadata = {
    savepointedBy: user,
    savepointedAt: state.clock.nowMs(),
    comments: comment,
    partitionMetadata: Object.fromEntries(
      partitions.map(([partitionPath, savepointDataFile]) => [
        partitionPath,
        { partitionPath, savepointDataFile },
      ]),
    ),
    version: 1,
  };
  return { write, metadata };
}

/** The savepoints of the table, oldest saved write first. */
export async function savepoints(state: TableState): Promise<Savepoint[]> {
  await state.refresh();
  return (await readSavepoints(state)).map(({ partitions, ...saved }) => ({
    ...saved,
    files: [...partitions.values()].flat().length,
  }));
}

export interface DeleteSavepointOptions {
  /** Tell what would be deleted, and delete nothing. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

/** @returns the savepoint that was there @throws HUDI_SAVEPOINT_MISSING, HUDI_WRITE_CONFLICT (after-refresh) */
export async function deleteSavepoint(
  state: TableState,
  { instant, dryRun = false, lock }: DeleteSavepointOptions & { instant: string },
): Promise<Savepoint> {
  if (dryRun) return existing(state, instant);
  return asService(state, lock, async (held) => {
    const deleted = await existing(state, instant);
    await held.assertHeld();
    // from here on it is unfinished, and forgotten by whoever writes next
    await removeWithChecksum(state.storage, state.instantPath(find(state, instant)!));
    await forget(state, instant);
    await state.refresh();
    return deleted;
  });
}

async function existing(state: TableState, instant: string): Promise<Savepoint> {
  const saved = (await savepoints(state)).find((one) => one.instant === instant);
  if (saved !== undefined) return saved;
  throw new GridlakeError("HUDI_SAVEPOINT_MISSING", `${state.basePath} has no savepoint ${instant}`, {
    remedy: "ask for the table's savepoints",
    status: 404,
    details: { basePath: state.basePath, instant },
  });
}

/** Takes away what a process left that died while it made or deleted a savepoint. To be called under the table's lock. */
export async function forgetUnfinished(state: TableState): Promise<void> {
  const unfinished = state.timeline.pending().filter(({ action }) => action === "savepoint");
  for (const { timestamp } of unfinished) await forget(state, timestamp);
  if (unfinished.length > 0) await state.refresh();
}

async function forget(state: TableState, timestamp: string): Promise<void> {
  for (const stage of ["inflight", "requested"] as const) {
    await removeWithChecksum(state.storage, state.instantPath(pendingInstant(timestamp, "savepoint", stage)));
  }
}

function find(state: TableState, timestamp: string): Instant | undefined {
  return state.timeline
    .completed()
    .find((instant) => instant.action === "savepoint" && instant.timestamp === timestamp);
}

async function save(state: TableState, write: Instant, metadata: SavepointMetadata): Promise<void> {
  const { storage } = state;
  const inflight = pendingInstant(write.timestamp, "savepoint", "inflight");
  const completed = state.completing(inflight);
  for (const instant of [inflight, completed]) await removeChecksum(storage, state.instantPath(instant));
  await storage.createIfAbsent(state.instantPath(inflight), Buffer.alloc(0), { durable: false });
  await storage.createIfAbsent(state.instantPath(completed), await savepointMetadata.encode(metadata));
}

function savepointOf(instant: string, metadata: SavepointMetadata): Savepoint {
  return {
    instant,
    user: metadata.savepointedBy,
    comment: metadata.comments,
    savedAtMs: metadata.savepointedAt,
    files: Object.values(metadata.partitionMetadata).flatMap((one) => one.savepointDataFile).length,
  };
}

/** Names of the files that a reader as of this write needs, by partition. */
function filesAsOf(state: TableState, write: Instant): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const group of state.view.groups()) {
    if (wasReplaced(state.view, group.fileId, { asOf: write, timeline: state.timeline })) continue;
    const names = neededFrom(state, group, write);
    if (names.length > 0) found.set(group.partition, [...(found.get(group.partition) ?? []), ...names]);
  }
  return found;
}

function neededFrom({ timeline, config }: TableState, group: FileGroup, write: Instant): string[] {
  const held = heldBase(group, write, timeline);
  const superseded = new Set(held ? supersededBy(held, group, timeline) : []);
  // in layout 1 a log file is named by its slice, and may have grown since; what is later in it is not read
  const isLogOf = ({ instant }: { instant: string }) =>
    config.layout.version === 1 ? instant <= write.timestamp : isBefore(instant, write, timeline);
  const bases = group.bases.filter(
    ({ instant }) => instant <= write.timestamp && timeline.isCommitted(instant),
  );
  return [...bases, ...group.logs.filter(isLogOf)]
    .filter((file) => !superseded.has(file))
    .map(({ name }) => name);
}
