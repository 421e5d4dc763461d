import { MIB } from "@gridlake/kernel";
import { keyValues, readFooterRange } from "../parquet/footer.ts";
import type { Storage } from "../storage/storage.ts";
import type { BloomFilter } from "./bloom-filter.ts";
import { BLOOM_FOOTER, bloomOfFooter } from "./file-bloom.ts";

/** What a base file's footer tells of its record keys. */
export interface FileKeys {
  /** Null when it has no filter that could be used. */
  filter: BloomFilter | null;
  /** The bounds of the keys, null when not told. */
  min: Buffer | null;
  max: Buffer | null;
}

/** Filters kept in memory, of all tables together. */
const MAX_BYTES = 64 * MIB;
/** What an entry takes beyond its filter, about. */
const ENTRY_BYTES = 512;

/** By the path of their file, which never changes; the least lately used first. */
const kept = new Map<string, { keys: FileKeys; bytes: number }>();
let keptBytes = 0;

/** Reads from its footer what a base file tells of its keys, or remembers it. @throws HUDI_FOOTER_CORRUPT, HUDI_BLOOM_CORRUPT */
export async function keysOfFile(
  storage: Storage,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): Promise<FileKeys> {
  const name = storage.uriOf(path);
  const known = kept.get(name);
  if (known) {
    kept.delete(name);
    kept.set(name, known);
    return known.keys;
  }
  const footer = await readFooterRange(storage, { path, sizeBytes });
  const pairs = keyValues(footer);
  const bytesOf = (key: string) => {
    const text = pairs.get(key);
    return text === undefined ? null : Buffer.from(text);
  };
  const filter = bloomOfFooter(footer);
  const keys = { filter, min: bytesOf(BLOOM_FOOTER.minKey), max: bytesOf(BLOOM_FOOTER.maxKey) };
  keep(name, keys);
  return keys;
}

function keep(name: string, keys: FileKeys): void {
  const bytes = ENTRY_BYTES + (keys.filter?.rows ?? []).reduce((sum, row) => sum + row.length, 0);
  kept.set(name, { keys, bytes });
  keptBytes += bytes;
  for (const [oldest, entry] of kept) {
    if (keptBytes <= MAX_BYTES) return;
    kept.delete(oldest);
    keptBytes -= entry.bytes;
  }
}
