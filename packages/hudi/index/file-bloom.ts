import { keyValues } from "../parquet/footer.ts";
import type { Part } from "../parquet/rewrite.ts";
import { textValues } from "../parquet/text-values.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import {
  addToBloomFilter,
  BLOOM_OF_EVERYTHING,
  type BloomFilter,
  decodeBloomFilter,
  emptyBloomFilter,
} from "./bloom-filter.ts";
import type { TableIndex } from "./index-kind.ts";

/** The keys under which a base file's footer carries its filter, and its least and greatest record key. */
export const BLOOM_FOOTER = {
  filter: "org.apache.hudi.bloomfilter",
  typeCode: "hoodie_bloom_filter_type_code",
  minKey: "hoodie_min_record_key",
  maxKey: "hoodie_max_record_key",
} as const;

/** The bloom filter for the record keys of these rows that a table of this index wants, from the files as DuckDB wrote them. */
export async function bloomOfParts(
  index: TableIndex,
  { parts, column, rows }: { parts: readonly Part[]; column: string; rows: number },
): Promise<BloomFilter> {
  if (index.kind !== "bloom") return BLOOM_OF_EVERYTHING;
  const filter = emptyBloomFilter({ keys: Math.max(1, rows), falsePositiveRate: index.falsePositiveRate });
  for (const { path, groups } of parts) {
    for await (const keys of textValues(path, column, groups)) addToBloomFilter(filter, keys);
  }
  return filter;
}

/**
 * The filter that a base file's footer carries, ours or another engine's; null when it has none that could be used.
 * @throws HUDI_BLOOM_CORRUPT
 */
export function bloomOfFooter(footer: ThriftStruct): BloomFilter | null {
  const pairs = keyValues(footer);
  const text = pairs.get(BLOOM_FOOTER.filter);
  return text === undefined ? null : decodeBloomFilter(text, pairs.get(BLOOM_FOOTER.typeCode) ?? "SIMPLE");
}
