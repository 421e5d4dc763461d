import type { BaseFile } from "../file-group/base-file.ts";
import { BUCKET_COLUMN, bucketOf } from "../index/bucket.ts";
import { sqlName } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import type { FileTask } from "./base-file-writer.ts";
import { type Change, isOverwrite } from "./change.ts";
import { rowsOf } from "./rows-of.ts";
import { notTagged, type Tags } from "./tag.ts";
import { partitionValueSql } from "./partition-value.ts";

/** New rows of a bucket. */
export interface NewBucketRows {
  /** See partition-value.ts. */
  value: string | null;
  bucket: number;
  rows: number;
}

/**
 * What to write in a COPY_ON_WRITE table with a bucket index: the new rows of a bucket go into its one file group, which is
 * rewritten for them, or made.
 */
export async function planBuckets(state: TableState, change: Change, tags: Tags | null): Promise<FileTask[]> {
  const tasks = new Map<string, FileTask>();
  for (const [previous, counts] of tags?.touched ?? []) {
    const { partition } = previous;
    tasks.set(previous.path, { partition, partitionValue: null, previous, ...counts, inserts: null });
  }
  const all = [...tasks.values()];
  for (const { value, bucket } of await newBucketRows(state, change, tags)) {
    const partition = state.partitionOf(value);
    const previous = isOverwrite(change.operation) ? null : fileOfBucket(state, { partition, bucket });
    const inserts = { from: null, to: null };
    const task = previous && tasks.get(previous.path);
    if (task) Object.assign(task, { inserts, bucket, partitionValue: value });
    else all.push({ partition, partitionValue: value, previous, updates: 0, deletes: 0, inserts, bucket });
  }
  return all;
}

/** The new rows of a change by bucket: those that take no stored row's place. */
export async function newBucketRows(
  { config: { partitionFields } }: TableState,
  { connection, operation, upserts }: Change,
  tags: Tags | null,
): Promise<NewBucketRows[]> {
  if (upserts === null) return [];
  const found = await rowsOf(
    connection,
    `SELECT ${partitionValueSql(partitionFields, "s")} AS value, ${sqlName(BUCKET_COLUMN)} AS bucket, count(*) AS n
     FROM ${upserts.name} s ${tags === null || operation !== "upsert" ? "" : notTagged(tags)} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return found.map((row) => ({
    value: row["value"] === null ? null : String(row["value"]),
    bucket: Number(row["bucket"]),
    rows: Number(row["n"]),
  }));
}

function fileOfBucket(
  { view, timeline }: TableState,
  { partition, bucket }: { partition: string; bucket: number },
): BaseFile | null {
  return view.latest(timeline, { partition }).find(({ fileId }) => bucketOf(fileId) === bucket) ?? null;
}
