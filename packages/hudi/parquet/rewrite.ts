import { type FileHandle, open, unlink } from "node:fs/promises";
import { assert } from "@gridlake/kernel";
import { type DecimalLeaf, fixDecimalChunk, fixDecimalSchema, pathKey } from "./decimal-chunk.ts";
import {
  type ColumnChunk,
  copyOfChunk,
  extentOf,
  moveChunk,
  parquetBloomOf,
  placeParquetBloom,
  type RowGroup,
  rowGroups,
  setChunks,
  setRowGroups,
} from "./file-metadata.ts";
import { fieldOf, listOf, PARQUET_MAGIC, readFooterOf, setField, writeFooter } from "./footer.ts";
import { type MadeChunk, placeMadeChunk } from "./made-chunk.ts";
import { schemaTree } from "./schema-tree.ts";
import { T, type ThriftStruct } from "./thrift-compact.ts";

// field ids of parquet.thrift
const FILE_SCHEMA = 2;
const FILE_COLUMN_ORDERS = 7;
const ELEMENT_CHILDREN = 5;
const CONVERTED_UTF8 = 0n;
const OPTIONAL = 1n;
const BYTE_ARRAY = 6n;

/** A column of texts, all of them there, that the source has not. */
export interface MadeColumn {
  name: string;
  /** Its place among the columns. Those before it are no structs, lists or maps. */
  position: number;
  /** Its values in a row group, whose first row is the file's `firstRow`-th, from 0; or the text column whose values it has. */
  values: ((rows: { firstRow: number; rows: number }) => MadeChunk) | { copyOf: string };
}

/** Row groups of a file on this machine, from `from` up to before `to`. */
export interface Part {
  path: string;
  /** @default all */
  groups?: { from: number; to: number };
}

export interface Rewrite {
  /** What to write, one after another; of files that one COPY wrote, so that they have one schema. */
  parts: readonly Part[];
  /** Written as new, and not synced; may be the file of the only part. */
  target: string;
  /** In order of their position. */
  made: readonly MadeColumn[];
  /** Changes the footer, which describes the target. */
  footer(footer: ThriftStruct): void;
}

/**
 * Writes Parquet files that DuckDB wrote once more, as one, as readers of Hudi need it: decimals as bytes, and with columns
 * that are cheaper made here. All other bytes are copied as they are, row group by row group.
 * @returns the footer of what was written
 * @throws HUDI_FOOTER_CORRUPT
 */
export async function rewrite({ parts, target, made, footer: change }: Rewrite): Promise<ThriftStruct> {
  const sources: Source[] = [];
  try {
    for (const part of parts) sources.push(await openPart(part));
    const [first] = sources;
    assert(first, "nothing to write");
    // what is being read goes on being there without its name
    if (parts.some(({ path }) => path === target)) await unlink(target);
    const to = await open(target, "w");
    try {
      for (const column of made) addColumn(first.footer, column);
      const at = await writeGroups(sources, { to, made });
      setRowGroups(
        first.footer,
        sources.flatMap(({ groups }) => groups),
      );
      change(first.footer);
      await writeFooter(to, { footer: first.footer, at });
      return first.footer;
    } finally {
      await to.close();
    }
  } finally {
    for (const { from } of sources) await from.close();
  }
}

interface Source {
  from: FileHandle;
  footer: ThriftStruct;
  decimals: ReadonlyMap<string, DecimalLeaf>;
  groups: RowGroup[];
}

async function openPart({ path, groups }: Part): Promise<Source> {
  const from = await open(path, "r");
  try {
    const { footer } = await readFooterOf(from, path);
    const decimals = fixDecimalSchema(schemaTree(footer));
    return { from, footer, decimals, groups: rowGroups(footer).slice(groups?.from, groups?.to) };
  } catch (error) {
    await from.close();
    throw error;
  }
}

/** @returns where they end */
async function writeGroups(
  sources: readonly Source[],
  { to, made }: { to: FileHandle; made: readonly MadeColumn[] },
): Promise<number> {
  let at = await write(to, [Buffer.from(PARQUET_MAGIC)]);
  let firstRow = 0;
  for (const { from, decimals, groups } of sources) {
    for (const group of groups) {
      const pagesOf = await readGroup(from, group);
      const laid = new LaidGroup(at);
      for (const chunk of group.chunks) {
        laid.make(made, { firstRow, group, pagesOf });
        const decimal = decimals.get(pathKey(chunk.path));
        if (decimal) laid.add(fixDecimalChunk(chunk, pagesOf(chunk), decimal));
        else laid.move(chunk, pagesOf(chunk));
      }
      laid.make(made, { firstRow, group, pagesOf });
      setChunks(group, laid.chunks, at);
      at += await write(to, laid.parts);
      firstRow += group.rows;
    }
  }
  for (const { from, groups } of sources) {
    for (const chunk of groups.flatMap(({ chunks }) => chunks)) {
      at += await copyBloom(chunk, { from, to, at });
    }
  }
  return at;
}

/** A row group as it will lie in the file. */
class LaidGroup {
  readonly chunks: ColumnChunk[] = [];
  readonly parts: Buffer[] = [];
  #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  /** Adds the columns whose place has come. */
  make(
    columns: readonly MadeColumn[],
    from: { firstRow: number; group: RowGroup; pagesOf: (chunk: ColumnChunk) => Buffer },
  ): void {
    for (const { name, position, values } of columns) {
      if (position !== this.chunks.length) continue;
      if (typeof values === "function") this.add(values({ firstRow: from.firstRow, rows: from.group.rows }));
      else this.#copy(name, values.copyOf, from);
    }
  }

  #copy(
    name: string,
    of: string,
    { group, pagesOf }: { group: RowGroup; pagesOf: (chunk: ColumnChunk) => Buffer },
  ): void {
    const chunk = group.chunks.find(({ path }) => path.length === 1 && path[0] === of);
    assert(chunk, `there is no column ${of} to copy`);
    const pages = pagesOf(chunk);
    const copy = copyOfChunk(chunk, name);
    moveChunk(copy, this.#at - extentOf(copy).offset);
    this.#lay(copy, [pages]);
  }

  add(made: MadeChunk): void {
    placeMadeChunk(made, this.#at);
    this.#lay(made.chunk, made.dictionaryPage ? [made.dictionaryPage, made.dataPages] : [made.dataPages]);
  }

  move(chunk: ColumnChunk, pages: Buffer): void {
    moveChunk(chunk, this.#at - extentOf(chunk).offset);
    this.#lay(chunk, [pages]);
  }

  #lay(chunk: ColumnChunk, parts: readonly Buffer[]): void {
    this.chunks.push(chunk);
    for (const part of parts) {
      this.parts.push(part);
      this.#at += part.length;
    }
  }
}

/** Reads a row group at once, and gives a chunk's pages in it. */
async function readGroup(from: FileHandle, { chunks }: RowGroup): Promise<(chunk: ColumnChunk) => Buffer> {
  const extents = chunks.map(extentOf);
  const start = Math.min(...extents.map(({ offset }) => offset));
  const end = Math.max(...extents.map(({ offset, bytes }) => offset + bytes));
  const region = await read(from, start, end - start);
  return (chunk) => {
    const { offset, bytes } = extentOf(chunk);
    return region.subarray(offset - start, offset - start + bytes);
  };
}

async function copyBloom(
  chunk: ColumnChunk,
  { from, to, at }: { from: FileHandle; to: FileHandle; at: number },
): Promise<number> {
  const bloom = parquetBloomOf(chunk);
  if (!bloom) return 0;
  placeParquetBloom(chunk, at);
  return write(to, [await read(from, bloom.offset, bloom.bytes)]);
}

async function read(from: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await from.read(buffer, 0, bytes, offset);
  assert(bytesRead === bytes, `read ${bytesRead} of ${bytes} bytes at ${offset}`);
  return buffer;
}

async function write(to: FileHandle, parts: Buffer[]): Promise<number> {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const { bytesWritten } = await to.writev(parts);
  assert(bytesWritten === bytes, `wrote ${bytesWritten} of ${bytes} bytes`);
  return bytes;
}

function addColumn(footer: ThriftStruct, { name, position }: MadeColumn): void {
  const schema = listOf(footer, FILE_SCHEMA);
  const root = (schema.items[0] ?? []) as ThriftStruct;
  const children = Number((fieldOf(root, ELEMENT_CHILDREN) ?? 0n) as bigint);
  setField(root, { id: ELEMENT_CHILDREN, type: T.I32, value: BigInt(children + 1) });
  const element: ThriftStruct = [
    { id: 1, type: T.I32, value: BYTE_ARRAY },
    { id: 3, type: T.I32, value: OPTIONAL },
    { id: 4, type: T.BINARY, value: Buffer.from(name) },
    { id: 6, type: T.I32, value: CONVERTED_UTF8 },
  ];
  schema.items.splice(position + 1, 0, element);
  const orders = listOf(footer, FILE_COLUMN_ORDERS);
  // the order of its type
  if (orders.items.length > 0) orders.items.splice(position, 0, [{ id: 1, type: T.STRUCT, value: [] }]);
}
