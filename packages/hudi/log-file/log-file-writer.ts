import { type FileHandle, open, stat } from "node:fs/promises";
import type { FileStatus, Storage } from "../storage/storage.ts";
import { DeleteContent, type DeleteRecord } from "./delete-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE, type BlockHeaders, frameBlock, logBlock } from "./log-block.ts";

export interface LogFileContent {
  /** The delta commit that the file belongs to. */
  instant: string;
  /** The Avro schema of the rows, with the meta columns, as JSON. */
  schema: string;
  /** A Parquet file on this machine's disk with rows to insert or to put in place of those with their keys; null: none. */
  rows: string | null;
  /** What is deleted, after the rows were written: of a key that is in both, the ordering values decide. */
  deletes: Iterable<DeleteRecord> | AsyncIterable<DeleteRecord>;
}

export interface WrittenLog extends FileStatus {
  deletes: number;
}

const COPY_BYTES = 1024 * 1024;
/** A block of deletes is read as a whole. */
const MAX_DELETE_BYTES = 16 * 1024 * 1024;

/**
 * Writes a log file, durable but for its directory's entry: a Parquet data block, then delete blocks. Nothing is
 * appended to a file that is there. A file of no rows and no deletes has no block, and is a log file all the same.
 */
export async function writeLogFile(
  storage: Storage,
  path: string,
  content: LogFileContent,
): Promise<WrittenLog> {
  const headers: BlockHeaders = new Map([
    [BLOCK_HEADER.schema as number, content.schema],
    [BLOCK_HEADER.instantTime, content.instant],
  ]);
  const staged = await storage.stage(path);
  try {
    const deletes = await writeBlocks(staged.localPath, headers, content);
    return { ...(await staged.publish()), deletes };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

async function writeBlocks(
  localPath: string,
  headers: BlockHeaders,
  content: LogFileContent,
): Promise<number> {
  const file = await open(localPath, "w");
  let count = 0;
  try {
    if (content.rows !== null) await copyRows(file, content.rows, headers);
    let block = new DeleteContent();
    const flush = async () => {
      if (block.count > 0) await file.writeFile(logBlock(BLOCK_TYPE.delete, headers, block.finish()));
      count += block.count;
      block = new DeleteContent();
    };
    for await (const record of content.deletes) {
      block.add(record);
      if (block.lengthBytes >= MAX_DELETE_BYTES) await flush();
    }
    await flush();
  } finally {
    await file.close();
  }
  return count;
}

/** A Parquet data block is a Parquet file byte for byte, in a frame. */
async function copyRows(to: FileHandle, rows: string, headers: BlockHeaders): Promise<void> {
  const { size } = await stat(rows);
  const { before, after } = frameBlock({ type: BLOCK_TYPE.parquetData, headers, contentLength: size });
  await to.writeFile(before);
  const from = await open(rows, "r");
  try {
    const part = Buffer.alloc(Math.min(COPY_BYTES, size));
    for (let left = size; left > 0;) {
      const { bytesRead } = await from.read(part, 0, Math.min(part.length, left));
      if (bytesRead === 0) throw new Error(`${rows} became shorter while it was copied`);
      await to.writeFile(part.subarray(0, bytesRead));
      left -= bytesRead;
    }
  } finally {
    await from.close();
  }
  await to.writeFile(after);
}
