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

/** Body of `<instant>.clean.requested` and `.clean.inflight`: what is going to be deleted. Names and order are Hudi's. */
export const CLEANER_PLAN = hudiRecord("HoodieCleanerPlan", [
  optional(
    "earliestInstantToRetain",
    nested("HoodieActionInstant", [
      { name: "timestamp", type: "string" },
      { name: "action", type: "string" },
      { name: "state", type: "string" },
    ]),
  ),
  { name: "lastCompletedCommitTimestamp", type: "string", default: "" },
  { name: "policy", type: "string" },
  optional("filesToBeDeletedPerPartition", mapOf(STRINGS)),
  versionField(1),
  optional(
    "filePathsToBeDeletedPerPartition",
    mapOf(
      listOf(
        nested("HoodieCleanFileInfo", [
          optional("filePath", "string"),
          optional("isBootstrapBaseFile", "boolean"),
        ]),
      ),
    ),
  ),
  optional("partitionsToBeDeleted", STRINGS),
  optional("extraMetadata", mapOf("string")),
]);

/** Body of `<instant>.clean`: what was deleted. */
export const CLEAN_METADATA = hudiRecord("HoodieCleanMetadata", [
  { name: "startCleanTime", type: "string" },
  { name: "timeTakenInMillis", type: "long" },
  { name: "totalFilesDeleted", type: "int" },
  { name: "earliestCommitToRetain", type: "string" },
  { name: "lastCompletedCommitTimestamp", type: "string", default: "" },
  {
    name: "partitionMetadata",
    type: mapOf(
      nested("HoodieCleanPartitionMetadata", [
        { name: "partitionPath", type: "string" },
        { name: "policy", type: "string" },
        { name: "deletePathPatterns", type: STRINGS },
        { name: "successDeleteFiles", type: STRINGS },
        { name: "failedDeleteFiles", type: STRINGS },
        optional("isPartitionDeleted", "boolean"),
      ]),
    ),
  },
  versionField(1),
  optional("bootstrapPartitionMetadata", mapOf("HoodieCleanPartitionMetadata")),
  optional("extraMetadata", mapOf("string")),
]);

export interface CleanerPlan {
  earliestInstantToRetain: { timestamp: string; action: string; state: string } | null;
  lastCompletedCommitTimestamp?: string;
  policy: string;
  /** Names of files by partition, in plans of version 1. */
  filesToBeDeletedPerPartition: Record<string, string[]> | null;
  version?: number | null;
  /** Whole paths, from version 2 on. */
  filePathsToBeDeletedPerPartition: Record<
    string,
    { filePath: string | null; isBootstrapBaseFile?: boolean | null }[]
  > | null;
  partitionsToBeDeleted?: string[] | null;
  extraMetadata?: Record<string, string> | null;
}

export interface CleanMetadata {
  startCleanTime: string;
  timeTakenInMillis: number;
  totalFilesDeleted: number;
  earliestCommitToRetain: string;
  lastCompletedCommitTimestamp: string;
  partitionMetadata: Record<
    string,
    {
      partitionPath: string;
      policy: string;
      deletePathPatterns: string[];
      successDeleteFiles: string[];
      failedDeleteFiles: string[];
      isPartitionDeleted: boolean | null;
    }
  >;
  version?: number | null;
  extraMetadata?: Record<string, string> | null;
}

export const cleanerPlan: Codec<CleanerPlan> = codecOf(CLEANER_PLAN);
export const cleanMetadata: Codec<CleanMetadata> = codecOf(CLEAN_METADATA);
