import { decimalShape } from "../../ir/portable-type.ts";
import { isInstantKey, type LakeShape, lakeShape, PARTITION_COLUMN } from "../../ir/lake-shape.ts";
import type { Model } from "../../ir/model.ts";
import { flinkType } from "./flink-type.ts";
import { localDaySql } from "./grid-time.ts";
import { type FlinkOptions, liveTopic } from "./job.ts";
import { ident } from "./quote.ts";
import { kafkaClient, withSql } from "./source.ts";
import type { ZoneHistory } from "./zone-history.ts";

/** Kafka keeps an open transaction at most this long, by default; a checkpoint must end in it. */
const TRANSACTION_MS = 600_000;
/** MiB that a writer may hold before it flushes. */
const WRITE_MIB = 128;

/**
 * The model's table in the lake, as `packages/hudi` has it too: names, columns, record key, `dt`, table version 6.
 * What is set and not the default is what updates come out right with; docs/reference/flink.md says what happens otherwise.
 */
export function lakeSink(model: Model, options: FlinkOptions): string {
  const shape = lakeShape(model);
  const parallelism = String(options.parallelism ?? 1);
  const connector = {
    connector: "hudi",
    path: `${options.lake.path}/${shape.layer}/${shape.name}`,
    "table.type": "MERGE_ON_READ",
    "hoodie.datasource.write.recordkey.field": shape.recordKey.join(","),
    ...keyGenerator(shape),
    "hoodie.datasource.write.hive_style_partitioning": "false",
    "precombine.field": "no_precombine",
    "write.precombine": "true",
    "metadata.enabled": "false",
    "hoodie.metadata.enable": "false",
    "index.type": "FLINK_STATE",
    "index.bootstrap.enabled": String(options.lake.bootstrapIndex ?? true),
    "write.tasks": parallelism,
    "write.bucket_assign.tasks": parallelism,
    "write.task.max.size": String(WRITE_MIB + 100 + 28),
    "compaction.tasks": "1",
    "compaction.delta_commits": "5",
  };
  return tableSql(shape.name, shape.columns, shape.recordKey, connector, shape.partition);
}

/** One key column is that column as it is; several are `a:1,b:2`. */
function keyGenerator({ recordKey, partition }: LakeShape): Record<string, string> {
  if (partition === null) return { "hoodie.datasource.write.keygenerator.type": "NON_PARTITION" };
  return { "hoodie.datasource.write.keygenerator.type": recordKey.length > 1 ? "COMPLEX" : "SIMPLE" };
}

/** The rows of a model as its table in the lake takes them. */
export function lakeInsert(model: Model, rows: string, zone: ZoneHistory): string {
  const columns = model.columns.map(({ name }) => ident(name));
  for (const name of model.key.filter((key) => isInstantKey(model, key)))
    columns.push(`${microseconds(ident(name))} AS ${ident(`${name}_us`)}`);
  if (model.partition !== null)
    columns.push(`${localDaySql(ident(model.partition), zone)} AS ${PARTITION_COLUMN}`);
  return `INSERT INTO ${ident(model.name)}\nSELECT ${columns.join(", ")}\nFROM ${ident(rows)}`;
}

/** Since the epoch; TIMESTAMPDIFF's seconds are an INT, which ends in 2038. */
function microseconds(instant: string): string {
  const seconds = `UNIX_TIMESTAMP(DATE_FORMAT(${instant}, 'yyyy-MM-dd HH:mm:ss'))`;
  return `${seconds} * 1000000 + CAST(DATE_FORMAT(${instant}, 'SSSSSS') AS BIGINT)`;
}

/**
 * The changes of a live model for subscribers, who read committed records alone. `upsert-kafka` has no transactions, and
 * left stale rows after a kill.
 */
export function liveSink(name: string, model: Model, options: FlinkOptions): string {
  const connector = {
    connector: "kafka",
    topic: liveTopic(options, model),
    ...kafkaClient(options),
    "properties.transaction.timeout.ms": String(TRANSACTION_MS),
    "sink.delivery-guarantee": "exactly-once",
    "sink.transactional-id-prefix": `${options.name}-${model.name}`,
    "key.format": "json",
    "key.fields": model.key.join(";"),
    "value.format": "debezium-json",
    "value.debezium-json.encode.decimal-as-plain-number": "true",
  };
  return tableSql(name, model.columns, model.key, connector, null);
}

function tableSql(
  name: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  key: readonly string[],
  connector: Readonly<Record<string, string>>,
  partition: string | null,
): string {
  const list = columns.map((column) => `  ${ident(column.name)} ${sinkType(column.type)},`);
  const by = partition === null ? "" : ` PARTITIONED BY (${ident(partition)})`;
  return `CREATE TEMPORARY TABLE ${ident(name)} (
${list.join("\n")}
  PRIMARY KEY (${key.map(ident).join(", ")}) NOT ENFORCED
)${by} WITH (
${withSql(connector)}
)`;
}

function sinkType(type: string): string {
  return type === "VARCHAR" || type === "TIMESTAMPTZ" || decimalShape(type as "BIGINT") !== null
    ? flinkType(type as "VARCHAR")
    : type;
}
