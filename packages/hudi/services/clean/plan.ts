import type { BaseFile } from "../../file-group/base-file.ts";
import type { LogFile } from "../../file-group/file-slice.ts";
import type { FileGroup } from "../../file-group/file-system-view.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Instant } from "../../timeline/instant.ts";
import type { Timeline } from "../../timeline/timeline.ts";
import { byCompletion, completionOf, type Horizon } from "./horizon.ts";
import { heldBase, supersededBy, wasReplaced } from "../held-files.ts";
import { type ProtectedFiles, protectedFiles } from "../protected-files.ts";

/** What a clean takes away. */
export interface CleanTask {
  policy: Horizon["policy"];
  /** The table can be read as of this write and later ones; null when every write is kept. */
  earliest: Instant | null;
  files: readonly (BaseFile | LogFile)[];
  /** Partitions that nothing is left in. */
  partitions: readonly string[];
}

export async function planClean(state: TableState, horizon: Horizon): Promise<CleanTask> {
  const kept = await protectedFiles(state);
  return horizon.policy === "KEEP_LATEST_FILE_VERSIONS"
    ? byVersions(state, horizon.versions, kept)
    : byInstant(state, horizon, kept);
}

function byInstant(
  state: TableState,
  { policy, earliest }: Extract<Horizon, { earliest: unknown }>,
  kept: ProtectedFiles,
): CleanTask {
  if (earliest === null) return { policy, earliest, files: [], partitions: [] };
  const { timeline, view } = state;
  const files: (BaseFile | LogFile)[] = [];
  for (const group of view.groups()) {
    if (wasReplaced(view, group.fileId, { asOf: earliest, timeline })) {
      files.push(...wholeGroup(state, group));
      continue;
    }
    const held = heldBase(upToCompaction(group, kept), earliest, timeline);
    if (held) files.push(...supersededBy(held, group, timeline));
  }
  return taskOf(state, { policy, earliest, files, kept });
}

function byVersions(state: TableState, versions: number, kept: ProtectedFiles): CleanTask {
  const { timeline, view } = state;
  const files: (BaseFile | LogFile)[] = [];
  /** The writes that made what is now the oldest version of a group, or took the group away. */
  const limits: string[] = [];
  for (const group of view.groups()) {
    const replacedAt = view.replacedAt(group.fileId);
    const isReplaced = replacedAt !== null && timeline.isCommitted(replacedAt);
    const bases = upToCompaction(group, kept).bases.filter(({ instant }) => timeline.isCommitted(instant));
    const held = bases.at(-versions);
    const going = isReplaced ? wholeGroup(state, group) : held ? supersededBy(held, group, timeline) : [];
    if (going.every((file) => kept.has(file))) continue;
    files.push(...going);
    limits.push((isReplaced ? replacedAt : held?.instant) ?? "");
  }
  const earliest = afterAll(timeline, limits);
  return taskOf(state, { policy: "KEEP_LATEST_FILE_VERSIONS", earliest, files, kept });
}

/** The first write that was neither requested nor complete before one of these; null when they are all archived. */
function afterAll(timeline: Timeline, timestamps: readonly string[]): Instant | null {
  const active = timeline.writes();
  const bounds = active.filter(({ timestamp }) => timestamps.includes(timestamp));
  const [requested, completed] = [bounds.map((one) => one.timestamp), bounds.map(completionOf)];
  const isAfter = (one: Instant) =>
    requested.every((time) => time <= one.timestamp) && completed.every((time) => time <= completionOf(one));
  return bounds.length === 0 ? null : (byCompletion(active).find(isAfter) ?? active.at(-1) ?? null);
}

/** The versions up to the one that a compaction under way is going to read: what held before it goes, no more. */
function upToCompaction(group: FileGroup, kept: ProtectedFiles): FileGroup {
  const from = kept.compactedFrom(group.partition, group.fileId);
  return from === null ? group : { ...group, bases: group.bases.filter(({ instant }) => instant <= from) };
}

/** What an uncommitted write made is not a clean's, but a rollback's. */
function wholeGroup({ timeline, config }: TableState, { bases, logs }: FileGroup): (BaseFile | LogFile)[] {
  return [
    ...bases.filter(({ instant }) => timeline.isCommitted(instant)),
    // in layout 1 a log file is not named by its own write
    ...logs.filter(({ instant }) => config.layout.version === 1 || timeline.isCommitted(instant)),
  ];
}

function taskOf(
  state: TableState,
  { kept, ...task }: Omit<CleanTask, "partitions"> & { kept: ProtectedFiles },
): CleanTask {
  const files = task.files.filter((file) => !kept.has(file));
  return { ...task, files, partitions: emptied(state, files) };
}

/** Partitions in which every file goes, while nobody is writing. */
function emptied(state: TableState, files: readonly (BaseFile | LogFile)[]): string[] {
  if (state.timeline.pending().some(({ action }) => action !== "clean" && action !== "savepoint")) return [];
  const going = new Set(files.map(({ path }) => path));
  return [...new Set(files.map(({ partition }) => partition))].filter((partition) => {
    const stays = [...state.view.groupsOf(partition)].some((group) =>
      [...group.bases, ...group.logs].some(({ path }) => !going.has(path)),
    );
    return partition !== "" && !stays;
  });
}
