import { BLOCK_HEADER, FORMAT_VERSION, type LogBlock, MAGIC, U32_BYTES, U64_BYTES } from "./log-block.ts";
import type { LogSource } from "./log-source.ts";

/** Bytes between blocks, or in place of some, that are no block. */
export interface CorruptRegion {
  kind: "corrupt";
  at: number;
  /** Behind its last byte: where a block begins, or the file ends. */
  end: number;
  /** What is wrong, for people. */
  why: string;
  /**
   * The instant in what may be the headers of a block that was torn; null when they can't be read. Nothing vouches
   * for it.
   */
  instant: string | null;
}

const PREFIX_BYTES = MAGIC.length + U64_BYTES;
/** A body without headers and content, and the total behind it. */
const MIN_LENGTH = 4 * U32_BYTES + 2 * U64_BYTES;
/** The fewest bytes that a block with an instant among its headers has. */
export const MIN_BLOCK_BYTES = PREFIX_BYTES + MIN_LENGTH + 2 * U32_BYTES + "yyyyMMddHHmmss".length;
/** More than any engine gives a block; what claims to have more is no block. */
const MAX_HEADERS = 64;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
const SEARCH_BYTES = 1024 * 1024;
const INSTANT = /^(\d{14}|\d{17})$/;

/**
 * The blocks of a log file in order, without their contents, and between them what is corrupt: every byte of the file
 * is in exactly one of either. A block counts when it begins with the magic, is as long as its two lengths agree, and
 * its parts fill it exactly. Behind anything else the scan goes on at the next magic.
 */
export async function* scanLog(source: LogSource): AsyncGenerator<LogBlock | CorruptRegion> {
  let region: CorruptRegion | null = null;
  for (let at = 0; at < source.sizeBytes;) {
    const found = await blockAt(source, at);
    if (typeof found !== "string") {
      if (region) yield region;
      region = null;
      yield found;
      at = found.end;
      continue;
    }
    const end = await nextMagic(source, at + 1);
    // a magic within torn bytes begins no block: it is all one
    region ??= { kind: "corrupt", at, end, why: found, instant: await tornInstant(source, { at, end }) };
    region.end = end;
    at = end;
  }
  if (region) yield region;
}

/** The block, or why there is none. */
async function blockAt(source: LogSource, at: number): Promise<LogBlock | string> {
  const left = source.sizeBytes - at;
  const prefix = await source.read(at, Math.min(left, PREFIX_BYTES));
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, prefix.length)))
    return "no block begins here";
  if (left < PREFIX_BYTES + MIN_LENGTH) return "the block is cut off";
  const length = Number(prefix.readBigUInt64BE(MAGIC.length));
  if (length < MIN_LENGTH) return `a block can't be ${length} bytes long`;
  if (length > left - PREFIX_BYTES)
    return `the block is ${length} bytes long, and only ${left - PREFIX_BYTES} are left`;
  const end = at + PREFIX_BYTES + length;
  const cursor = new Cursor(source, { at: at + PREFIX_BYTES, end: end - U64_BYTES });
  const format = await cursor.u32();
  const type = await cursor.u32();
  const headers = await readHeaders(cursor);
  const contentLength = headers && (await cursor.u64());
  const contentAt = cursor.at;
  // the end comes last, so that a block is two windows of the file
  const total = Number((await source.read(end - U64_BYTES, U64_BYTES)).readBigUInt64BE());
  if (total !== MAGIC.length + length)
    return `the block is ${length} bytes long by its first length, ${total - MAGIC.length} by its last`;
  if (format !== FORMAT_VERSION) return `the block has the format ${format}, not ${FORMAT_VERSION}`;
  if (type === null || headers === null || contentLength === null) return "the block's headers overrun it";
  cursor.at += contentLength;
  if ((await readHeaders(cursor)) === null || cursor.at !== end - U64_BYTES)
    return `the parts of the block don't fill its ${length} bytes`;
  return { kind: "block", type, headers, at, end, contentAt, contentLength };
}

/** Reads what it can of the bytes before an end; null beyond. */
class Cursor {
  readonly #source: LogSource;
  readonly #end: number;
  at: number;

  constructor(source: LogSource, { at, end }: { at: number; end: number }) {
    this.#source = source;
    this.at = at;
    this.#end = end;
  }

  async bytes(length: number): Promise<Buffer | null> {
    if (length > this.#end - this.at) return null;
    const bytes = await this.#source.read(this.at, length);
    this.at += length;
    return bytes;
  }

  async u32(): Promise<number | null> {
    return (await this.bytes(U32_BYTES))?.readUInt32BE() ?? null;
  }

  async u64(): Promise<number | null> {
    const bytes = await this.bytes(U64_BYTES);
    return bytes && Number(bytes.readBigUInt64BE());
  }
}

async function readHeaders(cursor: Cursor): Promise<Map<number, string> | null> {
  const count = await cursor.u32();
  if (count === null || count > MAX_HEADERS) return null;
  const headers = new Map<number, string>();
  for (let i = 0; i < count; i += 1) {
    const key = await cursor.u32();
    const length = await cursor.u32();
    if (key === null || length === null || length > MAX_HEADER_BYTES) return null;
    const text = await cursor.bytes(length);
    if (text === null) return null;
    headers.set(key, text.toString("utf8"));
  }
  return headers;
}

/** Where the next magic is that begins at or behind `from`; the file's end when there is none. */
async function nextMagic(source: LogSource, from: number): Promise<number> {
  for (let at = from; at < source.sizeBytes; at += SEARCH_BYTES) {
    const length = Math.min(SEARCH_BYTES + MAGIC.length - 1, source.sizeBytes - at);
    const found = (await source.read(at, length)).indexOf(MAGIC);
    if (found !== -1) return at + found;
  }
  return source.sizeBytes;
}

/** The instant in the headers of a block whose end is missing or wrong. */
async function tornInstant(source: LogSource, region: { at: number; end: number }): Promise<string | null> {
  const cursor = new Cursor(source, { at: region.at, end: region.end });
  const magic = await cursor.bytes(MAGIC.length);
  if (!magic?.equals(MAGIC)) return null;
  cursor.at += U64_BYTES;
  if ((await cursor.u32()) !== FORMAT_VERSION || (await cursor.u32()) === null) return null;
  const count = await cursor.u32();
  if (count === null || count > MAX_HEADERS) return null;
  for (let i = 0; i < count; i += 1) {
    const key = await cursor.u32();
    const length = await cursor.u32();
    const text = length === null ? null : await cursor.bytes(length);
    if (text === null) return null;
    const isInstant = key === BLOCK_HEADER.instantTime && INSTANT.test(text.toString("utf8"));
    if (isInstant) return text.toString("utf8");
  }
  return null;
}
