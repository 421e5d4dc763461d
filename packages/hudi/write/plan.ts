import type { BaseFile } from "../file-group/base-file.ts";
import { groupKey } from "../services/compaction/pending.ts";
import { clusteringAt } from "../services/pending-write.ts";
import type { TableState } from "../table/table-state.ts";
import type { FileTask } from "./base-file-writer.ts";
import { type Change, isIntoNewFiles } from "./change.ts";
import { DEFAULT_SIZING, type FileSizing, pack, type PackingGroup } from "./pack.ts";
import { planBuckets } from "./plan-buckets.ts";
import { rowsOf } from "./rows-of.ts";
import { partitionIs, partitionValueSql } from "./partition-value.ts";
import { notTagged, type Tags } from "./tag.ts";

/** What a row of a table without any history is thought to take, until its first commit tells. */
export const FIRST_BYTES_PER_ROW = 64;

/** What to write: one task per touched file group, and the new rows shared out among these, small files and new ones. */
export async function planFiles(
  state: TableState,
  change: Change,
  { tags, sizing }: { tags: Tags | null; sizing: FileSizing | undefined },
): Promise<FileTask[]> {
  if (state.config.index.kind === "bucket") return planBuckets(state, change, tags);
  const limits = { ...DEFAULT_SIZING, ...sizing };
  const bytesPerRow = state.bytesPerRow ?? FIRST_BYTES_PER_ROW;
  // by path: a refresh meanwhile may have made the same file another object
  const tasks = new Map<string, FileTask>();
  for (const [previous, { updates, deletes }] of tags?.touched ?? []) {
    const { partition } = previous;
    tasks.set(previous.path, { partition, partitionValue: null, previous, updates, deletes, inserts: null });
  }
  const all = [...tasks.values()];
  for (const { value, rows } of await newRows(state, change, tags)) {
    const partition = state.partitionOf(value);
    const groups = isIntoNewFiles(change.operation) ? [] : await packingGroups(state, partition, tasks);
    const packed = pack(rows, bytesPerRow, groups, limits);
    const shares = packed.map((part) => part.rows);
    const bounds = await rowidBounds(state, change, { tags, value, shares });
    for (const [i, { group }] of packed.entries()) {
      const inserts = { from: bounds[i - 1] ?? null, to: bounds[i] ?? null };
      const task = group && tasks.get(group.path);
      if (task) Object.assign(task, { inserts, partitionValue: value });
      else all.push({ partition, partitionValue: value, previous: group, updates: 0, deletes: 0, inserts });
    }
  }
  return all;
}

async function packingGroups(
  state: TableState,
  partition: string,
  touched: ReadonlyMap<string, FileTask>,
): Promise<PackingGroup<BaseFile>[]> {
  const clustering = await clusteringAt(state);
  const groups: PackingGroup<BaseFile>[] = [];
  for (const group of state.view.latest(state.timeline, { partition })) {
    if (clustering.has(groupKey(group))) continue;
    groups.push({ group, sizeBytes: await state.sizeOf(group), touched: touched.has(group.path) });
  }
  return groups;
}

/** Rows per partition value that take no stored row's place. */
export async function newRows(
  { config: { partitionFields } }: TableState,
  { connection, operation, upserts }: Change,
  tags: Tags | null,
): Promise<{ value: string | null; rows: number }[]> {
  if (upserts === null) return [];
  if (tags === null || operation !== "upsert") return upserts.partitions;
  const rows = await rowsOf(
    connection,
    `SELECT ${partitionValueSql(partitionFields, "s")} AS value, count(*) AS n
     FROM ${upserts.name} s ${notTagged(tags)} GROUP BY 1 ORDER BY 1`,
  );
  return rows.map((row) => ({
    value: row["value"] === null ? null : String(row["value"]),
    rows: Number(row["n"]),
  }));
}

/** The rowids at which the new rows of a partition pass from one file to the next. */
export async function rowidBounds(
  { config: { partitionFields } }: TableState,
  { connection, upserts }: Change,
  { tags, value, shares }: { tags: Tags | null; value: string | null; shares: readonly number[] },
): Promise<string[]> {
  if (shares.length < 2) return [];
  const ends: number[] = [];
  for (const share of shares.slice(0, -1)) ends.push((ends.at(-1) ?? 0) + share);
  const where = partitionIs(partitionFields, value);
  const rows = await rowsOf(
    connection,
    `SELECT id FROM (
       SELECT s.rowid AS id, row_number() OVER (ORDER BY s.rowid) - 1 AS place
       FROM ${upserts?.name} s ${tags === null ? "" : notTagged(tags)}
       ${where === null ? "" : `WHERE ${where}`})
     WHERE place IN (${ends.join(", ")}) ORDER BY id`,
  );
  return rows.map((row) => String(row["id"]));
}
