import { GridlakeError } from "@gridlake/kernel";
import { addKeys, hasAnyKey } from "./murmur-wasm.ts";

// Hudi's bloom filters, as a base file's footer carries them in base64; integers are big endian:
//
//   SIMPLE     => row
//   DYNAMIC_V0 => head rowKeys:i32 keysInLastRow:i32 rows:i32 row*        a key may be in any of the rows
//   row        => head bits              bit n is bit n % 8 of byte n / 8
//   head       => -1:i32 hashes:i32 hashType:u8 sizeBits:i32              hash type 1 is Murmur
//
// The head has no other form in use: what begins with a positive number is of an age before Hudi.

/** A set of keys that tells with certainty which keys are not in it. */
export interface BloomFilter {
  hashes: number;
  sizeBits: number;
  /** One in a filter of fixed size, several in one that grew. */
  rows: Uint8Array[];
}

export type BloomTypeCode = "SIMPLE" | "DYNAMIC_V0";

const VERSION = -1;
const MURMUR = 1;
const HEAD_BYTES = 13;
const MAX_BITS = 2 ** 31 - 1;

/** One hash and eight bits, all set: any key passes. Spark's BLOOM index asks every base file for a filter and breaks without. */
export const BLOOM_OF_EVERYTHING: BloomFilter = { hashes: 1, sizeBits: 8, rows: [Uint8Array.of(255)] };

/**
 * An empty filter for so many keys. It takes half of the hashes that would make it smallest: that costs a fifth more
 * bits and saves half of the time, for a hash goes over the whole key again.
 */
export function emptyBloomFilter({
  keys,
  falsePositiveRate,
}: {
  keys: number;
  /** The share of absent keys that pass, in (0, 1). */
  falsePositiveRate: number;
}): BloomFilter {
  const smallest = -Math.log2(falsePositiveRate);
  const hashes = Math.max(1, Math.round(smallest / 2));
  // a bit is set with 1 - e^(-hashes / bitsPerKey), an absent key passes with that to the power of the hashes
  const bitsPerKey = -hashes / Math.log(1 - falsePositiveRate ** (1 / hashes));
  const sizeBits = Math.min(MAX_BITS, Math.max(8, Math.ceil(keys * bitsPerKey)));
  return { hashes, sizeBits, rows: [new Uint8Array(Math.ceil(sizeBits / 8))] };
}

/** Adds `(length:u32, little endian, bytes)*`; a key is its UTF-8 text and never empty. */
export function addToBloomFilter({ hashes, sizeBits, rows }: BloomFilter, keys: Uint8Array): void {
  const bits = rows.at(-1);
  if (bits && keys.length > 0) addKeys({ keys, bits, hashes, sizeBits });
}

/** Whether the set may hold one of these keys; false is certain. */
export function mayContainAny({ hashes, sizeBits, rows }: BloomFilter, keys: Uint8Array): boolean {
  return keys.length > 0 && rows.some((bits) => hasAnyKey({ keys, bits, hashes, sizeBits }));
}

/** Keys, UTF-8, as a filter takes them. */
export function packKeys(keys: Iterable<Buffer>): Buffer {
  const parts: Buffer[] = [];
  for (const bytes of keys) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/** A filter of one row as SIMPLE, in base64. */
export function encodeBloomFilter({ hashes, sizeBits, rows }: BloomFilter): string {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeInt32BE(VERSION, 0);
  head.writeInt32BE(hashes, 4);
  head.writeUInt8(MURMUR, 8);
  head.writeInt32BE(sizeBits, 9);
  return Buffer.concat([head, ...rows]).toString("base64");
}

/**
 * Null for a hash other than Murmur, of which nothing can be told.
 * @throws HUDI_BLOOM_CORRUPT
 */
export function decodeBloomFilter(text: string, typeCode: string): BloomFilter | null {
  const bytes = Buffer.from(text, "base64");
  const isSimple = typeCode.toUpperCase() === "SIMPLE";
  if (!isSimple && typeCode.toUpperCase() !== "DYNAMIC_V0") throw corrupt(`its type is ${typeCode}`);
  const { hashes, sizeBits } = decodeHead(bytes, 0);
  if (hashes === null) return null;
  const rowBytes = HEAD_BYTES + Math.ceil(sizeBits / 8);
  const first = isSimple ? 0 : HEAD_BYTES + 12;
  if (bytes.length < first) throw corrupt("it ends early");
  const count = isSimple ? 1 : bytes.readInt32BE(first - 4);
  if (bytes.length !== first + count * rowBytes) {
    throw corrupt(`${bytes.length} bytes for ${count} rows of ${sizeBits} bits`);
  }
  const rows: Uint8Array[] = [];
  for (let at = first; at < bytes.length; at += rowBytes) {
    const head = decodeHead(bytes, at);
    if (head.hashes !== hashes || head.sizeBits !== sizeBits) throw corrupt("its rows differ");
    rows.push(bytes.subarray(at + HEAD_BYTES, at + rowBytes));
  }
  return { hashes, sizeBits, rows };
}

function decodeHead(bytes: Buffer, at: number): { hashes: number | null; sizeBits: number } {
  if (bytes.length < at + HEAD_BYTES) throw corrupt("it ends early");
  const hashes = bytes.readInt32BE(at + 4);
  const sizeBits = bytes.readInt32BE(at + 9);
  const isMurmur = bytes.readInt32BE(at) === VERSION && bytes.readUInt8(at + 8) === MURMUR;
  if (!isMurmur) return { hashes: null, sizeBits };
  if (hashes < 1 || sizeBits < 1) throw corrupt(`${hashes} hashes over ${sizeBits} bits`);
  return { hashes, sizeBits };
}

function corrupt(what: string): GridlakeError {
  return new GridlakeError("HUDI_BLOOM_CORRUPT", `a bloom filter is not valid: ${what}`, {
    remedy: "restore the file, or roll back the commit that wrote it",
  });
}
