import { crc32 } from "node:zlib";
import { GridlakeError } from "@gridlake/kernel";
import { parseAvroSchema, toAvroSchema } from "../schema/avro-schema.ts";
import { checkName, type Column, type ColumnDeclaration, declareColumns } from "../schema/column.ts";
import { checkIndex, indexOf, indexProperties, type TableIndex } from "../index/index-kind.ts";
import type { Storage } from "../storage/storage.ts";
import { HOODIE, type Layout, layoutOf } from "../timeline/layout.ts";
import { formatProperties, parseProperties } from "./properties.ts";
import {
  type KeyGenerator,
  keyGeneratorClass,
  keyGeneratorFor,
  namesKeyColumns,
  readKeyGenerator,
} from "./key-generator.ts";
import { checkRecordKey, findColumn } from "./record-key.ts";

export type TableType = "COPY_ON_WRITE" | "MERGE_ON_READ";
/** 6 is written by Hudi 0.14 and read by all; 8 and 9 by Hudi 1.0 and 1.1 on. */
export type TableVersion = 6 | 8 | 9;
export type MergeMode = "COMMIT_TIME_ORDERING" | "EVENT_TIME_ORDERING";

/** What a table is made of; see `createTable`. */
export interface TableDefinition {
  /** Letters, digits and _. */
  name: string;
  databaseName?: string;
  /** MERGE_ON_READ writes changes beside the base files, to be merged by readers and by compaction. @default "COPY_ON_WRITE" */
  type?: TableType;
  /** @default 6 */
  version?: TableVersion;
  /** How a write finds the rows that it changes. @default { kind: "simple" } */
  index?: TableIndex;
  columns: readonly ColumnDeclaration[];
  /** The columns that tell the rows of a partition apart: VARCHAR, BIGINT or INTEGER. */
  recordKey: readonly string[];
  /**
   * The VARCHAR column, or columns, outermost folder first, whose values are the table's folders; null: one folder.
   */
  partition: string | readonly string[] | null;
  /** Whether folders are called `day=2026-01-31`, as Spark SQL's tables have them, not `2026-01-31`. @default false */
  hiveStyle?: boolean;
  /** Whether partition values are %-encoded in folder names; without that values that need it are refused. @default true */
  encodePartitions?: boolean;
  /** Of two versions of a row the one with the higher value here holds, the later written on a tie; null: the later written. */
  ordering: string | null;
  /** More of `hoodie.properties`, added to what the definition gives. */
  properties?: Readonly<Record<string, string>>;
}

/** A table's `hoodie.properties`, read. */
export interface TableConfig {
  name: string;
  tableType: TableType;
  version: TableVersion;
  layout: Layout;
  index: TableIndex;
  /** Which of two versions of a row holds: the later written, or the one with the higher ordering value. */
  mergeMode: MergeMode;
  recordKey: readonly string[];
  /** Null: one that this library knows not, so that it can only read the table. */
  keyGenerator: KeyGenerator | null;
  /** Whether `_hoodie_record_key` names its columns; null: not yet known. */
  namesKeys: boolean | null;
  partition: string | null;
  /** All of them; `partition` is the first. */
  partitionFields: readonly string[];
  /** Whether folders are called `column=value`. */
  hiveStyle: boolean;
  ordering: string | null;
  /** Whether partition values are %-encoded in folder names. */
  encodePartitions: boolean;
  /** As declared at creation; null in a table whose creator did not say. */
  createSchema: readonly Column[] | null;
  properties: ReadonlyMap<string, string>;
}

const PAYLOAD = "org.apache.hudi.common.model";
/** Hudi's names of the merge modes, as version 8 wants them. */
const MERGE_STRATEGIES: Record<MergeMode, string> = {
  EVENT_TIME_ORDERING: "eeb8d96f-b1e4-49fd-bbf8-28ac514178e5",
  COMMIT_TIME_ORDERING: "ce9acb64-bde0-424c-9b91-f6ebba25356d",
};
/** The mode that a table's payload class stands for, where no merge mode is said. */
const PAYLOAD_MODES = new Map<string, MergeMode>([
  ["OverwriteWithLatestAvroPayload", "COMMIT_TIME_ORDERING"],
  ["DefaultHoodieRecordPayload", "EVENT_TIME_ORDERING"],
  ["EventTimeAvroPayload", "EVENT_TIME_ORDERING"],
]);

export function propertiesPath(basePath: string): string {
  return `${basePath}/${HOODIE}/hoodie.properties`;
}

/** The properties of a new table. @throws HUDI_NAME, HUDI_COLUMN_TYPE, HUDI_COLUMN_MISSING, HUDI_KEY_TYPE, HUDI_INDEX */
export function defineProperties(definition: TableDefinition): Map<string, string> {
  const { recordKey, ordering, databaseName, hiveStyle = false, encodePartitions = true } = definition;
  const partitionFields = [definition.partition ?? []].flat();
  const name = checkName(definition.name, "the table");
  const columns = declareColumns(definition.columns);
  checkRecordKey(columns, recordKey);
  if (ordering !== null) findColumn(columns, ordering);
  for (const field of partitionFields) {
    if (findColumn(columns, field).type === "VARCHAR") continue;
    throw new GridlakeError("HUDI_COLUMN_TYPE", `the partition column ${field} is not VARCHAR`, {
      remedy: "partition by a text column, for dates one like 2026-01-31",
      details: { column: field },
    });
  }
  const keyGenerator = keyGeneratorFor({ recordKey, partitionFields });
  const { type = "COPY_ON_WRITE", version = 6, index = { kind: "simple" } } = definition;
  checkIndex(index, recordKey);
  const properties: Record<string, string | null> = {
    "hoodie.table.name": name,
    "hoodie.database.name": databaseName === undefined ? null : checkName(databaseName, "the database"),
    "hoodie.table.type": type,
    "hoodie.table.version": String(version),
    "hoodie.table.base.file.format": "PARQUET",
    "hoodie.table.recordkey.fields": recordKey.join(","),
    "hoodie.table.partition.fields": partitionFields.length === 0 ? null : partitionFields.join(","),
    ...versionProperties(version, { ordering, keyGenerator }),
    ...indexProperties(index),
    "hoodie.table.create.schema": JSON.stringify(toAvroSchema(name, columns)),
    "hoodie.populate.meta.fields": "true",
    "hoodie.datasource.write.hive_style_partitioning": String(hiveStyle),
    "hoodie.datasource.write.partitionpath.urlencode": String(encodePartitions),
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

/** What the table versions say each in its own way. */
function versionProperties(
  version: TableVersion,
  { ordering, keyGenerator }: { ordering: string | null; keyGenerator: KeyGenerator },
): Record<string, string | null> {
  const mode: MergeMode = ordering === null ? "COMMIT_TIME_ORDERING" : "EVENT_TIME_ORDERING";
  const payload = ordering === null ? "OverwriteWithLatestAvroPayload" : "DefaultHoodieRecordPayload";
  const byClass = {
    "hoodie.table.keygenerator.class": keyGeneratorClass(keyGenerator),
    "hoodie.compaction.payload.class": `${PAYLOAD}.${payload}`,
  };
  if (version === 6) {
    return { ...byClass, "hoodie.timeline.layout.version": "1", "hoodie.table.precombine.field": ordering };
  }
  const later = {
    "hoodie.table.initial.version": String(version),
    "hoodie.timeline.layout.version": "2",
    "hoodie.timeline.path": "timeline",
    "hoodie.timeline.history.path": "history",
    "hoodie.table.keygenerator.type": keyGenerator,
    "hoodie.record.merge.mode": mode,
  };
  return version === 8
    ? {
        ...byClass,
        ...later,
        "hoodie.record.merge.strategy.id": MERGE_STRATEGIES[mode],
        "hoodie.table.precombine.field": ordering,
      }
    : { ...later, "hoodie.table.ordering.fields": ordering };
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
  // a custom key generator's fields have their kind behind them: `region:SIMPLE`
  const partitionFields = list("hoodie.table.partition.fields").map((name) => name.replace(/:.*/, ""));
  const recordKey = list("hoodie.table.recordkey.fields");
  const version = Number(properties.get("hoodie.table.version")) as TableVersion;
  const keyGenerator = readKeyGenerator(properties, { recordKey, partitionFields });
  const ordering =
    list("hoodie.table.ordering.fields")[0] ?? list("hoodie.table.precombine.field")[0] ?? null;
  return {
    name: properties.get("hoodie.table.name") ?? "",
    tableType: (properties.get("hoodie.table.type") ?? "COPY_ON_WRITE") as TableType,
    version,
    layout: layoutOf(properties),
    index: indexOf(properties),
    mergeMode: mergeModeOf(properties, ordering),
    recordKey,
    keyGenerator,
    namesKeys: namesKeyColumns(keyGenerator, { recordKey, version }),
    partition: partitionFields[0] ?? null,
    partitionFields,
    hiveStyle: properties.get("hoodie.datasource.write.hive_style_partitioning") === "true",
    ordering,
    encodePartitions: properties.get("hoodie.datasource.write.partitionpath.urlencode") === "true",
    createSchema: createSchema ? parseAvroSchema(createSchema) : null,
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

/** @throws HUDI_TABLE_UNSUPPORTED for rows that are merged field by field, or by code of the table's own */
function mergeModeOf(properties: ReadonlyMap<string, string>, ordering: string | null): MergeMode {
  const said = properties.get("hoodie.record.merge.mode");
  const payload = properties.get("hoodie.compaction.payload.class");
  const partial = properties.get("hoodie.table.partial.update.mode") ?? "";
  const byPayload = PAYLOAD_MODES.get(payload?.slice(payload.lastIndexOf(".") + 1) ?? "");
  const byDefault: MergeMode = ordering === null ? "COMMIT_TIME_ORDERING" : "EVENT_TIME_ORDERING";
  const mode = said ?? (payload === undefined ? byDefault : byPayload);
  if (partial === "" && (mode === "COMMIT_TIME_ORDERING" || mode === "EVENT_TIME_ORDERING")) {
    return ordering === null ? "COMMIT_TIME_ORDERING" : mode;
  }
  const [key, value] =
    partial !== ""
      ? ["hoodie.table.partial.update.mode", partial]
      : said === undefined
        ? ["hoodie.compaction.payload.class", payload]
        : ["hoodie.record.merge.mode", said];
  throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `the table has ${key}=${value}`, {
    remedy: "this library keeps whole rows, by commit time or by an ordering field",
    details: { key, value: value ?? null },
  });
}

function checkSupported(properties: ReadonlyMap<string, string>, basePath: string): void {
  const version = properties.get("hoodie.table.version") ?? "(none)";
  if (!["6", "8", "9"].includes(version)) {
    throw new GridlakeError("HUDI_TABLE_VERSION", `${basePath} is a table of version ${version}`, {
      remedy:
        "this library reads and writes versions 6, 8 and 9; of an older table let an engine with Hudi 0.14 make version 6",
      details: { basePath, version },
    });
  }
  const type = properties.get("hoodie.table.type") ?? "COPY_ON_WRITE";
  if (type !== "COPY_ON_WRITE" && type !== "MERGE_ON_READ") {
    throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `${basePath} has hoodie.table.type=${type}`, {
      remedy: "it must be COPY_ON_WRITE or MERGE_ON_READ",
      details: { basePath, type },
    });
  }
  const wanted: [key: string, value: string, assumed: string][] = [
    ["hoodie.table.base.file.format", "PARQUET", "PARQUET"],
    ["hoodie.populate.meta.fields", "true", "true"],
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
}
