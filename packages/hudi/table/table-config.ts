import { crc32 } from "node:zlib";
import { GridlakeError } from "@gridlake/kernel";
import { type AvroRecord, fromAvroSchema, toAvroSchema } from "../schema/avro-schema.ts";
import { checkName, type Column, type ColumnDeclaration, declareColumn } from "../schema/column.ts";
import type { Storage } from "../storage/storage.ts";
import { HOODIE } from "../timeline/timeline.ts";
import { formatProperties, parseProperties } from "./properties.ts";
import { checkRecordKey, findColumn } from "./record-key.ts";

/** What a table is made of; see `createTable`. */
export interface TableDefinition {
  /** Letters, digits and _. */
  name: string;
  databaseName?: string;
  columns: readonly ColumnDeclaration[];
  /** The columns that tell the rows of a partition apart: VARCHAR, BIGINT or INTEGER. */
  recordKey: readonly string[];
  /** The VARCHAR column whose values are the table's folders; null: one folder. */
  partition: string | null;
  /** Of two versions of a row the one with the higher value here holds, the later written on a tie; null: the later written. */
  ordering: string | null;
  /** More of `hoodie.properties`, added to what the definition gives. */
  properties?: Readonly<Record<string, string>>;
}

/** A table's `hoodie.properties`, read. */
export interface TableConfig {
  name: string;
  recordKey: readonly string[];
  partition: string | null;
  ordering: string | null;
  /** Whether partition values are %-encoded in folder names. */
  encodePartitions: boolean;
  /** As declared at creation; null in a table whose creator did not say. */
  createSchema: readonly Column[] | null;
  properties: ReadonlyMap<string, string>;
}

const KEYGEN = "org.apache.hudi.keygen";
const PAYLOAD = "org.apache.hudi.common.model";

export function propertiesPath(basePath: string): string {
  return `${basePath}/${HOODIE}/hoodie.properties`;
}

/** The properties of a new COPY_ON_WRITE table of version 6. @throws HUDI_NAME, HUDI_COLUMN_TYPE, HUDI_COLUMN_MISSING, HUDI_KEY_TYPE */
export function defineProperties(definition: TableDefinition): Map<string, string> {
  const { recordKey, partition, ordering, databaseName } = definition;
  const name = checkName(definition.name, "the table");
  const columns = definition.columns.map(declareColumn);
  checkRecordKey(columns, recordKey);
  if (ordering !== null) findColumn(columns, ordering);
  if (partition !== null && findColumn(columns, partition).type !== "VARCHAR") {
    throw new GridlakeError("HUDI_COLUMN_TYPE", `the partition column ${partition} is not VARCHAR`, {
      remedy: "partition by a text column, for dates one like 2026-01-31",
      details: { column: partition },
    });
  }
  const keyGenerator =
    partition === null
      ? "NonpartitionedKeyGenerator"
      : recordKey.length > 1
        ? "ComplexKeyGenerator"
        : "SimpleKeyGenerator";
  const payload = ordering === null ? "OverwriteWithLatestAvroPayload" : "DefaultHoodieRecordPayload";
  const properties: Record<string, string | null> = {
    "hoodie.table.name": name,
    "hoodie.database.name": databaseName === undefined ? null : checkName(databaseName, "the database"),
    "hoodie.table.type": "COPY_ON_WRITE",
    "hoodie.table.version": "6",
    "hoodie.timeline.layout.version": "1",
    "hoodie.table.base.file.format": "PARQUET",
    "hoodie.table.recordkey.fields": recordKey.join(","),
    "hoodie.table.partition.fields": partition,
    "hoodie.table.precombine.field": ordering,
    "hoodie.table.keygenerator.class": `${KEYGEN}.${keyGenerator}`,
    "hoodie.compaction.payload.class": `${PAYLOAD}.${payload}`,
    "hoodie.table.create.schema": JSON.stringify(toAvroSchema(name, columns)),
    "hoodie.populate.meta.fields": "true",
    "hoodie.datasource.write.hive_style_partitioning": "false",
    "hoodie.datasource.write.partitionpath.urlencode": "true",
    "hoodie.datasource.write.drop.partition.columns": "false",
    "hoodie.partition.metafile.use.base.format": "false",
    "hoodie.archivelog.folder": "archived",
    "hoodie.table.timeline.timezone": "UTC",
    "hoodie.table.cdc.enabled": "false",
    "hoodie.table.checksum": String(crc32(`${databaseName ?? ""}.${name}`)),
    ...definition.properties,
  };
  return new Map(Object.entries(properties).filter((pair): pair is [string, string] => pair[1] !== null));
}

/** @throws HUDI_TABLE_MISSING, HUDI_TABLE_VERSION, HUDI_TABLE_UNSUPPORTED */
export async function readTableConfig(storage: Storage, basePath: string): Promise<TableConfig> {
  const path = propertiesPath(basePath);
  // an engine that updates the file first copies it, then writes it: between the two the copy is the table's word
  const bytes = (await storage.read(path)) ?? (await storage.read(`${path}.backup`));
  if (bytes === null) {
    throw new GridlakeError("HUDI_TABLE_MISSING", `there is no Hudi table at ${basePath}`, {
      remedy: "check the path, or create the table",
      details: { basePath },
    });
  }
  const properties = parseProperties(bytes.toString("utf8"));
  checkSupported(properties, basePath);
  const list = (key: string) => (properties.get(key) ?? "").split(",").filter((name) => name !== "");
  const createSchema = properties.get("hoodie.table.create.schema");
  return {
    name: properties.get("hoodie.table.name") ?? "",
    recordKey: list("hoodie.table.recordkey.fields"),
    partition: list("hoodie.table.partition.fields")[0] ?? null,
    ordering: properties.get("hoodie.table.precombine.field") ?? null,
    encodePartitions: properties.get("hoodie.datasource.write.partitionpath.urlencode") === "true",
    createSchema: createSchema ? fromAvroSchema(JSON.parse(createSchema) as AvroRecord) : null,
    properties,
  };
}

export async function writeProperties(
  storage: Storage,
  basePath: string,
  properties: ReadonlyMap<string, string>,
): Promise<void> {
  await storage.replace(propertiesPath(basePath), encodeProperties(properties));
}

export function encodeProperties(properties: ReadonlyMap<string, string>): Buffer {
  return Buffer.from(formatProperties(properties, "Gridlake"));
}

function checkSupported(properties: ReadonlyMap<string, string>, basePath: string): void {
  const version = properties.get("hoodie.table.version") ?? "(none)";
  if (version !== "6") {
    throw new GridlakeError("HUDI_TABLE_VERSION", `${basePath} is a table of version ${version}`, {
      remedy:
        "this library reads and writes version 6; other engines keep it with hoodie.write.auto.upgrade=false",
      details: { basePath, version },
    });
  }
  const wanted: [key: string, value: string, assumed: string][] = [
    ["hoodie.table.type", "COPY_ON_WRITE", "COPY_ON_WRITE"],
    ["hoodie.table.base.file.format", "PARQUET", "PARQUET"],
    ["hoodie.populate.meta.fields", "true", "true"],
    ["hoodie.datasource.write.hive_style_partitioning", "false", "false"],
    ["hoodie.datasource.write.drop.partition.columns", "false", "false"],
    ["hoodie.table.cdc.enabled", "false", "false"],
  ];
  for (const [key, value, assumed] of wanted) {
    const actual = properties.get(key) ?? assumed;
    if (actual.toLowerCase() === value.toLowerCase()) continue;
    throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `${basePath} has ${key}=${actual}`, {
      remedy: `this library reads and writes tables with ${value}`,
      details: { basePath, key, value: actual },
    });
  }
  if ((properties.get("hoodie.table.partition.fields") ?? "").includes(",")) {
    throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `${basePath} is partitioned by several columns`, {
      remedy: "this library reads and writes tables with at most one partition column",
      details: { basePath },
    });
  }
}
