import {
  type Codec,
  codecOf,
  hudiRecord,
  listOf,
  mapOf,
  nested,
  optional,
  STRINGS,
  versionField,
} from "./record.ts";

const SLICE = nested("HoodieSliceInfo", [
  optional("dataFilePath", "string"),
  optional("deltaFilePaths", STRINGS),
  { name: "fileId", type: ["null", "string"] },
  optional("partitionPath", "string"),
  optional("bootstrapFilePath", "string"),
  versionField(1),
]);

const GROUP = nested("HoodieClusteringGroup", [
  optional("slices", listOf(SLICE)),
  optional("metrics", mapOf("double")),
  { name: "numOutputFileGroups", type: ["int", "null"], default: 1 },
  optional("extraMetadata", mapOf("string")),
  versionField(1),
]);

const STRATEGY = nested("HoodieClusteringStrategy", [
  optional("strategyClassName", "string"),
  optional("strategyParams", mapOf("string")),
  versionField(1),
]);

const CLUSTERING_PLAN = nested("HoodieClusteringPlan", [
  optional("inputGroups", listOf(GROUP)),
  optional("strategy", STRATEGY),
  optional("extraMetadata", mapOf("string")),
  versionField(1),
  optional("preserveHoodieMetadata", "boolean"),
  optional("missingSchedulePartitions", STRINGS),
]);

/** Names and order are Hudi's. */
export const REQUESTED_REPLACE = hudiRecord("HoodieRequestedReplaceMetadata", [
  optional("operationType", "string"),
  optional("clusteringPlan", CLUSTERING_PLAN),
  optional("extraMetadata", mapOf("string")),
  versionField(1),
]);

/** A file slice that is read, and whose file group is replaced. */
export interface ClusteringSlice {
  /** Whole path of the base file; empty when there is none. */
  dataFilePath: string | null;
  /** Whole paths of the log files. */
  deltaFilePaths: string[] | null;
  fileId: string | null;
  partitionPath: string | null;
}

/** Slices that are written anew together. */
export interface ClusteringGroup {
  slices: ClusteringSlice[] | null;
  metrics?: Record<string, number> | null;
  numOutputFileGroups: number | null;
  extraMetadata?: Record<string, string> | null;
}

export interface ClusteringPlan {
  inputGroups: ClusteringGroup[] | null;
  strategy?: { strategyClassName: string | null; strategyParams: Record<string, string> | null } | null;
  extraMetadata?: Record<string, string> | null;
  preserveHoodieMetadata?: boolean | null;
}

/**
 * Body of `<instant>.replacecommit.requested` (and, from table version 8 on, of `<instant>.clustering.requested`). That of
 * an insert overwrite or a deleted partition is often an empty file: it has nothing to plan.
 */
export interface RequestedReplace {
  /** "CLUSTER", "INSERT_OVERWRITE", "INSERT_OVERWRITE_TABLE", "DELETE_PARTITION". */
  operationType: string | null;
  clusteringPlan: ClusteringPlan | null;
  extraMetadata?: Record<string, string> | null;
}

export const requestedReplace: Codec<RequestedReplace> = codecOf(REQUESTED_REPLACE);
