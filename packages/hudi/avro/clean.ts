import avsc from "avsc";

const NAMESPACE = "org.apache.hudi.avro.model";
const STRINGS: avsc.Schema = { type: "array", items: "string" };

/** Body of `<instant>.clean.requested` and `.clean.inflight`: what is going to be deleted. Names and order are Hudi's. */
export const CLEANER_PLAN = avsc.Type.forSchema(
  {
    type: "record",
    name: "HoodieCleanerPlan",
    namespace: NAMESPACE,
    fields: [
      {
        name: "earliestInstantToRetain",
        default: null,
        type: [
          "null",
          {
            type: "record",
            name: "HoodieActionInstant",
            fields: [
              { name: "timestamp", type: "string" },
              { name: "action", type: "string" },
              { name: "state", type: "string" },
            ],
          },
        ],
      },
      { name: "policy", type: "string" },
      {
        name: "filesToBeDeletedPerPartition",
        type: ["null", { type: "map", values: STRINGS }],
        default: null,
      },
      { name: "version", type: ["int", "null"], default: 1 },
      {
        name: "filePathsToBeDeletedPerPartition",
        default: null,
        type: [
          "null",
          {
            type: "map",
            values: {
              type: "array",
              items: {
                type: "record",
                name: "HoodieCleanFileInfo",
                fields: [
                  { name: "filePath", type: ["null", "string"], default: null },
                  { name: "isBootstrapBaseFile", type: ["null", "boolean"], default: null },
                ],
              },
            },
          },
        ],
      },
      { name: "partitionsToBeDeleted", type: ["null", STRINGS], default: null },
    ],
  } as avsc.Schema,
  { wrapUnions: "never" },
);

const PARTITION: avsc.Schema = {
  type: "record",
  name: "HoodieCleanPartitionMetadata",
  fields: [
    { name: "partitionPath", type: "string" },
    { name: "policy", type: "string" },
    { name: "deletePathPatterns", type: STRINGS },
    { name: "successDeleteFiles", type: STRINGS },
    { name: "failedDeleteFiles", type: STRINGS },
    { name: "isPartitionDeleted", type: ["null", "boolean"], default: null },
  ],
};

/** Body of `<instant>.clean`: what was deleted. */
export const CLEAN_METADATA = avsc.Type.forSchema(
  {
    type: "record",
    name: "HoodieCleanMetadata",
    namespace: NAMESPACE,
    fields: [
      { name: "policy", type: "string", default: "" },
      { name: "startCleanTime", type: "string" },
      { name: "timeTakenInMillis", type: "long" },
      { name: "totalFilesDeleted", type: "int" },
      { name: "earliestCommitToRetain", type: "string" },
      { name: "lastCompletedCommitTimestamp", type: "string", default: "" },
      { name: "partitionMetadata", type: { type: "map", values: PARTITION } },
      { name: "version", type: ["int", "null"], default: 1 },
      {
        name: "bootstrapPartitionMetadata",
        type: ["null", { type: "map", values: "HoodieCleanPartitionMetadata" }],
        default: null,
      },
    ],
  } as avsc.Schema,
  { wrapUnions: "never" },
);

export interface CleanerPlan {
  earliestInstantToRetain: { timestamp: string; action: string; state: string } | null;
  policy: string;
  filePathsToBeDeletedPerPartition: Record<string, { filePath: string | null }[]> | null;
}

export interface CleanMetadata {
  earliestCommitToRetain: string;
}
