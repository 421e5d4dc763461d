import avsc from "avsc";
import { CLEAN_METADATA } from "./clean.ts";
import { ROLLBACK_METADATA } from "./rollback.ts";

const optional = (type: string): avsc.Schema => ["null", type];
const field = (name: string, type: string) => ({ name, type: optional(type), default: null });

/** A commit's metadata as Avro; the fields that a COPY_ON_WRITE commit has. A reader of Hudi fills in the others' defaults. */
const COMMIT_METADATA = {
  type: "record",
  name: "HoodieCommitMetadata",
  namespace: "org.apache.hudi.avro.model",
  fields: [
    {
      name: "partitionToWriteStats",
      default: null,
      type: [
        "null",
        {
          type: "map",
          values: {
            type: "array",
            items: {
              type: "record",
              name: "HoodieWriteStat",
              fields: [
                field("fileId", "string"),
                field("path", "string"),
                field("prevCommit", "string"),
                field("numWrites", "long"),
                field("numDeletes", "long"),
                field("numUpdateWrites", "long"),
                field("totalWriteBytes", "long"),
                field("totalWriteErrors", "long"),
                field("partitionPath", "string"),
                field("numInserts", "long"),
                field("fileSizeInBytes", "long"),
              ],
            },
          },
        },
      ],
    },
    { name: "extraMetadata", type: ["null", { type: "map", values: "string" }], default: null },
    { name: "version", type: ["int", "null"], default: 1 },
    field("operationType", "string"),
  ],
};

/**
 * One state of one instant in the archived timeline: Hudi's HoodieArchivedMetaEntry, with the actions that this library
 * archives. Avro resolves it by name against the reader's full schema.
 */
export const ARCHIVED_ENTRY = avsc.Type.forSchema(
  {
    type: "record",
    name: "HoodieArchivedMetaEntry",
    namespace: "org.apache.hudi.avro.model",
    fields: [
      { name: "hoodieCommitMetadata", type: ["null", COMMIT_METADATA], default: null },
      { name: "hoodieCleanMetadata", type: ["null", schemaOf(CLEAN_METADATA)], default: null },
      { name: "hoodieRollbackMetadata", type: ["null", schemaOf(ROLLBACK_METADATA)], default: null },
      field("commitTime", "string"),
      field("actionType", "string"),
      { name: "version", type: ["int", "null"], default: 1 },
      field("actionState", "string"),
    ],
  } as avsc.Schema,
  { wrapUnions: "never" },
);

export interface ArchivedEntry {
  commitTime: string;
  actionType: string;
  actionState: "REQUESTED" | "INFLIGHT" | "COMPLETED";
  hoodieCommitMetadata?: unknown;
  hoodieCleanMetadata?: unknown;
  hoodieRollbackMetadata?: unknown;
}

function schemaOf(type: avsc.Type): avsc.Schema {
  return type.schema({ exportAttrs: true });
}
