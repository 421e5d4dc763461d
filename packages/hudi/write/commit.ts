import { GridlakeError } from "@gridlake/kernel";
import { directoryOf, ensurePartition } from "../file-group/partition-metadata.ts";
import { toAvroSchema } from "../schema/avro-schema.ts";
import { rollBackPending } from "../services/rollback.ts";
import { retireMetadataTable } from "../table/metadata-table.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import type { CommitMetadata, WriteStat } from "../timeline/commit-metadata.ts";
import { type Instant, pendingInstant } from "../timeline/instant.ts";
import { markerDirectory } from "../timeline/timeline.ts";
import {
  type FileTask,
  nameFile,
  writeBaseFile,
  type WriteContext,
  type WrittenFile,
} from "./base-file-writer.ts";
import { type Change, type ChangeSource, withChange } from "./change.ts";
import { locate } from "./locate.ts";
import type { FileSizing } from "./pack.ts";
import { planFiles } from "./plan.ts";

export interface CommitOptions extends ChangeSource {
  /**
   * The DuckDB connection on which the sources are evaluated, in its transaction if it is in one. Nothing is left on it
   * but what DuckDB keeps of dropped TEMP tables until that transaction ends. Must not be used otherwise meanwhile.
   */
  connection: ChangeSource["connection"];
  /**
   * `upsert`: a row whose key exists takes that row's place. `insert`: the keys are trusted to be new; small files take the
   * rows in. `bulk_insert`: as insert, always into new files.
   */
  operation: ChangeSource["operation"];
  /** A SELECT of the table's columns, in any order. */
  upserts?: { sql: string };
  /** A SELECT of the key columns, and of the partition column if there is one. Keys that don't exist are passed over. */
  deletes?: { sql: string };
  /** Kept in the commit. @default {} */
  extraMetadata?: Readonly<Record<string, string>>;
  sizing?: FileSizing;
  lock?: LockOptions;
}

export interface CommitResult {
  instant: string;
  stats: { inserts: number; updates: number; deletes: number; files: number; bytes: number };
}

/** See HudiTable.commit. */
export async function commit(state: TableState, options: CommitOptions): Promise<CommitResult> {
  if (Object.hasOwn(options.extraMetadata ?? {}, "schema")) {
    throw new GridlakeError("HUDI_METADATA_KEY", "extraMetadata.schema is the table's own", {
      remedy: "use another name",
    });
  }
  // the sources before the lock: they may take long, and most refusals are theirs
  return withChange(state, options, async (change) => {
    const { columns } = state;
    const lock = await WriteLock.acquire(state, options.lock);
    try {
      await retireMetadataTable(state);
      await state.refresh();
      if (JSON.stringify(columns) !== JSON.stringify(state.columns)) {
        throw conflict(`${state.basePath} got other columns meanwhile`);
      }
      await rollBackPending(state);
      return await writeInstant(state, change, { ...options, held: lock });
    } finally {
      await lock.release();
    }
  });
}

async function writeInstant(
  state: TableState,
  change: Change,
  options: CommitOptions & { held: WriteLock },
): Promise<CommitResult> {
  const { storage, basePath, config, columns } = state;
  const action = config.tableType === "MERGE_ON_READ" ? "deltacommit" : "commit";
  const requested = pendingInstant(state.nextTimestamp(), action);
  const { timestamp } = requested;
  const tags = await locate(state, change);
  const tasks = await planFiles(state, change, { tags, sizing: options.sizing });
  const metadata: CommitMetadata = {
    partitionToWriteStats: {},
    compacted: false,
    extraMetadata: { ...options.extraMetadata, schema: JSON.stringify(toAvroSchema(config.name, columns)) },
    operationType: operationType(options),
  };
  const context: WriteContext = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    instant: timestamp,
    upserts: change.upserts?.name ?? null,
    tags,
  };
  try {
    await begin(state, requested, metadata);
    const written = await writeFiles(context, tasks);
    for (const { stat } of written) (metadata.partitionToWriteStats[stat.partitionPath] ??= []).push(stat);
    await options.held.assertHeld();
    const completed = state.completing(requested);
    if (!(await storage.createIfAbsent(state.instantPath(completed), await state.encodeCommit(metadata)))) {
      throw conflict(`the instant ${timestamp} was completed by another writer`);
    }
    state.committed(completed, metadata, { bases: written.map(({ file }) => file) });
    if (written.length > 0) await storage.removeTree(markerDirectory(basePath, timestamp));
    return { instant: timestamp, stats: totals(written.map(({ stat }) => stat)) };
  } catch (error) {
    // what it wrote is invisible; the next writer rolls it back before anything else
    state.markStale();
    throw error;
  }
}

/** Announces the instant, so that whatever it writes can be found and rolled back. */
async function begin(state: TableState, requested: Instant, metadata: CommitMetadata): Promise<void> {
  const { storage } = state;
  const inflight = state.instantPath({ ...requested, state: "inflight" });
  const body = await state.encodeCommit({ ...metadata, extraMetadata: {} });
  await storage.createIfAbsent(state.instantPath(requested), Buffer.alloc(0), { durable: false });
  await storage.createIfAbsent(inflight, body, { durable: false });
  await storage.syncDirectory(state.timelineDirectory);
}

/** One after another: a COPY uses all of DuckDB's threads. */
async function writeFiles(context: WriteContext, tasks: readonly FileTask[]): Promise<WrittenFile[]> {
  const { storage, basePath, instant } = context;
  const partitions = [...new Set(tasks.map((task) => task.partition))];
  for (const partition of partitions) await ensurePartition(storage, { basePath, partition, instant });
  const written: WrittenFile[] = [];
  for (const [number, task] of tasks.entries()) {
    const named = nameFile(task, instant, number);
    // Hudi's own rollback looks for these: which files an instant was about to make
    const marker = `${markerDirectory(basePath, instant)}/${named.path}.marker.${task.previous ? "MERGE" : "CREATE"}`;
    await storage.createIfAbsent(marker, Buffer.alloc(0), { durable: false });
    written.push(await writeBaseFile(context, task, named));
  }
  for (const partition of partitions) await storage.syncDirectory(directoryOf(basePath, partition));
  return written;
}

function conflict(message: string): GridlakeError {
  return new GridlakeError("HUDI_WRITE_CONFLICT", message, {
    remedy: "refresh and commit again",
    retry: "after-refresh",
    status: 409,
  });
}

function operationType({ operation, upserts, deletes }: CommitOptions): string {
  if (!upserts && deletes) return "DELETE";
  return deletes ? "UPSERT" : operation.toUpperCase();
}

function totals(stats: readonly WriteStat[]): CommitResult["stats"] {
  const sum = (of: (stat: WriteStat) => number) => stats.reduce((total, stat) => total + of(stat), 0);
  return {
    inserts: sum((stat) => stat.numInserts),
    updates: sum((stat) => stat.numUpdateWrites),
    deletes: sum((stat) => stat.numDeletes),
    files: stats.length,
    bytes: sum((stat) => stat.fileSizeInBytes),
  };
}
