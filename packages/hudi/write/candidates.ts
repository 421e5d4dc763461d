import type { DuckDBConnection } from "@duckdb/node-api";
import type { BaseFile } from "../file-group/base-file.ts";
import { keysOfFile } from "../index/bloom-cache.ts";
import { mayContainAny } from "../index/bloom-filter.ts";
import { bucketOf } from "../index/bucket.ts";
import { SortedKeys } from "../index/sorted-keys.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import { loadKeyRanges, rangesMeet } from "./key-ranges.ts";
import { rowsOf } from "./rows-of.ts";
import { partitionIs } from "./partition-value.ts";
import type { StagedPartition } from "./stage.ts";

/**
 * A filter is asked only while it can be expected to answer no: of so many absent keys, so many that pass by chance, nearly
 * every file would stay in question.
 */
const MOST_FALSE_HITS = 3;
/** Keys that are taken out of DuckDB to ask with. */
const MOST_ASKED_KEYS = 100_000;

/**
 * Of these files of a partition those that can hold one of its staged keys: the files of the keys' buckets, or those whose
 * key ranges meet the keys', and whose bloom filter does not deny them all. Never loses one that does hold a key.
 */
export async function candidateFiles(
  state: TableState,
  files: readonly BaseFile[],
  keys: { connection: DuckDBConnection; staged: { name: string }; partition: StagedPartition },
): Promise<BaseFile[]> {
  const { storage, basePath, view, columns, config } = state;
  const { connection, partition } = keys;
  if (partition.buckets !== null) {
    const buckets = new Set(partition.buckets);
    return files.filter(({ fileId }) => buckets.has(bucketOf(fileId)));
  }
  const { recordKey, index } = config;
  const known = await loadKeyRanges(files, { connection, storage, basePath, view }, { columns, recordKey });
  const met = known.filter((file) => rangesMeet(partition.keyRanges, file.keyRanges ?? new Map(), columns));
  const isAsked =
    index.kind === "bloom" &&
    partition.rows <= MOST_ASKED_KEYS &&
    partition.rows * index.falsePositiveRate <= MOST_FALSE_HITS;
  return isAsked && met.length > 0 ? notDenied(state, met, keys) : met;
}

async function notDenied(
  state: TableState,
  files: readonly BaseFile[],
  {
    connection,
    staged,
    partition: { value },
  }: { connection: DuckDBConnection; staged: { name: string }; partition: StagedPartition },
): Promise<BaseFile[]> {
  const { storage, basePath, columns, config } = state;
  const where = partitionIs(config.partitionFields, value);
  const rows = await rowsOf(
    connection,
    `SELECT ${recordKeySql(columns, config, "s")} AS key FROM ${staged.name} s ${where === null ? "" : `WHERE ${where}`}`,
  );
  const keys = new SortedKeys(rows.map((row) => String(row["key"])));
  const found: BaseFile[] = [];
  for (const file of files) {
    const sizeBytes = await state.sizeOf(file);
    const told = await keysOfFile(storage, { path: `${basePath}/${file.path}`, sizeBytes });
    if (told.filter === null || mayContainAny(told.filter, keys.within(told))) found.push(file);
  }
  return found;
}
