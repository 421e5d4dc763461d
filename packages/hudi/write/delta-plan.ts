import type { BaseFile } from "../file-group/base-file.ts";
import type { FileSlice } from "../file-group/file-slice.ts";
import { groupKey } from "../services/compaction/pending.ts";
import { clusteringAt } from "../services/pending-write.ts";
import type { TableState } from "../table/table-state.ts";
import type { FileTask } from "./base-file-writer.ts";
import type { Change } from "./change.ts";
import type { DeltaGroup } from "./delta-group.ts";
import { locateInLogs } from "./delta-log-keys.ts";
import { findRevivals, type Revival } from "./delta-revival.ts";
import { shareOut } from "./delta-share.ts";
import { locate } from "./locate.ts";
import { DEFAULT_SIZING, type FileSizing, pack, type PackingGroup } from "./pack.ts";
import { FIRST_BYTES_PER_ROW, newRows, rowidBounds } from "./plan.ts";
import type { Tags } from "./tag.ts";

/** What a delta commit writes. */
export interface DeltaPlan {
  /** Where the change's keys are; null where they need not be looked for. */
  tags: Tags | null;
  /** Base files: the new rows, and the changes of those files that are rewritten to take new rows in. */
  tasks: FileTask[];
  /** Log files: all other changes. What goes into that of the n-th group has this number in the delta table. */
  groups: DeltaGroup[];
  /** Base files of what is there, without rows that come again. */
  revivals: Revival[];
}

export interface DeltaPlanOptions {
  sizing: FileSizing | undefined;
  /** The instants of compactions under way, by `groupKey`. */
  compacting: ReadonlyMap<string, string>;
}

/**
 * New rows go into base files, and never into log files: other engines look for keys in base files alone. A small base file
 * takes them in by being rewritten, if nothing has changed it: no log file, and no compaction under way. Changes of other
 * files go into log files.
 */
export async function planDelta(
  state: TableState,
  change: Change,
  { sizing, compacting }: DeltaPlanOptions,
): Promise<DeltaPlan> {
  const { tags, groups: found } = await locateInLogs(state, change, await locate(state, change));
  const revivals = await findRevivals(state, change, { tags, compacting });
  const limits = { ...DEFAULT_SIZING, ...sizing };
  const bytesPerRow = state.bytesPerRow ?? FIRST_BYTES_PER_ROW;
  // by path: a refresh meanwhile may have made the same file another object
  const touched = new Map([...(tags?.touched ?? [])].map(([file, counts]) => [file.path, counts]));
  const tasks: FileTask[] = [];
  for (const { value, rows } of await newRows(state, change, tags)) {
    const partition = state.partitionOf(value);
    const groups =
      change.operation === "bulk_insert" ? [] : await packingGroups(state, partition, compacting);
    const packed = pack(rows, bytesPerRow, groups, limits);
    const shares = packed.map((part) => part.rows);
    const bounds = await rowidBounds(state, change, { tags, value, shares });
    for (const [i, { group: previous }] of packed.entries()) {
      const inserts = { from: bounds[i - 1] ?? null, to: bounds[i] ?? null };
      const { updates, deletes } = touched.get(previous?.path ?? "") ?? { updates: 0, deletes: 0 };
      tasks.push({ partition, partitionValue: value, previous, updates, deletes, inserts });
    }
  }
  for (const { previous } of tasks) if (previous) touched.delete(previous.path);
  const slices = slicesByBase(state, [...(tags?.touched.keys() ?? [])]);
  const groups = new Map<string, DeltaGroup>();
  for (const [path, counts] of touched) {
    const slice = slices.get(path);
    const revived = revivals.find((one) => one.slice.base?.path === path)?.fromLog ?? 0;
    const updates = counts.updates - revived;
    if (!slice || updates + counts.deletes === 0) continue;
    groups.set(groupKey(slice), { slice, updates, deletes: counts.deletes, unlocated: 0 });
  }
  for (const { slice, updates, deletes } of found) {
    if (updates + deletes === 0) continue;
    const group = groups.get(groupKey(slice)) ?? { slice, updates: 0, deletes: 0, unlocated: 0 };
    const counts = { updates: group.updates + updates, deletes: group.deletes + deletes };
    groups.set(groupKey(slice), { ...group, ...counts });
  }
  const plan = { tags, tasks, groups: [...groups.values()], revivals };
  if (tags !== null && groups.size > 0) await shareOut(state, change, { found, ...plan, tags });
  return plan;
}

async function packingGroups(
  state: TableState,
  partition: string,
  compacting: ReadonlyMap<string, string>,
): Promise<PackingGroup<BaseFile>[]> {
  const clustering = await clusteringAt(state);
  const found: PackingGroup<BaseFile>[] = [];
  for (const slice of state.view.latestSlices(state.timeline, { partition })) {
    const { base, logs } = slice;
    const isPlanned = compacting.has(groupKey(slice)) || clustering.has(groupKey(slice));
    if (base === null || logs.length > 0 || isPlanned) continue;
    found.push({ group: base, sizeBytes: await state.sizeOf(base), touched: false });
  }
  return found;
}

/** The slices that have these base files, by the files' paths. */
function slicesByBase({ view, timeline }: TableState, bases: readonly BaseFile[]): Map<string, FileSlice> {
  const found = new Map<string, FileSlice>();
  for (const partition of new Set(bases.map((base) => base.partition))) {
    for (const slice of view.latestSlices(timeline, { partition })) {
      if (slice.base) found.set(slice.base.path, slice);
    }
  }
  return found;
}
