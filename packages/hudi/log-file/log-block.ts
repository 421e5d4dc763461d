// block   => magic:"#HUDI#" length:u64 body total:u64         length: of body and total; total: of all before it
// body    => format:u32 type:u32 headers content:u64+bytes footers
// headers => count:u32 (key:u32 length:u32 text)*             footers likewise, none here
// All numbers are big-endian.

export const MAGIC = Buffer.from("#HUDI#");
/** The only format with headers, and so the only one that tells an instant. */
export const FORMAT_VERSION = 1;

export const BLOCK_TYPE = {
  command: 0,
  delete: 1,
  corrupt: 2,
  avroData: 3,
  hfileData: 4,
  parquetData: 5,
  changeData: 6,
} as const;

export const BLOCK_HEADER = {
  instantTime: 0,
  /** Of a command block: the instant that it rolls back. */
  targetInstantTime: 1,
  schema: 2,
  commandType: 3,
  /** The instants, with commas between, whose blocks this one holds merged. */
  compactedBlockTimes: 4,
  recordPositions: 5,
  blockIdentifier: 6,
  /** "true": the records have only the columns of the block's schema, and leave the others as they were. */
  isPartial: 7,
  baseInstantOfPositions: 8,
} as const;

export type BlockHeaders = ReadonlyMap<number, string>;

/** A block as it lies in its file; its content is not read. All positions are in bytes from the file's beginning. */
export interface LogBlock {
  kind: "block";
  /** One of BLOCK_TYPE. */
  type: number;
  headers: BlockHeaders;
  at: number;
  /** Behind its last byte. */
  end: number;
  contentAt: number;
  contentLength: number;
}

const ROLLBACK_COMMAND = "0";
/** The content format of an Avro data block: format:u32 count:u32 (length:u32 record)* */
export const AVRO_CONTENT_VERSION = 3;

/** A block of Avro records that carries their schema, as log files and the archived timeline hold them. */
export function avroDataBlock(
  schema: string,
  records: readonly Buffer[],
  headers: BlockHeaders = new Map(),
): Buffer {
  const content = [u32(AVRO_CONTENT_VERSION), u32(records.length)];
  for (const record of records) content.push(u32(record.length), record);
  const all = new Map([[BLOCK_HEADER.schema as number, schema], ...headers]);
  return logBlock(BLOCK_TYPE.avroData, all, Buffer.concat(content));
}

/** A block that takes back what the delta commit `target` wrote before it in its file slice. */
export function rollbackBlock({ instant, target }: { instant: string; target: string }): Buffer {
  const headers = new Map<number, string>([
    [BLOCK_HEADER.instantTime, instant],
    [BLOCK_HEADER.targetInstantTime, target],
    [BLOCK_HEADER.commandType, ROLLBACK_COMMAND],
  ]);
  return logBlock(BLOCK_TYPE.command, headers, Buffer.alloc(0));
}

export function isRollback(block: LogBlock): boolean {
  return (
    block.type === BLOCK_TYPE.command && block.headers.get(BLOCK_HEADER.commandType) === ROLLBACK_COMMAND
  );
}

export function logBlock(type: number, headers: BlockHeaders, content: Buffer): Buffer {
  const { before, after } = frameBlock({ type, headers, contentLength: content.length });
  return Buffer.concat([before, content, after]);
}

/** What stands before and after the content of a block. */
export function frameBlock(block: { type: number; headers: BlockHeaders; contentLength: number }): {
  before: Buffer;
  after: Buffer;
} {
  const parts = [u32(FORMAT_VERSION), u32(block.type), u32(block.headers.size)];
  for (const [key, text] of block.headers) {
    const bytes = Buffer.from(text);
    parts.push(u32(key), u32(bytes.length), bytes);
  }
  const body = Buffer.concat([...parts, u64(block.contentLength)]);
  const footers = u32(0);
  const length = body.length + block.contentLength + footers.length + U64_BYTES;
  return {
    before: Buffer.concat([MAGIC, u64(length), body]),
    after: Buffer.concat([footers, u64(MAGIC.length + length)]),
  };
}

export const U32_BYTES = 4;
export const U64_BYTES = 8;

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(U32_BYTES);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(U64_BYTES);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
