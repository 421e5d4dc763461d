import { open, type FileHandle } from "node:fs/promises";
import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import {
  decodeStruct,
  encodeStruct,
  T,
  type ThriftList,
  type ThriftStruct,
  type ThriftValue,
} from "./thrift-compact.ts";

// file => "PAR1" column chunks … footer:FileMetaData footerLength:u32 "PAR1"
export const PARQUET_MAGIC = "PAR1";
const TAIL_BYTES = 8;

// field ids of parquet.thrift
const FILE_SCHEMA = 2;
const FILE_KEY_VALUES = 5;
const ELEMENT_CONVERTED_TYPE = 6;
const ELEMENT_LOGICAL_TYPE = 10;
const CONVERTED_INT_32 = 17n;
const CONVERTED_INT_64 = 18n;

export function fieldOf(struct: ThriftStruct, id: number): ThriftValue | undefined {
  return struct.find((field) => field.id === id)?.value;
}

export function listOf(struct: ThriftStruct, id: number): ThriftList {
  const value = fieldOf(struct, id);
  return typeof value === "object" && "items" in value ? value : { elementType: T.STRUCT, items: [] };
}

/** Puts a field in its place by id, in place of one that is there. */
export function setField(struct: ThriftStruct, field: ThriftStruct[number]): void {
  const at = struct.findIndex((other) => other.id >= field.id);
  if (at === -1) struct.push(field);
  else struct.splice(at, struct[at]?.id === field.id ? 1 : 0, field);
}

/**
 * Takes the annotation "signed integer of 32 or 64 bits" off the columns, which then are plain INT32 and INT64: the same
 * values. Hudi 1.2's column statistics refuse the annotated ones and then leave the file out of data skipping's answer,
 * so that filtered reads in Spark lose rows.
 */
export function stripIntegerAnnotations(footer: ThriftStruct): void {
  for (const element of listOf(footer, FILE_SCHEMA).items as ThriftStruct[]) {
    const converted = fieldOf(element, ELEMENT_CONVERTED_TYPE);
    if (converted !== CONVERTED_INT_32 && converted !== CONVERTED_INT_64) continue;
    for (const id of [ELEMENT_CONVERTED_TYPE, ELEMENT_LOGICAL_TYPE]) {
      const at = element.findIndex((field) => field.id === id);
      if (at !== -1) element.splice(at, 1);
    }
  }
}

export function keyValues(footer: ThriftStruct): Map<string, string> {
  const pairs = (listOf(footer, FILE_KEY_VALUES).items as ThriftStruct[]).map((pair): [string, string] => [
    String(fieldOf(pair, 1)),
    String(fieldOf(pair, 2) ?? ""),
  ]);
  return new Map(pairs);
}

/** Adds key-value pairs, in place of those with the same key. */
export function setKeyValues(footer: ThriftStruct, pairs: Readonly<Record<string, string>>): void {
  const all = new Map([...keyValues(footer), ...Object.entries(pairs)]);
  const items = [...all].map(([key, value]): ThriftStruct => [
    { id: 1, type: T.BINARY, value: Buffer.from(key) },
    { id: 2, type: T.BINARY, value: Buffer.from(value) },
  ]);
  setField(footer, { id: FILE_KEY_VALUES, type: T.LIST, value: { elementType: T.STRUCT, items } });
}

/** Bytes that most footers fit in. */
const FIRST_READ = 64 * 1024;

/** Bytes [from, from + length) of a file, as many as there are. */
type ReadBytes = (from: number, length: number) => Promise<Buffer>;

async function readBackwards(
  read: ReadBytes,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): Promise<{ start: number; footer: ThriftStruct }> {
  const corrupt = (cause?: unknown) =>
    new GridlakeError("HUDI_FOOTER_CORRUPT", `${path} does not end as a Parquet file does`, {
      remedy: "restore the file, or roll back the commit that wrote it",
      details: { path },
      cause,
    });
  const from = Math.max(0, sizeBytes - FIRST_READ);
  const end = await read(from, sizeBytes - from);
  if (end.length < TAIL_BYTES || end.toString("latin1", end.length - 4) !== PARQUET_MAGIC) throw corrupt();
  const length = end.readUInt32LE(end.length - TAIL_BYTES);
  const start = sizeBytes - TAIL_BYTES - length;
  if (start < PARQUET_MAGIC.length) throw corrupt();
  const bytes =
    start >= from ? end.subarray(start - from, end.length - TAIL_BYTES) : await read(start, length);
  try {
    return { start, footer: decodeStruct(bytes) };
  } catch (cause) {
    throw corrupt(cause);
  }
}

/** The footer of an open file, and where it begins. @throws HUDI_FOOTER_CORRUPT naming the file. */
export async function readFooterOf(
  file: FileHandle,
  path: string,
): Promise<{ start: number; footer: ThriftStruct }> {
  const { size } = await file.stat();
  const read = async (from: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, from);
    return bytes.subarray(0, bytesRead);
  };
  return readBackwards(read, { path, sizeBytes: size });
}

/** A footer, and no more of the file. @throws HUDI_FOOTER_CORRUPT naming the file; also when it is gone. */
export async function readFooterRange(
  storage: Pick<Storage, "readRange">,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): Promise<ThriftStruct> {
  const read = async (from: number, length: number) =>
    (await storage.readRange(path, { from, length })) ?? Buffer.alloc(0);
  return (await readBackwards(read, { path, sizeBytes })).footer;
}

/** @throws HUDI_FOOTER_CORRUPT naming the file. */
export async function readFooter(path: string): Promise<ThriftStruct> {
  const file = await open(path, "r");
  try {
    return (await readFooterOf(file, path)).footer;
  } finally {
    await file.close();
  }
}

/** Changes a file's footer where it stands. Not atomic, not synced: for a file that nobody reads yet. */
export async function editFooter(path: string, edit: (footer: ThriftStruct) => void): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { start, footer } = await readFooterOf(file, path);
    edit(footer);
    const end = await writeFooter(file, { footer, at: start });
    await file.truncate(end);
  } finally {
    await file.close();
  }
}

/** Writes a footer and the file's tail at `at`, where the column chunks end. Gives where the file ends. */
export async function writeFooter(
  file: FileHandle,
  { footer, at }: { footer: ThriftStruct; at: number },
): Promise<number> {
  const bytes = encodeStruct(footer);
  const tail = Buffer.alloc(TAIL_BYTES);
  tail.writeUInt32LE(bytes.length);
  tail.write(PARQUET_MAGIC, 4, "latin1");
  const whole = Buffer.concat([bytes, tail]);
  await file.write(whole, 0, whole.length, at);
  return at + whole.length;
}
