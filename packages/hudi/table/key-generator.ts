import { GridlakeError } from "@gridlake/kernel";
import { keyValues, readFooter } from "../parquet/footer.ts";
import type { FileSystemView } from "../file-group/file-system-view.ts";
import type { Storage } from "../storage/storage.ts";
import type { TableConfig } from "./table-config.ts";

/** Which of Hudi's key generators makes keys and partition folders; null: one that this library knows not. */
export type KeyGenerator = "SIMPLE" | "COMPLEX" | "NON_PARTITION";

const CLASSES: Record<KeyGenerator, string> = {
  SIMPLE: "SimpleKeyGenerator",
  COMPLEX: "ComplexKeyGenerator",
  NON_PARTITION: "NonpartitionedKeyGenerator",
};
const PACKAGE = "org.apache.hudi.keygen";

export interface KeyFields {
  recordKey: readonly string[];
  partitionFields: readonly string[];
}

/** The one that Hudi chooses for these columns. */
export function keyGeneratorFor({ recordKey, partitionFields }: KeyFields): KeyGenerator {
  if (partitionFields.length === 0) return "NON_PARTITION";
  return recordKey.length > 1 || partitionFields.length > 1 ? "COMPLEX" : "SIMPLE";
}

export function keyGeneratorClass(generator: KeyGenerator): string {
  return `${PACKAGE}.${CLASSES[generator]}`;
}

/** The one that a table's properties name; that for its columns where they name none. */
export function readKeyGenerator(
  properties: ReadonlyMap<string, string>,
  fields: KeyFields,
): KeyGenerator | null {
  const type = properties.get("hoodie.table.keygenerator.type");
  const name = properties.get("hoodie.table.keygenerator.class");
  if (type === undefined && name === undefined) return keyGeneratorFor(fields);
  const all = Object.entries(CLASSES) as [KeyGenerator, string][];
  // each comes a second time, made for Avro, and does the same
  const plainType = type?.toUpperCase().replace(/_AVRO$/, "");
  const plainName = name?.slice(name.lastIndexOf(".") + 1).replace("AvroKeyGenerator", "KeyGenerator");
  const found = all.find(([kind, className]) =>
    type === undefined ? className === plainName : kind === plainType,
  );
  return found?.[0] ?? null;
}

/**
 * Whether `_hoodie_record_key` names its columns, as `device:M1,seq:7` does; null when only the table's rows can tell.
 * Of several columns it always does. Of one the complex generator named it, then did not (0.14.1 to 1.0.2, and Flink), and
 * from table version 9 on does again.
 */
export function namesKeyColumns(
  generator: KeyGenerator | null,
  { recordKey, version }: { recordKey: readonly string[]; version: number },
): boolean | null {
  if (recordKey.length > 1) return true;
  if (generator !== "COMPLEX") return false;
  return version >= 9 ? true : null;
}

/**
 * The same of a table whose properties don't tell, by the keys of its base files: what we would write otherwise would
 * double its rows. Null when it has rows but no base file yet.
 */
export async function namesKeyColumnsInFiles(
  { storage, basePath, view }: { storage: Storage; basePath: string; view: FileSystemView },
  column: string,
): Promise<boolean | null> {
  for (const file of view.files()) {
    const [path = ""] = await storage.localPaths([`${basePath}/${file.path}`]);
    const pairs = keyValues(await readFooter(path));
    const keys = ["hoodie_min_record_key", "hoodie_max_record_key"].map((name) => pairs.get(name));
    const [min, max] = keys;
    if (min === undefined || max === undefined) continue;
    return min.startsWith(`${column}:`) && max.startsWith(`${column}:`);
  }
  // Hudi 1.2 names it in a new table
  return view.partitions().length === 0 ? true : null;
}

/** Whether rows can be written so that Hudi's engines find them again. @throws HUDI_TABLE_UNSUPPORTED, HUDI_KEY_TYPE */
export function checkKeyGenerator(config: TableConfig): void {
  const { keyGenerator, namesKeys, properties, recordKey } = config;
  const name =
    properties.get("hoodie.table.keygenerator.type") ?? properties.get("hoodie.table.keygenerator.class");
  if (recordKey.length === 0) {
    throw unwritable("it has no record key: its keys are made up by the engine that writes", name);
  }
  if (keyGenerator === null) {
    throw unwritable(`its keys or folders are made by the key generator ${name}`, name);
  }
  if (namesKeys === null) {
    throw unwritable("nothing yet tells whether its keys name their column", name);
  }
  if (properties.get("hoodie.datasource.write.slash.separated.date.partitioning") === "true") {
    throw unwritable("its partition folders are dates with slashes", name);
  }
}

function unwritable(reason: string, keyGenerator: string | undefined): GridlakeError {
  return new GridlakeError("HUDI_TABLE_UNSUPPORTED", `the table can be read but not written: ${reason}`, {
    remedy:
      "write it with the engine that made it; this library writes tables with simple, complex and nonpartitioned keys, and of the undecided ones those that have been compacted once",
    details: { keyGenerator: keyGenerator ?? null },
  });
}
