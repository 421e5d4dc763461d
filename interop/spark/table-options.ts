import type { HudiTable } from "@gridlake/hudi";
import type { SparkOptions } from "./judge.ts";

export type SparkOperation =
  | "bulk_insert"
  | "insert"
  | "upsert"
  | "delete"
  | "insert_overwrite"
  | "insert_overwrite_table"
  | "delete_partition";

/** What a Spark user is told to write with, for a table as its `hoodie.properties` say it is. */
export function writeOptions(table: HudiTable, operation: SparkOperation): Record<string, string> {
  const { config } = table;
  return {
    "hoodie.table.name": config.name,
    "hoodie.datasource.write.table.type": config.tableType,
    "hoodie.datasource.write.operation": operation,
    "hoodie.datasource.write.recordkey.field": config.recordKey.join(","),
    "hoodie.datasource.write.partitionpath.field": config.partitionFields.join(","),
    "hoodie.datasource.write.hive_style_partitioning": String(config.hiveStyle),
    "hoodie.datasource.write.partitionpath.urlencode": String(config.encodePartitions),
    ...(config.ordering !== null && { "hoodie.datasource.write.precombine.field": config.ordering }),
    "hoodie.write.table.version": String(config.version),
    "hoodie.write.auto.upgrade": "false",
    ...SMALL,
  };
}

/** Some hundred rows: one task for each thing to do, no server beside, files whose bloom filters are as small as their rows are few. */
const SMALL: SparkOptions = {
  "hoodie.upsert.shuffle.parallelism": "1",
  "hoodie.insert.shuffle.parallelism": "1",
  "hoodie.bulkinsert.shuffle.parallelism": "1",
  "hoodie.delete.shuffle.parallelism": "1",
  "hoodie.simple.index.parallelism": "1",
  "hoodie.bloom.index.parallelism": "1",
  "hoodie.finalize.write.parallelism": "1",
  "hoodie.cleaner.parallelism": "1",
  "hoodie.rollback.parallelism": "1",
  "hoodie.markers.delete.parallelism": "1",
  "hoodie.file.listing.parallelism": "1",
  "hoodie.metadata.index.column.stats.parallelism": "1",
  "hoodie.metadata.index.partition.stats.parallelism": "1",
  "hoodie.embed.timeline.server": "false",
  "hoodie.write.markers.type": "DIRECT",
  "hoodie.index.bloom.num_entries": "1000",
  "hoodie.bloom.index.filter.type": "SIMPLE",
};

/** Spark's metadata table with the column statistics that its data skipping wants. */
export const METADATA_ON: SparkOptions = {
  "hoodie.metadata.enable": "true",
  "hoodie.metadata.index.column.stats.enable": "true",
};
export const METADATA_OFF: SparkOptions = { "hoodie.metadata.enable": "false" };

export interface ReadMode {
  name: string;
  options: SparkOptions;
}

/** The ways in which a Spark user may have it read. */
export const READ_MODES: readonly ReadMode[] = [
  { metadata: "true", skipping: "true" },
  { metadata: "true", skipping: "false" },
  { metadata: "false", skipping: "true" },
  { metadata: "false", skipping: "false" },
].map(({ metadata, skipping }) => ({
  name: `metadata ${metadata === "true" ? "on" : "off"}, data skipping ${skipping === "true" ? "on" : "off"}`,
  options: { "hoodie.metadata.enable": metadata, "hoodie.enable.data.skipping": skipping },
}));

/** The two ends of them, where the modes are not what a scenario is about. */
export const FEW_READ_MODES: readonly ReadMode[] = READ_MODES.filter(
  (_, i) => i === 0 || i === READ_MODES.length - 1,
);
