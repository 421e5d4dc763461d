import { type Codec, codecOf, hudiRecord, mapOf, nested, STRINGS, versionField } from "./record.ts";

/** Names and order are Hudi's. */
export const SAVEPOINT_METADATA = hudiRecord("HoodieSavepointMetadata", [
  { name: "savepointedBy", type: "string" },
  { name: "savepointedAt", type: "long" },
  { name: "comments", type: "string" },
  {
    name: "partitionMetadata",
    type: mapOf(
      nested("HoodieSavepointPartitionMetadata", [
        { name: "partitionPath", type: "string" },
        { name: "savepointDataFile", type: STRINGS },
      ]),
    ),
  },
  versionField(1),
]);

/** Body of `<instant>.savepoint`, where the instant is the saved write's own. */
export interface SavepointMetadata {
  savepointedBy: string;
  /** In ms since the epoch. */
  savepointedAt: number;
  comments: string;
  /** By partition, the names of the base and log files that no clean may take while the savepoint stands. */
  partitionMetadata: Record<string, { partitionPath: string; savepointDataFile: string[] }>;
  version?: number | null;
}

export const savepointMetadata: Codec<SavepointMetadata> = codecOf(SAVEPOINT_METADATA);
