// What lies in the LMDB file (one tree, binary keys, integers big endian so that keys sort as their numbers do):
//
//   format row     key => kind:u8=0
//                  value => version:u32
//   partition row  key => kind:u8=1 id:u32
//                  value => crc32:u32 partition:u32 first:u48 next:u48 bytes:u48 topic:utf8
//   record         key => kind:u8=2 id:u32 offset:u48 timestampMs:u48 length:u32
//                  value => crc32:u32 headersLength:u16 headers:JSON in utf8, empty when there are none  value:bytes
//
// `length` and `timestampMs` stand in a record's key so that trimming and retention read keys alone, never values.
// A record's crc32 covers its value row after the crc, then its key: a record that moved to another offset is
// corrupt too. `bytes` is what the partition's records take in the file (`footprintBytes`).
import { crc32 } from "node:zlib";
import type { LogRecord, StoredRecord } from "../log.ts";
import { checkTimestamp, headersJson } from "../record.ts";

export const FORMAT_VERSION = 1;
export const FORMAT_KEY = Buffer.from([0]);
export const PARTITION_ROWS = { start: Buffer.from([1]), end: Buffer.from([2]) };

/** Page size of new files, fixed so that a file can move between machines. */
export const PAGE_BYTES = 4_096;
const PAGE_HEAD_BYTES = 24;
/** A node's own head, and its place in the page's index. */
const NODE_HEAD_BYTES = 8 + 2;

const RECORD_KEY_BYTES = 21;
const RECORD_HEAD_BYTES = 6;
const PARTITION_HEAD_BYTES = 26;

/** What is kept about one partition; offsets in [first, next) are stored. */
export interface PartitionRow {
  id: number;
  topic: string;
  partition: number;
  first: number;
  next: number;
  bytes: number;
}

export interface RecordKey {
  offset: number;
  timestampMs: number;
  /** Of the value row, head and headers included. */
  length: number;
}

export function encodeFormat(): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(FORMAT_VERSION);
  return value;
}

export function partitionKey(id: number): Buffer {
  const key = Buffer.alloc(5);
  key.writeUInt8(1, 0);
  key.writeUInt32BE(id, 1);
  return key;
}

export function encodePartition(row: PartitionRow): Buffer {
  const value = Buffer.alloc(PARTITION_HEAD_BYTES + Buffer.byteLength(row.topic));
  value.writeUInt32BE(row.partition, 4);
  value.writeUIntBE(row.first, 8, 6);
  value.writeUIntBE(row.next, 14, 6);
  value.writeUIntBE(row.bytes, 20, 6);
  value.write(row.topic, PARTITION_HEAD_BYTES);
  value.writeUInt32BE(crc32(partitionKey(row.id), crc32(value.subarray(4))), 0);
  return value;
}

/** Undefined when the row is not what was written. */
export function decodePartition(key: Buffer, value: Buffer): PartitionRow | undefined {
  if (key.length !== 5 || value.length < PARTITION_HEAD_BYTES) return undefined;
  if (value.readUInt32BE(0) !== crc32(key, crc32(value.subarray(4)))) return undefined;
  return {
    id: key.readUInt32BE(1),
    topic: value.toString("utf8", PARTITION_HEAD_BYTES),
    partition: value.readUInt32BE(4),
    first: value.readUIntBE(8, 6),
    next: value.readUIntBE(14, 6),
    bytes: value.readUIntBE(20, 6),
  };
}

/** The smallest possible key at `offset`, for ranges. */
export function recordBound(id: number, offset: number): Buffer {
  const key = Buffer.alloc(11);
  key.writeUInt8(2, 0);
  key.writeUInt32BE(id, 1);
  key.writeUIntBE(offset, 5, 6);
  return key;
}

function recordKey(id: number, { offset, timestampMs, length }: RecordKey): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  key.writeUInt8(2, 0);
  key.writeUInt32BE(id, 1);
  key.writeUIntBE(offset, 5, 6);
  key.writeUIntBE(timestampMs, 11, 6);
  key.writeUInt32BE(length, 17);
  return key;
}

/** Undefined when these bytes are no record's key. */
export function decodeRecordKey(key: Buffer): RecordKey | undefined {
  if (key.length !== RECORD_KEY_BYTES) return undefined;
  return {
    offset: key.readUIntBE(5, 6),
    timestampMs: key.readUIntBE(11, 6),
    length: key.readUInt32BE(17),
  };
}

/** A record as bytes that are nobody else's, complete but for the offset that its commit will give it. */
export interface EncodedRecord {
  row: Buffer;
  timestampMs: number;
  /** Over the row after its crc; the key is folded in by `seal`. */
  rowCrc: number;
}

/** @throws LOG_RECORD_INVALID for a timestamp that is no instant, or headers beyond 65,535 bytes or not text. */
export function encodeRecord(record: LogRecord): EncodedRecord {
  const { timestampMs, value } = record;
  checkTimestamp(timestampMs);
  const headers = headersJson(record.headers);
  const row = Buffer.allocUnsafe(RECORD_HEAD_BYTES + headers.length + value.byteLength);
  row.writeUInt16BE(headers.length, 4);
  headers.copy(row, RECORD_HEAD_BYTES);
  row.set(value, RECORD_HEAD_BYTES + headers.length);
  return { row, timestampMs, rowCrc: crc32(row.subarray(4)) };
}

/** Gives the record its offset: returns its key, and closes the row's crc over it. */
export function seal(record: EncodedRecord, place: { id: number; offset: number }): Buffer {
  const key = recordKey(place.id, {
    offset: place.offset,
    timestampMs: record.timestampMs,
    length: record.row.length,
  });
  record.row.writeUInt32BE(crc32(key, record.rowCrc), 0);
  return key;
}

/** Undefined when key and row are not what was written together. The value shares the row's memory. */
export function decodeRecord(key: Buffer, row: Buffer): StoredRecord | undefined {
  const fields = decodeRecordKey(key);
  if (fields === undefined || row.length < RECORD_HEAD_BYTES || fields.length !== row.length)
    return undefined;
  if (row.readUInt32BE(0) !== crc32(key, crc32(row.subarray(4)))) return undefined;
  const headersEnd = RECORD_HEAD_BYTES + row.readUInt16BE(4);
  const headers: Record<string, string> =
    headersEnd === RECORD_HEAD_BYTES ? {} : JSON.parse(row.toString("utf8", RECORD_HEAD_BYTES, headersEnd));
  return {
    offset: fields.offset,
    timestampMs: fields.timestampMs,
    headers,
    value: row.subarray(headersEnd),
  };
}

/**
 * Bytes that a row of `length` takes in the file. LMDB gives a row of more than about half a page pages of its own; of
 * smaller ones it packs some into a page, and splits a full page so that two thirds of what would fit stay, or more.
 */
export function footprintBytes(length: number): number {
  const node = NODE_HEAD_BYTES + RECORD_KEY_BYTES;
  const room = PAGE_BYTES - PAGE_HEAD_BYTES;
  if (node + length > room / 2) {
    return Math.ceil((PAGE_HEAD_BYTES + length) / PAGE_BYTES) * PAGE_BYTES + packedBytes(node + 24, room);
  }
  return packedBytes(node + length, room);
}

function packedBytes(node: number, room: number): number {
  const perPage = Math.max(1, Math.floor((Math.floor(room / node) * 2) / 3));
  return Math.ceil(PAGE_BYTES / perPage);
}
