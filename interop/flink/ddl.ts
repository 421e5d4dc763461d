import type { Column, HudiTable, TableIndex } from "@gridlake/hudi";

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: "STRING",
  BOOLEAN: "BOOLEAN",
  INTEGER: "INT",
  BIGINT: "BIGINT",
  FLOAT: "FLOAT",
  DOUBLE: "DOUBLE",
  DATE: "DATE",
  BLOB: "BYTES",
  // the other way round than the names say: Hudi 0.14 has an instant for the one and a wall clock for the other
  TIMESTAMPTZ: "TIMESTAMP(6)",
  TIMESTAMP: "TIMESTAMP_LTZ(6)",
};

/** CREATE TABLE for Flink SQL of a Hudi table that is there. */
export function flinkDdl(name: string, table: HudiTable): string {
  const { config } = table;
  const columns = table.schema().map((column) => `\`${column.name}\` ${flinkType(column)}`);
  const partitions = config.partitionFields.map((field) => `\`${field}\``).join(", ");
  const options = Object.entries({
    connector: "hudi",
    path: table.basePath,
    "table.type": config.tableType,
    "hoodie.datasource.write.recordkey.field": config.recordKey.join(","),
    "precombine.field": config.ordering ?? "no_precombine",
    "hoodie.datasource.write.hive_style_partitioning": String(config.hiveStyle),
    "hoodie.datasource.write.partitionpath.urlencode": String(config.encodePartitions),
    "metadata.enabled": "false",
    "compaction.async.enabled": "false",
    "compaction.schedule.enabled": "false",
    ...indexOptions(config.index),
  }).map(([key, value]) => `'${key}' = '${value}'`);
  return `CREATE TEMPORARY TABLE ${name} (${columns.join(", ")},
    PRIMARY KEY (${config.recordKey.map((field) => `\`${field}\``).join(", ")}) NOT ENFORCED)
    ${partitions && `PARTITIONED BY (${partitions})`} WITH (${options.join(", ")})`;
}

function flinkType({ type }: Column): string {
  return TYPES[type] ?? type;
}

function indexOptions(index: TableIndex): Record<string, string> {
  if (index.kind !== "bucket") return { "index.bootstrap.enabled": "true" };
  return {
    "index.type": "BUCKET",
    "hoodie.bucket.index.num.buckets": String(index.buckets),
    "hoodie.bucket.index.hash.field": index.fields.join(","),
  };
}
