import { GridlakeError } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import type { LogFile } from "../file-group/file-slice.ts";
import { toAvroSchema } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";
import { rollBackPending } from "../services/rollback.ts";
import { finishServices } from "../services/unfinished.ts";
import { retireMetadataTable } from "../table/metadata-table.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import type { CommitMetadata, WriteStat } from "../timeline/commit-metadata.ts";
import { type Action, type Instant, pendingInstant } from "../timeline/instant.ts";
import { markerDirectory } from "../timeline/timeline.ts";

/** What a write has written, durable but for its instant. */
export interface Written {
  stats: readonly WriteStat[];
  bases: readonly BaseFile[];
  logs?: readonly LogFile[];
  /** The ids of the file groups that go, by partition. */
  replaced?: Readonly<Record<string, readonly string[]>>;
}

export interface InstantOptions {
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
  held: WriteLock;
}

/** Runs `act` as the table's only writer, in a table that no dead writer's unfinished instant is left in. */
export async function underLock<R>(
  state: TableState,
  lockOptions: LockOptions | undefined,
  act: (held: WriteLock) => Promise<R>,
): Promise<R> {
  const held = await WriteLock.acquire(state, lockOptions);
  try {
    await retireMetadataTable(state);
    await state.refresh();
    await finishServices(state);
    await rollBackPending(state);
    return await act(held);
  } finally {
    await held.release();
  }
}

/**
 * The one way in which a write becomes an instant: announced as requested and inflight, carried out by `work`, and seen by
 * readers once its completed file is there. If it fails before that, the next writer rolls it back.
 * @throws HUDI_METADATA_KEY, HUDI_WRITE_CONFLICT (after-refresh) and what `work` throws
 */
export async function writeInstant(
  state: TableState,
  options: InstantOptions,
  work: (pending: Instant) => Promise<Written>,
): Promise<{ instant: Instant; metadata: CommitMetadata }> {
  const { storage, basePath } = state;
  const metadata = metadataOf(state, options);
  const requested = options.requested ?? newInstant(state, options.action);
  const { timestamp } = requested;
  try {
    await begin(state, requested, { metadata, plan: options.requestedBody });
    const { stats, bases, logs = [], replaced } = await work({ ...requested, state: "inflight" });
    for (const stat of stats) (metadata.partitionToWriteStats[stat.partitionPath] ??= []).push(stat);
    if (replaced) {
      metadata.partitionToReplaceFileIds = Object.fromEntries(
        Object.entries(replaced).map(([partition, ids]) => [partition, [...ids]]),
      );
    }
    await options.held.assertHeld();
    const completed = state.completing(requested);
    if (!(await storage.createIfAbsent(state.instantPath(completed), await state.encodeCommit(metadata)))) {
      throw writeConflict(`the instant ${timestamp} was completed by another writer`);
    }
    state.committed(completed, metadata, { bases, logs });
    if (stats.length > 0) await storage.removeTree(markerDirectory(basePath, timestamp));
    return { instant: completed, metadata };
  } catch (error) {
    // what it wrote is invisible; the next writer rolls it back before anything else
    state.markStale();
    throw error;
  }
}

export function writeConflict(message: string): GridlakeError {
  return new GridlakeError("HUDI_WRITE_CONFLICT", message, {
    remedy: "refresh and commit again",
    retry: "after-refresh",
    status: 409,
  });
}

/** @throws HUDI_METADATA_KEY when the caller's own metadata would hide the table's. */
export function checkExtraMetadata(extra: Readonly<Record<string, string>> | undefined): void {
  if (!Object.hasOwn(extra ?? {}, "schema")) return;
  throw new GridlakeError("HUDI_METADATA_KEY", "extraMetadata.schema is the table's own", {
    remedy: "use another name",
  });
}

function metadataOf(state: TableState, options: InstantOptions): CommitMetadata {
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

/** Announces the instant, so that whatever it writes can be found and rolled back. */
async function begin(
  state: TableState,
  requested: Instant,
  { metadata, plan }: { metadata: CommitMetadata; plan: Buffer | undefined },
): Promise<void> {
  const { storage } = state;
  const inflight = state.instantPath({ ...requested, state: "inflight" });
  // what was planned stands in the requested file, and Hudi leaves the inflight one of such an instant empty
  const isPlanned = plan !== undefined || requested.action === "compaction";
  const body = isPlanned ? Buffer.alloc(0) : await state.encodeCommit({ ...metadata, extraMetadata: {} });
  await storage.createIfAbsent(state.instantPath(requested), plan ?? Buffer.alloc(0), { durable: false });
  await storage.createIfAbsent(inflight, body, { durable: false });
  await storage.syncDirectory(state.timelineDirectory);
}
