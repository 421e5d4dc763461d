import type avsc from "avsc";

type Field = { name: string; type: avsc.Schema; default: null };

/** A field that may be absent, as nearly all of Hudi's records have them. */
export const optional = (name: string, type: avsc.Schema): Field => ({
  name,
  type: ["null", type] as avsc.Schema,
  default: null,
});

const RUNTIME_STATS: avsc.Schema = {
  type: "record",
  name: "HoodieRuntimeStats",
  fields: ["totalScanTime", "totalCreateTime", "totalUpsertTime"].map((name) => optional(name, "long")),
};

/** What a write did to one file, with all fields that Hudi 1.2 knows: those of foreign writers are kept when archived. */
const WRITE_STAT: avsc.Schema = {
  type: "record",
  name: "HoodieWriteStat",
  fields: [
    optional("fileId", "string"),
    optional("path", "string"),
    optional("prevCommit", "string"),
    optional("numWrites", "long"),
    optional("numDeletes", "long"),
    optional("numUpdateWrites", "long"),
    optional("totalWriteBytes", "long"),
    optional("totalWriteErrors", "long"),
    optional("partitionPath", "string"),
    optional("totalLogRecords", "long"),
    optional("totalLogFiles", "long"),
    optional("totalUpdatedRecordsCompacted", "long"),
    optional("numInserts", "long"),
    optional("totalLogBlocks", "long"),
    optional("totalCorruptLogBlock", "long"),
    optional("totalRollbackBlocks", "long"),
    optional("fileSizeInBytes", "long"),
    optional("logVersion", "int"),
    optional("logOffset", "long"),
    optional("baseFile", "string"),
    optional("logFiles", { type: "array", items: "string" }),
    optional("cdcStats", { type: "map", values: "long" }),
    optional("prevBaseFile", "string"),
    optional("minEventTime", "long"),
    optional("maxEventTime", "long"),
    optional("runtimeStats", RUNTIME_STATS),
    optional("totalLogFilesCompacted", "long"),
    optional("totalLogReadTimeMs", "long"),
    optional("totalLogSizeCompacted", "long"),
    optional("tempPath", "string"),
    optional("numUpdates", "long"),
  ],
};

/** Of each partition, what was written in it. */
export const PARTITION_WRITE_STATS: avsc.Schema = {
  type: "map",
  values: { type: "array", items: WRITE_STAT },
};
