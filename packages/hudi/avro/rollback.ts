import avsc from "avsc";

const NAMESPACE = "org.apache.hudi.avro.model";
const STRINGS: avsc.Schema = { type: "array", items: "string" };
const LOG_SIZES: avsc.Schema = ["null", { type: "map", values: "long" }];
const INSTANT: avsc.Schema = {
  type: "record",
  name: "HoodieInstantInfo",
  fields: [
    { name: "commitTime", type: "string" },
    { name: "action", type: "string" },
  ],
};

/** Body of `<instant>.rollback.requested`: what is going to be deleted. Names and order are Hudi's. */
export const ROLLBACK_PLAN = avsc.Type.forSchema(
  {
    type: "record",
    name: "HoodieRollbackPlan",
    namespace: NAMESPACE,
    fields: [
      { name: "instantToRollback", type: ["null", INSTANT], default: null },
      {
        name: "RollbackRequests",
        default: null,
        type: [
          "null",
          {
            type: "array",
            items: {
              type: "record",
              name: "HoodieRollbackRequest",
              fields: [
                { name: "partitionPath", type: "string" },
                { name: "fileId", type: ["null", "string"], default: null },
                { name: "latestBaseInstant", type: ["null", "string"], default: null },
                { name: "filesToBeDeleted", type: STRINGS, default: [] },
                { name: "logBlocksToBeDeleted", type: LOG_SIZES, default: null },
              ],
            },
          },
        ],
      },
      { name: "version", type: ["int", "null"], default: 1 },
    ],
  } as avsc.Schema,
  { wrapUnions: "never" },
);

/** Body of `<instant>.rollback`: what was deleted. */
export const ROLLBACK_METADATA = avsc.Type.forSchema(
  {
    type: "record",
    name: "HoodieRollbackMetadata",
    namespace: NAMESPACE,
    fields: [
      { name: "startRollbackTime", type: "string" },
      { name: "timeTakenInMillis", type: "long" },
      { name: "totalFilesDeleted", type: "int" },
      { name: "commitsRollback", type: STRINGS },
      {
        name: "partitionMetadata",
        type: {
          type: "map",
          values: {
            type: "record",
            name: "HoodieRollbackPartitionMetadata",
            fields: [
              { name: "partitionPath", type: "string" },
              { name: "successDeleteFiles", type: STRINGS },
              { name: "failedDeleteFiles", type: STRINGS },
              { name: "rollbackLogFiles", type: LOG_SIZES, default: null },
              { name: "writtenLogFiles", type: LOG_SIZES, default: null },
            ],
          },
        },
      },
      { name: "version", type: ["int", "null"], default: 1 },
      { name: "instantsRollback", type: { type: "array", items: INSTANT }, default: [] },
    ],
  } as avsc.Schema,
  { wrapUnions: "never" },
);

export interface RollbackPlan {
  instantToRollback: { commitTime: string; action: string } | null;
  RollbackRequests: { partitionPath: string; fileId: string | null; filesToBeDeleted: string[] }[] | null;
}
