import { mapOf, nested, optional, STRINGS } from "./record.ts";

const RUNTIME_STATS = nested(
  "HoodieRuntimeStats",
  ["totalScanTime", "totalCreateTime", "totalUpsertTime"].map((name) => optional(name, "long")),
);

/** What a write did to one file, with all fields that Hudi 1.2 knows: those of foreign writers are kept when archived. */
export const WRITE_STAT = nested("HoodieWriteStat", [
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
  optional("logFiles", STRINGS),
  optional("cdcStats", mapOf("long")),
  optional("prevBaseFile", "string"),
  optional("minEventTime", "long"),
  optional("maxEventTime", "long"),
  optional("runtimeStats", RUNTIME_STATS),
  optional("totalLogFilesCompacted", "long"),
  optional("totalLogReadTimeMs", "long"),
  optional("totalLogSizeCompacted", "long"),
  optional("tempPath", "string"),
  optional("numUpdates", "long"),
]);
