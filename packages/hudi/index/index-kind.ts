import { GridlakeError } from "@gridlake/kernel";

/**
 * How a write finds the rows that it changes.
 * `simple`: joins with the key columns of the files whose key ranges fit. `bloom`: asks those files' bloom filters first.
 * `bucket`: the key's hash says in which of a fixed number of file groups per partition it is; new keys need no look at all.
 */
export type TableIndex =
  | { kind: "simple" }
  | { kind: "bloom"; falsePositiveRate: number }
  | { kind: "bucket"; buckets: number; fields: readonly string[] };

const TYPE = "hoodie.index.type";
const BUCKETS = "hoodie.bucket.index.num.buckets";
const FIELDS = "hoodie.bucket.index.hash.field";
const FALSE_POSITIVES = "hoodie.index.bloom.fpp";
const ENGINE = "hoodie.index.bucket.engine";
const PARTITION_RULE = "hoodie.bucket.index.partition.expressions";
const DEFAULT_FALSE_POSITIVES = 0.001;
/** So many fit the eight digits in a file group's name. */
const MAX_BUCKETS = 99_999_999;

/** What `hoodie.properties` says of an index; the names are those of Hudi's writers. */
export function indexProperties(index: TableIndex): Record<string, string> {
  if (index.kind === "bucket") {
    return { [TYPE]: "BUCKET", [BUCKETS]: String(index.buckets), [FIELDS]: index.fields.join(",") };
  }
  return index.kind === "bloom"
    ? { [TYPE]: "BLOOM", [FALSE_POSITIVES]: String(index.falsePositiveRate) }
    : {};
}

/** @throws HUDI_TABLE_UNSUPPORTED for a bucket index without a number of buckets */
export function indexOf(properties: ReadonlyMap<string, string>): TableIndex {
  const type = properties.get(TYPE);
  if (type === "BLOOM") {
    return {
      kind: "bloom",
      falsePositiveRate: Number(properties.get(FALSE_POSITIVES) ?? DEFAULT_FALSE_POSITIVES),
    };
  }
  if (type !== "BUCKET") return { kind: "simple" };
  const buckets = Number(properties.get(BUCKETS));
  const fields = (properties.get(FIELDS) ?? properties.get("hoodie.table.recordkey.fields") ?? "").split(",");
  if (Number.isInteger(buckets) && buckets > 0) return { kind: "bucket", buckets, fields };
  throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `the table has ${BUCKETS}=${properties.get(BUCKETS)}`, {
    remedy: "set the number of buckets that its writers use",
    details: { key: BUCKETS, value: properties.get(BUCKETS) ?? null },
  });
}

/** @throws HUDI_TABLE_UNSUPPORTED for a bucket index whose file groups this library can read, but not tell for a new key. */
export function checkWritableIndex({
  properties,
  recordKey,
  namesKeys,
}: {
  properties: ReadonlyMap<string, string>;
  recordKey: readonly string[];
  /** Whether `_hoodie_record_key` names its columns. */
  namesKeys: boolean | null;
}): void {
  const engine = properties.get(ENGINE) ?? "SIMPLE";
  const rule = properties.get(PARTITION_RULE) ?? "";
  if (properties.get(TYPE) !== "BUCKET") return;
  // some engines then hash the name too, and some do not
  const isNamed = recordKey.length === 1 && namesKeys === true;
  if (engine === "SIMPLE" && rule === "" && !isNamed) return;
  const [key, value] =
    engine !== "SIMPLE"
      ? [ENGINE, engine]
      : rule !== ""
        ? [PARTITION_RULE, rule]
        : [TYPE, "BUCKET and keys that name their only column"];
  throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", `the table has ${key}=${value}`, {
    remedy:
      "it can be read here; write it with the engine that made it, or with the same number of buckets everywhere",
    details: { key, value },
  });
}

/** @throws HUDI_INDEX for an index that a table with this key can't have. */
export function checkIndex(index: TableIndex, recordKey: readonly string[]): void {
  const wrong = (message: string, remedy: string) =>
    new GridlakeError("HUDI_INDEX", message, { remedy, details: { index, recordKey } });
  if (index.kind === "bloom" && !(index.falsePositiveRate > 0 && index.falsePositiveRate < 1)) {
    throw wrong(
      `a falsePositiveRate of ${index.falsePositiveRate}`,
      "choose one between 0 and 1, such as 0.001",
    );
  }
  if (index.kind !== "bucket") return;
  const { buckets, fields } = index;
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MAX_BUCKETS) {
    throw wrong(`${buckets} buckets`, `choose a whole number from 1 to ${MAX_BUCKETS}`);
  }
  const foreign = fields.find((field) => !recordKey.includes(field));
  if (fields.length === 0 || foreign !== undefined) {
    throw wrong(
      foreign === undefined ? "a bucket index over no fields" : `a bucket index over ${foreign}`,
      `hash fields of the record key: ${recordKey.join(", ")}`,
    );
  }
}
