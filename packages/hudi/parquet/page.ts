import { promisify } from "node:util";
import { zstdCompressSync, zstdDecompress, zstdDecompressSync } from "node:zlib";
import { assert } from "@gridlake/kernel";
import { CODEC, ENCODING } from "./file-metadata.ts";
import { fieldOf } from "./footer.ts";
import { decodePrefix, encodeStruct, T, type ThriftField, type ThriftStruct } from "./thrift-compact.ts";

// chunk => dictionaryPage? dataPage*            page => header body
// body of a dictionary page    => values, PLAIN
// body of a data page, version 1 => repetitionLevels? definitionLevels? values, compressed as one
// levels => length:u32 runs, where a value can be repeated, or null

const PAGE = { type: 1, bytes: 2, storedBytes: 3, data: 5, dictionary: 7 } as const;
/** The least that Node takes. */
const MIN_CHUNK_BYTES = 64;
const decompress = promisify(zstdDecompress);
const PAGE_TYPE = { data: 0n, dictionary: 2n } as const;
const DATA = { values: 1, encoding: 2 } as const;

export interface Page {
  isDictionary: boolean;
  /** Of a data page with its nulls. */
  values: number;
  encoding: number;
  /** Uncompressed. */
  bytes: number;
  /** The body as it lies in the file. */
  stored: Buffer;
  /** The header and the body as they lie in the file. */
  whole: Buffer;
}

/** The pages of a chunk. */
export function* pagesOf(chunk: Buffer): Generator<Page> {
  for (let at = 0; at < chunk.length;) {
    const { struct, end } = decodePrefix(chunk, at);
    const type = fieldOf(struct, PAGE.type);
    const isDictionary = type === PAGE_TYPE.dictionary;
    assert(isDictionary || type === PAGE_TYPE.data, `a Parquet page of type ${type}`);
    const head = (fieldOf(struct, isDictionary ? PAGE.dictionary : PAGE.data) ?? []) as ThriftStruct;
    const next = end + numberOf(struct, PAGE.storedBytes);
    yield {
      isDictionary,
      values: numberOf(head, DATA.values),
      encoding: numberOf(head, DATA.encoding),
      bytes: numberOf(struct, PAGE.bytes),
      stored: chunk.subarray(end, next),
      whole: chunk.subarray(at, next),
    };
    at = next;
  }
}

function numberOf(struct: ThriftStruct, id: number): number {
  return Number((fieldOf(struct, id) ?? 0n) as bigint);
}

function i32(id: number, value: number | bigint): ThriftField {
  return { id, type: T.I32, value: BigInt(value) };
}

/** As `pageBody`, while other work goes on. */
export async function pageBodyAside({ stored, bytes }: Page, codec: number): Promise<Buffer> {
  if (codec === CODEC.none) return stored;
  assert(codec === CODEC.zstd, `a Parquet page of codec ${codec}`);
  const chunkSize = Math.max(MIN_CHUNK_BYTES, bytes);
  return decompress(stored, { chunkSize, maxOutputLength: chunkSize });
}

export function pageBody({ stored, bytes }: Page, codec: number): Buffer {
  if (codec === CODEC.none) return stored;
  assert(codec === CODEC.zstd, `a Parquet page of codec ${codec}`);
  // in one piece, for otherwise Node puts it together of pieces of 16 KiB
  const chunkSize = Math.max(MIN_CHUNK_BYTES, bytes);
  return zstdDecompressSync(stored, { chunkSize, maxOutputLength: chunkSize });
}

export function compressBody(body: Buffer, codec: number): Buffer {
  if (codec === CODEC.none) return body;
  assert(codec === CODEC.zstd, `a Parquet page of codec ${codec}`);
  return zstdCompressSync(body, { chunkSize: Math.max(MIN_CHUNK_BYTES, body.length) });
}

/** Where the values of a data page begin: behind so many levels, each with its length. */
export function valuesAt(body: Buffer, levels: number): number {
  let at = 0;
  for (let i = 0; i < levels; i += 1) at += 4 + body.readUInt32LE(at);
  return at;
}

/** A page's header and its body, which is compressed already. */
export function encodePage(page: {
  isDictionary: boolean;
  values: number;
  encoding: number;
  /** Uncompressed. */
  bytes: number;
  stored: Buffer;
}): Buffer {
  const levels = page.isDictionary ? [] : [i32(3, ENCODING.rle), i32(4, ENCODING.rle)];
  const head: ThriftStruct = [i32(DATA.values, page.values), i32(DATA.encoding, page.encoding), ...levels];
  const header = encodeStruct([
    i32(PAGE.type, page.isDictionary ? PAGE_TYPE.dictionary : PAGE_TYPE.data),
    i32(PAGE.bytes, page.bytes),
    i32(PAGE.storedBytes, page.stored.length),
    { id: page.isDictionary ? PAGE.dictionary : PAGE.data, type: T.STRUCT, value: head },
  ]);
  return Buffer.concat([header, page.stored]);
}

/** A run of `count` equal values in the RLE encoding: `count << 1`, then the value in a byte. */
export function run(count: number, value: 0 | 1): Buffer {
  const bytes: number[] = [];
  let rest = count * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest, value]);
}

/** The definition levels of a page without nulls: one run of ones, behind its length. */
export function allPresent(values: number): Buffer {
  const runs = run(values, 1);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(runs.length);
  return Buffer.concat([length, runs]);
}
