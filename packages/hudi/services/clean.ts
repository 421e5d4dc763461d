import { decodeContainer, encodeContainer } from "../avro/container.ts";
import { CLEAN_METADATA, CLEANER_PLAN, type CleanerPlan } from "../avro/clean.ts";
import type { BaseFile } from "../file-group/base-file.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import { type Instant, pendingInstant } from "../timeline/instant.ts";
import { relativeToTable } from "./plan-path.ts";

export interface CleanOptions {
  /** Readers of the table as of any of so many newest commits find their files. At least 1. @default 10 */
  retainCommits?: number;
  /** Tell what would go, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface CleanResult {
  /** Null when there was nothing to do, or on a dry run. */
  instant: string | null;
  /** The table can be read as of this instant and later ones; null when every instant is kept. */
  earliestRetained: string | null;
  files: number;
}

const POLICY = "KEEP_LATEST_COMMITS";
const DEFAULT_RETAIN = 10;

/**
 * Deletes the base files that no reader as of the newest `retainCommits` commits needs: in each file group all versions
 * before the one that held when the earliest of them was made. An instant of its own, which a later clean carries out
 * again if it died half way.
 * @throws HUDI_WRITE_CONFLICT (after-refresh)
 */
export async function clean(state: TableState, options: CleanOptions = {}): Promise<CleanResult> {
  const retain = Math.max(1, options.retainCommits ?? DEFAULT_RETAIN);
  if (options.dryRun) {
    await state.refresh();
    const { earliest, files } = expired(state, retain);
    return { instant: null, earliestRetained: earliest?.timestamp ?? null, files: files.length };
  }
  const lock = await WriteLock.acquire(state, options.lock);
  try {
    await state.refresh();
    for (const pending of state.timeline.pending()) {
      if (pending.action === "clean") await resumeClean(state, pending);
    }
    const { earliest, files } = expired(state, retain);
    const earliestRetained = earliest?.timestamp ?? null;
    if (earliest === null || files.length === 0) return { instant: null, earliestRetained, files: 0 };
    const instant = await cleanFiles(state, earliest, files);
    return { instant, earliestRetained, files: files.length };
  } finally {
    await lock.release();
  }
}

function expired(state: TableState, retain: number): { earliest: Instant | null; files: BaseFile[] } {
  const { timeline, view } = state;
  const earliest = timeline.writes().at(-retain) ?? null;
  if (earliest === null) return { earliest, files: [] };
  const files: BaseFile[] = [];
  for (const partition of view.partitions()) {
    for (const group of view.groupsOf(partition)) {
      const committed = group.bases.filter((file) => timeline.isCommitted(file.instant));
      const held = committed.findLastIndex((file) => file.instant <= earliest.timestamp);
      const replaced = committed[0] && view.isReplaced(committed[0].fileId, earliest.timestamp);
      files.push(...(replaced ? committed : committed.slice(0, Math.max(0, held))));
    }
  }
  return { earliest, files };
}

async function cleanFiles(state: TableState, earliest: Instant, files: readonly BaseFile[]): Promise<string> {
  const { storage, basePath } = state;
  const paths: Record<string, { filePath: string; isBootstrapBaseFile: boolean }[]> = {};
  for (const { partition, path } of files) {
    (paths[partition] ??= []).push({ filePath: `${basePath}/${path}`, isBootstrapBaseFile: false });
  }
  const plan = {
    earliestInstantToRetain: { timestamp: earliest.timestamp, action: earliest.action, state: "COMPLETED" },
    policy: POLICY,
    filesToBeDeletedPerPartition: {},
    version: 2, // the version from which on the paths are in the field below
    filePathsToBeDeletedPerPartition: paths,
    partitionsToBeDeleted: [],
  };
  const instant = pendingInstant(state.nextTimestamp(), "clean");
  await storage.createIfAbsent(state.instantPath(instant), await encodeContainer(CLEANER_PLAN, plan));
  await carryOut(state, instant, plan);
  return instant.timestamp;
}

async function resumeClean(state: TableState, pending: Instant): Promise<void> {
  const path = state.instantPath({ ...pending, state: "requested" });
  const bytes = await state.storage.read(path);
  if (bytes === null) return; // its engine has just removed it
  await carryOut(state, pending, (await decodeContainer(bytes, path)) as CleanerPlan);
  await state.refresh();
}

async function carryOut(state: TableState, instant: Instant, plan: CleanerPlan): Promise<void> {
  const { storage, basePath } = state;
  const startedMs = state.clock.nowMs();
  const inflight = state.instantPath({ ...instant, state: "inflight" });
  await storage.createIfAbsent(inflight, await encodeContainer(CLEANER_PLAN, plan), { durable: false });
  const partitionMetadata: Record<string, object> = {};
  const gone: { partition: string; name: string }[] = [];
  for (const [partitionPath, infos] of Object.entries(plan.filePathsToBeDeletedPerPartition ?? {})) {
    const names: string[] = [];
    for (const { filePath } of infos) {
      const path = relativeToTable(basePath, filePath ?? "");
      await storage.remove(`${basePath}/${path}`);
      const name = path.slice(path.lastIndexOf("/") + 1);
      gone.push({ partition: partitionPath, name });
      names.push(name);
    }
    partitionMetadata[partitionPath] = {
      partitionPath,
      policy: plan.policy,
      deletePathPatterns: names,
      successDeleteFiles: names,
      failedDeleteFiles: [],
      isPartitionDeleted: false,
    };
  }
  const body = await encodeContainer(CLEAN_METADATA, {
    policy: plan.policy,
    startCleanTime: instant.timestamp,
    timeTakenInMillis: state.clock.nowMs() - startedMs,
    totalFilesDeleted: gone.length,
    earliestCommitToRetain: plan.earliestInstantToRetain?.timestamp ?? "",
    lastCompletedCommitTimestamp: state.timeline.writes().at(-1)?.timestamp ?? "",
    partitionMetadata,
    version: 2,
    bootstrapPartitionMetadata: null,
  });
  const completed = state.completing(instant);
  await storage.createIfAbsent(state.instantPath(completed), body);
  state.cleaned(completed, gone);
}
