import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DuckDBDataChunk, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import { type RecordCodec, recordCodec } from "../avro/record-codec.ts";
import { avroRecords } from "../log-file/avro-block.ts";
import { readDeletes } from "../log-file/delete-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE } from "../log-file/log-block.ts";
import { logCorrupt, type LogPlace } from "../log-file/log-error.ts";
import { readFooter } from "../parquet/footer.ts";
import { parseAvroSchema } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";
import { isInMs } from "../schema/foreign-column.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";
import { deleteOrdering } from "./delete-ordering.ts";
import { imageBuilder } from "./image-builder.ts";
import type { ImageCache } from "./image-cache.ts";
import type { VisibleBlock } from "./visible-blocks.ts";

/** To be raised whenever an image of the same block becomes another. */
const IMAGE_VERSION = 1;
const COPY_BYTES = 4 * 1024 * 1024;
/** DuckDB's vectors; a chunk holds no more. */
const CHUNK_ROWS = 2048;

/** What a block holds, as a Parquet file on this machine's disk. */
export interface BlockImage {
  /** `rows`: those of the block, as it has them. `deletes`: see DELETE_COLUMNS. */
  kind: "rows" | "deletes";
  path: string;
  /** The Avro schema of the rows as the block has it; "" of deletes that have none. */
  schema: string;
  /** Where the block is, for errors. */
  place: LogPlace;
}

/** Of a delete block's image; `ordering` casts to the ordering column's type, and is null where a delete always holds. */
export const DELETE_COLUMNS = [
  { name: "key", type: "VARCHAR" },
  { name: "ordering", type: "VARCHAR" },
] as const;

/** What the image of a block depends on. A block of one instant in one place of one file never changes. */
export function blockKey({ source, block, instant }: VisibleBlock, ordering: Column | null): unknown[] {
  const isDelete = block.type === BLOCK_TYPE.delete;
  const order = isDelete && ordering ? [ordering.name, ordering.type] : [];
  return ["block", IMAGE_VERSION, source.path, block.at, block.end, block.type, instant, ...order];
}

/** @throws HUDI_LOG_CORRUPT, HUDI_LOG_UNSUPPORTED, HUDI_COLUMN_TYPE */
export async function blockImage(
  visible: VisibleBlock,
  { cache, ordering }: { cache: ImageCache; ordering: Column | null },
): Promise<BlockImage> {
  const kind = visible.block.type === BLOCK_TYPE.delete ? "deletes" : "rows";
  const [path = ""] = await cache.get(blockKey(visible, ordering), [kind], async ([to = ""]) => {
    if (kind === "deletes") await writeDeletes(visible, ordering, to);
    else if (visible.block.type === BLOCK_TYPE.parquetData) await extractParquet(visible, to);
    else await decodeAvro(visible, to);
  });
  return { kind, path, schema: schemaOf(visible), place: placeOf(visible) };
}

/** @throws HUDI_LOG_CORRUPT when rows have none */
function schemaOf(visible: VisibleBlock): string {
  const { headers, type } = visible.block;
  const schema = headers.get(BLOCK_HEADER.schema);
  if (schema !== undefined) return schema;
  if (type === BLOCK_TYPE.delete) return "";
  throw logCorrupt(placeOf(visible), "the data block has no schema");
}

function placeOf({ source, block }: VisibleBlock): LogPlace {
  return { file: source.path, offset: block.at };
}

async function extractParquet(visible: VisibleBlock, to: string): Promise<void> {
  const { source, block } = visible;
  async function* parts(): AsyncGenerator<Buffer> {
    const end = block.contentAt + block.contentLength;
    for (let at = block.contentAt; at < end; at += COPY_BYTES) {
      yield await source.read(at, Math.min(COPY_BYTES, end - at));
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(to));
  try {
    await readFooter(to);
  } catch (cause) {
    throw logCorrupt(placeOf(visible), "its data block is no Parquet file", cause);
  }
}

async function decodeAvro(visible: VisibleBlock, to: string): Promise<void> {
  const codec = codecOf(schemaOf(visible), placeOf(visible));
  async function* rows(): AsyncGenerator<DuckDBValue[]> {
    for await (const records of avroRecords(visible.source, visible.block)) {
      for (const record of records) yield decoded(record, codec, visible);
    }
  }
  await writeRows(codec.columns, rows(), to);
}

function codecOf(schema: string, place: LogPlace): RecordCodec {
  let parsed: unknown;
  try {
    parsed = JSON.parse(schema);
  } catch (cause) {
    throw logCorrupt(place, "the data block's schema is no JSON", cause);
  }
  return recordCodec(parsed);
}

function decoded(record: Buffer, codec: RecordCodec, visible: VisibleBlock): DuckDBValue[] {
  try {
    return codec.decode(record);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw logCorrupt(placeOf(visible), `a record can't be read: ${cause.message}`, cause);
  }
}

async function writeDeletes(visible: VisibleBlock, ordering: Column | null, to: string): Promise<void> {
  const { source, block } = visible;
  const content = await source.read(block.contentAt, block.contentLength);
  const schema = schemaOf(visible);
  const columns = ordering === null || schema === "" ? [] : parseAvroSchema(schema);
  const written = columns.find(({ name }) => name === ordering?.name);
  const unit = isInMs(written?.avro) ? "ms" : "us";
  async function* rows(): AsyncGenerator<DuckDBValue[]> {
    for (const record of readDeletes(content, placeOf(visible))) {
      yield [record.key, ordering && deleteOrdering(record.ordering, ordering, unit)];
    }
  }
  await writeRows(DELETE_COLUMNS, rows(), to);
}

function writeRows(
  columns: readonly { name: string; type: string }[],
  rows: AsyncIterable<DuckDBValue[]>,
  to: string,
): Promise<void> {
  return imageBuilder.run(async (connection) => {
    const declared = columns.map(({ name, type }) => `${sqlName(name)} ${type}`);
    await connection.run(`CREATE TEMP TABLE image (${declared.join(", ")})`);
    await append(connection, rows);
    await connection.run(`COPY (FROM image) TO ${sqlText(to)} (FORMAT parquet)`);
  });
}

async function append(connection: DuckDBConnection, rows: AsyncIterable<DuckDBValue[]>): Promise<void> {
  const appender = await connection.createAppender("image", undefined, "temp");
  const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
  let waiting: DuckDBValue[][] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, waiting.length);
    chunk.setRows(waiting);
    appender.appendDataChunk(chunk);
    waiting = [];
  };
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length === CHUNK_ROWS) flush();
  }
  flush();
  appender.closeSync();
}
