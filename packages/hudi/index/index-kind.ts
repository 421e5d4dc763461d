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
const DEFAULT_FALSE_POSITIVES = 0.001;

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
