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

export const INSTANT_INFO = nested("HoodieInstantInfo", [
  { name: "commitTime", type: "string" },
  { name: "action", type: "string" },
]);

/** Body of `<instant>.rollback.requested`: what is going to be deleted. Names and order are Hudi's. */
export const ROLLBACK_PLAN = hudiRecord("HoodieRollbackPlan", [
  optional("instantToRollback", INSTANT_INFO),
  optional(
    "RollbackRequests",
    listOf(
      nested("HoodieRollbackRequest", [
        { name: "partitionPath", type: "string" },
        optional("fileId", "string"),
        optional("latestBaseInstant", "string"),
        { name: "filesToBeDeleted", type: STRINGS, default: [] },
        optional("logBlocksToBeDeleted", mapOf("long")),
      ]),
    ),
  ),
  versionField(1),
]);

/** Body of `<instant>.rollback`: what was deleted. */
export const ROLLBACK_METADATA = hudiRecord("HoodieRollbackMetadata", [
  { name: "startRollbackTime", type: "string" },
  { name: "timeTakenInMillis", type: "long" },
  { name: "totalFilesDeleted", type: "int" },
  { name: "commitsRollback", type: STRINGS },
  {
    name: "partitionMetadata",
    type: mapOf(
      nested("HoodieRollbackPartitionMetadata", [
        { name: "partitionPath", type: "string" },
        { name: "successDeleteFiles", type: STRINGS },
        { name: "failedDeleteFiles", type: STRINGS },
        optional("rollbackLogFiles", mapOf("long")),
        optional("logFilesFromFailedCommit", mapOf("long")),
      ]),
    ),
  },
  versionField(1),
  { name: "instantsRollback", type: listOf(INSTANT_INFO), default: [] },
]);

export interface InstantInfo {
  commitTime: string;
  action: string;
}

export interface RollbackPlan {
  instantToRollback: InstantInfo | null;
  RollbackRequests:
    | {
        partitionPath: string;
        fileId: string | null;
        latestBaseInstant?: string | null;
        /** Whole paths. */
        filesToBeDeleted: string[];
        /** By log file, up to which length it counts: an engine that appends marks the rest as rolled back. */
        logBlocksToBeDeleted?: Record<string, number> | null;
      }[]
    | null;
  version?: number | null;
}

export interface RollbackMetadata {
  startRollbackTime: string;
  timeTakenInMillis: number;
  totalFilesDeleted: number;
  commitsRollback: string[];
  partitionMetadata: Record<
    string,
    {
      partitionPath: string;
      successDeleteFiles: string[];
      failedDeleteFiles: string[];
      rollbackLogFiles?: Record<string, number> | null;
      logFilesFromFailedCommit?: Record<string, number> | null;
    }
  >;
  version?: number | null;
  instantsRollback: InstantInfo[];
}

export const rollbackPlan: Codec<RollbackPlan> = codecOf(ROLLBACK_PLAN);
export const rollbackMetadata: Codec<RollbackMetadata> = codecOf(ROLLBACK_METADATA);
