import { GridlakeError } from "@gridlake/kernel";
import { rollbackPlan } from "../avro/rollback.ts";
import type { BaseFile } from "../file-group/base-file.ts";
import { parseBaseFileName } from "../file-group/file-name.ts";
import { bucketOf } from "../index/bucket.ts";
import { groupKey, pendingCompactions } from "../services/compaction/pending.ts";
import { clusteringAt } from "../services/pending-write.ts";
import type { TableState } from "../table/table-state.ts";
import type { CommitMetadata, WriteStat } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import type { Written } from "./open-instant.ts";
import { writeConflict } from "./refusals.ts";
import type { OptimisticTurn } from "./turn.ts";

// An optimistic write W may complete if it would have written the same had it begun after all writes O that completed while
// it was at work. It would not have, if
//   1. O changed a file group that W changes, or by whose rows W decided what to write;
//   2. O brought a row of a key that W looked for and did not find;
//   3. O wrote into a partition that W replaces;
//   4. O changed the columns.
// Then the table is what it would be if the writes had come one after another in the order of their completion.
// In layout 1 nothing tells that order but the timestamps, and a reader that has read up to O would miss W for ever if W came
// before it. So there
//   5. a W that began before O did, and completes after it, is in conflict with it.
// Compaction and clustering change no row: for them 2 and 5 don't hold.

/** What a write relies on beyond the file groups that it touches. */
export interface Claim {
  /** File groups by whose rows it was decided what to write. */
  groups: readonly { partition: string; fileId: string }[];
  /** The partitions that are replaced. */
  replaced: "all" | ReadonlySet<string>;
  /** Whether keys that were looked for, and not found, are in base files that came since. */
  finds(files: readonly BaseFile[]): Promise<boolean>;
}

interface Mine {
  requested: Instant;
  written: Written;
}

const SERVICES = new Set(["COMPACT", "LOG_COMPACT", "CLUSTER"]);

/**
 * File groups that a clustering under way is going to replace can't be written to: what is written would go with them.
 * @throws HUDI_PENDING_ACTION (later)
 */
export async function checkReserved(state: TableState, { requested, written }: Mine): Promise<void> {
  const reserved = await clusteringAt(state);
  for (const group of touchedBy(state, written)) {
    const timestamp = reserved.get(groupKey(group));
    if (timestamp === undefined || timestamp === requested.timestamp) continue;
    throw new GridlakeError(
      "HUDI_PENDING_ACTION",
      `the file group ${group.fileId} is being replaced by the unfinished clustering ${timestamp}`,
      {
        remedy: "try again once it is complete, or roll it back with the engine that began it",
        retry: "later",
        status: 409,
        details: { basePath: state.basePath, ...group, instant: timestamp },
      },
    );
  }
}

/** To be called under the lock, on a refreshed table, when nothing but the completed file is missing. @throws HUDI_WRITE_CONFLICT */
export async function checkConflicts(
  state: TableState,
  turn: OptimisticTurn & {
    /** Timestamps of the writes that were complete when it began: some may have completed since it looked. */
    before: readonly string[];
  },
  { requested, written, claim }: Mine & { claim: Claim | undefined },
): Promise<void> {
  const { timeline, basePath } = state;
  const fail = (why: string) => writeConflict(`${basePath}: ${why} while ${requested.timestamp} was written`);
  if (JSON.stringify(turn.columns) !== JSON.stringify(state.columns)) throw fail("the columns changed");
  for (const timestamp of turn.seen) {
    if (!timeline.isCommitted(timestamp)) throw fail(`the write ${timestamp} was undone`);
  }
  const active = new Set(timeline.writes().map(({ timestamp }) => timestamp));
  const missed = turn.before.find((timestamp) => !turn.seen.has(timestamp) && !active.has(timestamp));
  if (missed !== undefined)
    throw fail(`the write ${missed} was archived or undone before it could be looked at`);
  if (await isBeingUndone(state, requested)) throw fail("its rollback was begun");
  // what it merges was planned: whatever has been written since lies over it
  if (requested.action === "compaction") return;
  const mine = new Set(touchedBy(state, written).map((group) => keyOf(state, group)));
  const reliedOn = new Set([...mine, ...(claim?.groups ?? []).map((group) => keyOf(state, group))]);
  for (const other of timeline.writes()) {
    if (turn.seen.has(other.timestamp)) continue;
    const metadata = await state.metadataOf(other);
    const why =
      (isLater(state, { requested, other }, metadata) &&
        `${other.timestamp}, which is later, was completed`) ||
      (touches(state, reliedOn, { other, metadata, turn, written }) &&
        `${other.timestamp} changed the same file group`) ||
      (replaces(claim, metadata) && `${other.timestamp} wrote into a partition that is replaced`) ||
      ((await brings(state, claim, { other, metadata })) &&
        `${other.timestamp} brought rows of the same keys`);
    if (why) throw fail(why);
  }
  for (const { instant, slices } of await pendingCompactions(state)) {
    if (turn.planned.has(instant.timestamp) || !slices.some((slice) => mine.has(keyOf(state, slice))))
      continue;
    throw fail(`the compaction ${instant.timestamp} of the same file group was planned`);
  }
}

/** The file groups that were there before and are not as they were. A new one of a bucket is a change of the bucket. */
function touchedBy(
  { config }: TableState,
  { stats, replaced = {} }: Pick<Written, "stats" | "replaced">,
): { partition: string; fileId: string }[] {
  const changed = stats.filter(
    ({ prevCommit, path }) => prevCommit !== "null" || isLog(path) || config.index.kind === "bucket",
  );
  return [
    ...changed.map(({ partitionPath: partition, fileId }) => ({ partition, fileId })),
    ...Object.entries(replaced).flatMap(([partition, ids]) => ids.map((fileId) => ({ partition, fileId }))),
  ];
}

/** Of a bucket there is one file group, but two writers that begin it give it two ids. */
function keyOf({ config }: TableState, group: { partition: string; fileId: string }): string {
  const fileId = config.index.kind === "bucket" ? String(bucketOf(group.fileId)) : group.fileId;
  return groupKey({ partition: group.partition, fileId });
}

function statsOf(metadata: CommitMetadata): WriteStat[] {
  return Object.values(metadata.partitionToWriteStats).flat();
}

function isLog(path: string): boolean {
  return !path.endsWith(".parquet");
}

function isLater(
  { config }: TableState,
  { requested, other }: { requested: Instant; other: Instant },
  { operationType }: CommitMetadata,
): boolean {
  return config.layout.version === 1 && !SERVICES.has(operationType) && other.timestamp > requested.timestamp;
}

function touches(
  state: TableState,
  reliedOn: ReadonlySet<string>,
  {
    other,
    metadata,
    turn,
    written,
  }: { other: Instant; metadata: CommitMetadata; turn: OptimisticTurn; written: Written },
): boolean {
  const theirs = touchedBy(state, {
    stats: statsOf(metadata),
    replaced: metadata.partitionToReplaceFileIds ?? {},
  });
  // log files that were written with its plan in view come after what it merged
  const isKnownCompaction = metadata.operationType === "COMPACT" && turn.planned.has(other.timestamp);
  const beside = isKnownCompaction ? logsOnly(state, written) : new Set<string>();
  return theirs.some((group) => {
    const key = keyOf(state, group);
    return reliedOn.has(key) && !beside.has(key);
  });
}

function logsOnly(state: TableState, { stats }: Written): Set<string> {
  const keys = (some: readonly WriteStat[]) =>
    some.map(({ partitionPath: partition, fileId }) => keyOf(state, { partition, fileId }));
  const rewritten = new Set(keys(stats.filter(({ path }) => !isLog(path))));
  return new Set(keys(stats.filter(({ path }) => isLog(path))).filter((key) => !rewritten.has(key)));
}

function replaces(claim: Claim | undefined, metadata: CommitMetadata): boolean {
  if (claim === undefined || metadata.operationType === "COMPACT") return false;
  const { replaced } = claim;
  const partitions = new Set([
    ...statsOf(metadata).map(({ partitionPath }) => partitionPath),
    ...Object.keys(metadata.partitionToReplaceFileIds ?? {}),
  ]);
  return [...partitions].some((partition) => replaced === "all" || replaced.has(partition));
}

async function brings(
  state: TableState,
  claim: Claim | undefined,
  { other, metadata }: { other: Instant; metadata: CommitMetadata },
): Promise<boolean> {
  if (claim === undefined || SERVICES.has(metadata.operationType)) return false;
  const files = statsOf(metadata).flatMap((stat) => {
    const isNew = stat.numInserts > 0 || stat.prevCommit === "null";
    if (!isNew || isLog(stat.path)) return [];
    const { fileId = "" } = parseBaseFileName(stat.path.slice(stat.path.lastIndexOf("/") + 1)) ?? {};
    const bases = state.view.group(stat.partitionPath, fileId)?.bases ?? [];
    return bases.filter(({ instant }) => instant === other.timestamp);
  });
  return files.length > 0 && claim.finds(files);
}

/** Whether another engine has planned to roll this instant back, and will. */
async function isBeingUndone(state: TableState, { timestamp }: Instant): Promise<boolean> {
  for (const pending of state.timeline.pending()) {
    if (pending.action !== "rollback") continue;
    const path = state.instantPath({ ...pending, state: "requested" });
    const bytes = await state.storage.read(path);
    if (bytes === null || bytes.length === 0) continue;
    const { instantToRollback } = await rollbackPlan.decode(bytes, path);
    if (instantToRollback?.commitTime === timestamp) return true;
  }
  return false;
}
