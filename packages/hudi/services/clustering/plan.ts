import { GIB, MIB } from "@gridlake/kernel";
import { type ClusteringPlan, requestedReplace } from "../../avro/requested-replace.ts";
import type { FileSlice } from "../../file-group/file-slice.ts";
import { findColumn } from "../../table/record-key.ts";
import type { TableState } from "../../table/table-state.ts";
import { compactingAt, groupKey, pendingCompactions } from "../compaction/pending.ts";

/** Which file slices are written anew, and how. */
export interface ClusteringStrategy {
  /**
   * The rows of a partition are put in the order of these columns, across its files: their value ranges then part the
   * files, and a filtered read opens few of them. Without any, small files are put together in no order. @default none
   */
  sortBy?: readonly string[];
  /** Only these partitions, by their folders. @default all */
  partitions?: readonly string[];
  /** Without `sortBy`, files of so many bytes or more are left alone. @default 8,388,608 (8 MiB) */
  smallFileBytes?: number;
  /** New files get about so many bytes. @default 33,554,432 (32 MiB) */
  targetFileBytes?: number;
  /** Slices written anew together take at most so many bytes: the most that one sort holds. @default 2,147,483,648 (2 GiB) */
  maxGroupBytes?: number;
}

/** Slices of one partition that become `files` new file groups. */
export interface ClusteringGroup {
  partition: string;
  slices: readonly FileSlice[];
  /** Of base and log files. */
  bytes: number;
  files: number;
}

const DEFAULT_SMALL_BYTES = 8 * MIB;
const DEFAULT_TARGET_BYTES = 32 * MIB;
const DEFAULT_GROUP_BYTES = 2 * GIB;

/** Hudi's own class names of what is done here, for the engines that show or carry out the plan. */
const STRATEGY_CLASS = "org.apache.hudi.client.clustering.run.strategy.SparkSortAndSizeExecutionStrategy";
const SORT_COLUMNS = "hoodie.clustering.plan.strategy.sort.columns";

/** The groups that are worth writing anew. @throws HUDI_COLUMN_MISSING */
export async function planGroups(
  state: TableState,
  strategy: ClusteringStrategy,
): Promise<ClusteringGroup[]> {
  const { sortBy = [], smallFileBytes = DEFAULT_SMALL_BYTES, partitions } = strategy;
  for (const name of sortBy) findColumn(state.columns, name);
  // what a compaction is about to merge would come back with its result
  const compacting = compactingAt(await pendingCompactions(state));
  const byPartition = new Map<string, { slice: FileSlice; bytes: number }[]>();
  for (const slice of state.view.latestSlices(state.timeline)) {
    if (compacting.has(groupKey(slice)) || partitions?.includes(slice.partition) === false) continue;
    const bytes = await bytesOf(state, slice);
    if (sortBy.length === 0 && bytes >= smallFileBytes) continue;
    const known = byPartition.get(slice.partition);
    if (known) known.push({ slice, bytes });
    else byPartition.set(slice.partition, [{ slice, bytes }]);
  }
  return [...byPartition].flatMap(([partition, slices]) => groupsOf(partition, slices, strategy));
}

function groupsOf(
  partition: string,
  slices: readonly { slice: FileSlice; bytes: number }[],
  {
    sortBy = [],
    targetFileBytes = DEFAULT_TARGET_BYTES,
    maxGroupBytes = DEFAULT_GROUP_BYTES,
  }: ClusteringStrategy,
): ClusteringGroup[] {
  const groups: { slices: FileSlice[]; bytes: number }[] = [];
  for (const { slice, bytes } of slices) {
    const last = groups.at(-1);
    if (last && last.bytes + bytes <= maxGroupBytes) {
      last.slices.push(slice);
      last.bytes += bytes;
    } else groups.push({ slices: [slice], bytes });
  }
  return (
    groups
      // one file put together with nothing is the same file
      .filter((group) => sortBy.length > 0 || group.slices.length > 1)
      .map((group) => ({ ...group, partition, files: Math.max(1, Math.ceil(group.bytes / targetFileBytes)) }))
  );
}

/** The body of the instant's requested file. */
export function encodePlan(
  { storage, basePath }: TableState,
  groups: readonly ClusteringGroup[],
  { sortBy = [] }: ClusteringStrategy,
): Promise<Buffer> {
  const plan: ClusteringPlan = {
    inputGroups: groups.map((group) => ({
      slices: group.slices.map(({ base, logs, fileId, partition }) => ({
        dataFilePath: base === null ? "" : storage.uriOf(`${basePath}/${base.path}`),
        deltaFilePaths: logs.map((log) => storage.uriOf(`${basePath}/${log.path}`)),
        fileId,
        partitionPath: partition,
      })),
      metrics: { TOTAL_IO_READ_MB: Math.floor(group.bytes / MIB) },
      numOutputFileGroups: group.files,
      extraMetadata: {},
    })),
    strategy: {
      strategyClassName: STRATEGY_CLASS,
      strategyParams: sortBy.length === 0 ? {} : { [SORT_COLUMNS]: sortBy.join(",") },
    },
    extraMetadata: {},
    preserveHoodieMetadata: true,
  };
  return requestedReplace.encode({ operationType: "CLUSTER", clusteringPlan: plan, extraMetadata: {} });
}

async function bytesOf(state: TableState, { base, logs }: FileSlice): Promise<number> {
  let bytes = 0;
  for (const file of [...(base ? [base] : []), ...logs]) bytes += await state.sizeOf(file);
  return bytes;
}
