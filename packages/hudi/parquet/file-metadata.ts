import { fieldOf, listOf, setField } from "./footer.ts";
import { T, type ThriftStruct, type ThriftValue } from "./thrift-compact.ts";

// What parquet.thrift calls FileMetaData, as far as files are taken apart and put together here.
const ROW_COUNT = 3;
const ROW_GROUPS = 4;
const GROUP_CHUNKS = 1;
const GROUP_BYTES = 2;
const GROUP_ROWS = 3;
const GROUP_OFFSET = 5;
const GROUP_STORED_BYTES = 6;
const GROUP_ORDINAL = 7;
const CHUNK_META_DATA = 3;
const META = {
  type: 1,
  encodings: 2,
  path: 3,
  codec: 4,
  values: 5,
  bytes: 6,
  storedBytes: 7,
  dataPage: 9,
  indexPage: 10,
  dictionaryPage: 11,
  statistics: 12,
  bloomOffset: 14,
  bloomLength: 15,
} as const;
const STATISTICS = { max: 5, min: 6, maxIsExact: 7, minIsExact: 8, nulls: 3 } as const;

/** parquet.thrift's numbers. */
export const CODEC = { none: 0, snappy: 1, zstd: 6 } as const;
export const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 } as const;
export const PHYSICAL = { int32: 1, int64: 2, byteArray: 6, fixedBytes: 7 } as const;

/** A column's bytes in a row group. `meta` is the footer's own: what is changed in it is changed there. */
export interface ColumnChunk {
  /** The names from the column down, as in the schema. */
  path: readonly string[];
  meta: ThriftStruct;
}

export interface RowGroup {
  struct: ThriftStruct;
  rows: number;
  chunks: ColumnChunk[];
}

export function rowGroups(footer: ThriftStruct): RowGroup[] {
  return (listOf(footer, ROW_GROUPS).items as ThriftStruct[]).map((struct) => ({
    struct,
    rows: numberOf(struct, GROUP_ROWS),
    chunks: (listOf(struct, GROUP_CHUNKS).items as ThriftStruct[]).map((chunk) => {
      const meta = (fieldOf(chunk, CHUNK_META_DATA) ?? []) as ThriftStruct;
      return { path: listOf(meta, META.path).items.map(String), meta };
    }),
  }));
}

/** Leaves these row groups in the footer. */
export function setRowGroups(footer: ThriftStruct, groups: readonly RowGroup[]): void {
  const items = groups.map(({ struct }, ordinal) => {
    if (fieldOf(struct, GROUP_ORDINAL) !== undefined) setNumber(struct, GROUP_ORDINAL, ordinal, T.I16);
    return struct;
  });
  setField(footer, { id: ROW_GROUPS, type: T.LIST, value: { elementType: T.STRUCT, items } });
  setNumber(
    footer,
    ROW_COUNT,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
}

/** Gives a row group other chunks, which lie from `offset` on. */
export function setChunks(group: RowGroup, chunks: readonly ColumnChunk[], offset: number): void {
  const items = chunks.map(({ meta }): ThriftStruct => [
    { id: 2, type: T.I64, value: 0n },
    { id: CHUNK_META_DATA, type: T.STRUCT, value: meta },
  ]);
  setField(group.struct, { id: GROUP_CHUNKS, type: T.LIST, value: { elementType: T.STRUCT, items } });
  const sum = (id: number) => chunks.reduce((total, { meta }) => total + numberOf(meta, id), 0);
  setNumber(group.struct, GROUP_BYTES, sum(META.bytes));
  setNumber(group.struct, GROUP_STORED_BYTES, sum(META.storedBytes));
  setNumber(group.struct, GROUP_OFFSET, offset);
}

export function codecOf({ meta }: ColumnChunk): number {
  return numberOf(meta, META.codec);
}

/** Where a chunk's pages lie in the file. */
export function extentOf({ meta }: ColumnChunk): { offset: number; bytes: number } {
  const dictionary = fieldOf(meta, META.dictionaryPage);
  const offset = dictionary === undefined ? numberOf(meta, META.dataPage) : Number(dictionary as bigint);
  return { offset, bytes: numberOf(meta, META.storedBytes) };
}

/** What a row group's pages take in the file. */
export function storedBytesOf({ chunks }: RowGroup): number {
  return chunks.reduce((sum, { meta }) => sum + numberOf(meta, META.storedBytes), 0);
}

/** Says that the pages have moved. */
export function moveChunk({ meta }: ColumnChunk, by: number): void {
  for (const id of [META.dataPage, META.indexPage, META.dictionaryPage]) {
    if (fieldOf(meta, id) !== undefined) setNumber(meta, id, numberOf(meta, id) + by);
  }
}

/** Says where the pages of a chunk that was written anew lie, and how many bytes they are. */
export function placeChunk(
  { meta }: ColumnChunk,
  place: { dictionaryPage: number | null; dataPage: number; bytes: number; storedBytes: number },
): void {
  if (place.dictionaryPage !== null) setNumber(meta, META.dictionaryPage, place.dictionaryPage);
  setNumber(meta, META.dataPage, place.dataPage);
  setNumber(meta, META.bytes, place.bytes);
  setNumber(meta, META.storedBytes, place.storedBytes);
}

/** Where DuckDB keeps a Parquet bloom filter of the chunk's values; null when there is none. */
export function parquetBloomOf({ meta }: ColumnChunk): { offset: number; bytes: number } | null {
  const offset = fieldOf(meta, META.bloomOffset);
  const bytes = fieldOf(meta, META.bloomLength);
  return offset === undefined || bytes === undefined
    ? null
    : { offset: Number(offset), bytes: Number(bytes) };
}

export function placeParquetBloom({ meta }: ColumnChunk, offset: number): void {
  setNumber(meta, META.bloomOffset, offset);
}

export function dropParquetBloom({ meta }: ColumnChunk): void {
  removeField(meta, META.bloomOffset);
  removeField(meta, META.bloomLength);
}

export function setPhysicalType({ meta }: ColumnChunk, type: number): void {
  setNumber(meta, META.type, type, T.I32);
}

/** A chunk's bounds and nulls, as bytes; null where they are not told. */
export function statisticsOf({ meta }: ColumnChunk): {
  min: Buffer | null;
  max: Buffer | null;
  nulls: number | null;
} {
  const statistics = (fieldOf(meta, META.statistics) ?? []) as ThriftStruct;
  const nulls = fieldOf(statistics, STATISTICS.nulls);
  return {
    min: bytesOrNull(fieldOf(statistics, STATISTICS.min)),
    max: bytesOrNull(fieldOf(statistics, STATISTICS.max)),
    nulls: nulls === undefined ? null : Number(nulls),
  };
}

/** Gives a chunk other bounds, exact as before; only those of the order that its logical type has. */
export function setBounds({ meta }: ColumnChunk, change: (bound: Buffer) => Buffer): void {
  const statistics = fieldOf(meta, META.statistics) as ThriftStruct | undefined;
  if (!statistics) return;
  // the first two fields are of an age without an order
  for (const id of [1, 2]) removeField(statistics, id);
  for (const id of [STATISTICS.min, STATISTICS.max]) {
    const bound = fieldOf(statistics, id);
    if (Buffer.isBuffer(bound)) setField(statistics, { id, type: T.BINARY, value: change(bound) });
  }
}

/** The same chunk of a column of another name; DuckDB's bloom filter of it is not copied. */
export function copyOfChunk({ meta }: ColumnChunk, name: string): ColumnChunk {
  // fields are replaced, and not changed, where a chunk is moved
  const copy: ColumnChunk = { path: [name], meta: [...meta] };
  const path: ThriftValue = { elementType: T.BINARY, items: [Buffer.from(name)] };
  setField(copy.meta, { id: META.path, type: T.LIST, value: path });
  dropParquetBloom(copy);
  return copy;
}

/** A chunk of texts that are all there, made here. Its pages are yet to be placed. */
export function textChunk(
  name: string,
  of: { rows: number; codec: number; encodings: readonly number[]; min: Buffer; max: Buffer },
): ColumnChunk {
  const statistics: ThriftStruct = [
    { id: STATISTICS.nulls, type: T.I64, value: 0n },
    { id: STATISTICS.max, type: T.BINARY, value: of.max },
    { id: STATISTICS.min, type: T.BINARY, value: of.min },
  ];
  const meta: ThriftStruct = [
    { id: META.type, type: T.I32, value: BigInt(PHYSICAL.byteArray) },
    { id: META.encodings, type: T.LIST, value: { elementType: T.I32, items: of.encodings.map(BigInt) } },
    { id: META.path, type: T.LIST, value: { elementType: T.BINARY, items: [Buffer.from(name)] } },
    { id: META.codec, type: T.I32, value: BigInt(of.codec) },
    { id: META.values, type: T.I64, value: BigInt(of.rows) },
    { id: META.statistics, type: T.STRUCT, value: statistics },
  ];
  return { path: [name], meta };
}

function bytesOrNull(value: ThriftValue | undefined): Buffer | null {
  return Buffer.isBuffer(value) ? value : null;
}

function numberOf(struct: ThriftStruct, id: number): number {
  return Number((fieldOf(struct, id) ?? 0n) as bigint);
}

function setNumber(struct: ThriftStruct, id: number, value: number, type: number = T.I64): void {
  setField(struct, { id, type, value: BigInt(value) });
}

function removeField(struct: ThriftStruct, id: number): void {
  const at = struct.findIndex((field) => field.id === id);
  if (at !== -1) struct.splice(at, 1);
}
