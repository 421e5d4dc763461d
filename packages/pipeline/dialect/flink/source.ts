import type { Topic } from "@gridlake/contracts";
import { flinkType } from "./flink-type.ts";
import { type FlinkOptions, kafkaTopic, type MysqlSource } from "./job.ts";
import { ident, text } from "./quote.ts";

/** `'key' = 'value'`, one a line. */
export function withSql(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `  ${text(key)} = ${text(value)}`)
    .join(",\n");
}

export function kafkaClient({ kafka }: FlinkOptions): Record<string, string> {
  const properties = Object.entries(kafka.properties ?? {}).map(([key, value]) => [
    `properties.${key}`,
    value,
  ]);
  return {
    "properties.bootstrap.servers": kafka.bootstrapServers,
    ...Object.fromEntries(properties),
  };
}

/** A topic's records as they are: a line that is no JSON must come as far as the quarantine (law L6). */
export function kafkaSource(name: string, topic: Topic, options: FlinkOptions): string {
  const connector = {
    connector: "kafka",
    topic: kafkaTopic(options, topic),
    ...kafkaClient(options),
    "properties.group.id": options.name,
    "properties.isolation.level": "read_committed",
    "scan.startup.mode": "earliest-offset",
    format: "raw",
  };
  return `CREATE TEMPORARY TABLE ${ident(name)} (
  body BYTES,
  \`partition\` INT METADATA VIRTUAL,
  \`offset\` BIGINT METADATA VIRTUAL,
  \`timestamp\` TIMESTAMP_LTZ(3) METADATA VIRTUAL,
  headers MAP<STRING, BYTES> METADATA VIRTUAL
) WITH (
${withSql(connector)}
)`;
}

/** A table of MySQL by its binlog: its rows as they are, and every change of them. */
export function mysqlSource(name: string, topic: Topic, source: MysqlSource): string {
  const connector = {
    connector: "mysql-cdc",
    hostname: source.hostname,
    port: String(source.port ?? 3306),
    username: source.username,
    password: source.password,
    "database-name": source.database,
    "table-name": source.table,
    ...(source.serverId === undefined ? {} : { "server-id": source.serverId }),
    "server-time-zone": "UTC",
  };
  const columns = topic.fields.flatMap(({ name: field, type }) => {
    const column = source.columns[field];
    return column === undefined ? [] : [`  ${ident(column)} ${flinkType(type)}`];
  });
  return `CREATE TEMPORARY TABLE ${ident(name)} (
  ${ident(source.idColumn)} BIGINT,
${columns.join(",\n")},
  changed_at TIMESTAMP_LTZ(3) METADATA FROM 'op_ts' VIRTUAL,
  PRIMARY KEY (${ident(source.idColumn)}) NOT ENFORCED
) WITH (
${withSql(connector)}
)`;
}

/** Rows of a business table as accepted lines. A row that is deleted takes its line back. */
export function mysqlLinesSql(topic: Topic, source: MysqlSource, name: string): string {
  const fields = topic.fields.map(({ name: field, type }) => {
    const column = source.columns[field];
    const value = column === undefined ? "NULL" : ident(column);
    return `CAST(${value} AS ${flinkType(type)}) AS ${ident(field)}`;
  });
  return `SELECT ${ident(source.idColumn)} AS topic_offset, CAST(1 AS BIGINT) AS line,
  CAST(changed_at AS TIMESTAMP(6)) AS received_at,
  CAST(NULL AS STRING) AS reject_reason, CAST(NULL AS STRING) AS ${ident("raw")},
  ${fields.join(",\n  ")}
FROM ${ident(name)}`;
}
