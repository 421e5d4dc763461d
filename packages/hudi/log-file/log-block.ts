// block   => magic:"#HUDI#" length:u64 body total:u64         length: of body and total; total: of all before it
// body    => format:u32 type:u32 headers content:u64+bytes footers
// headers => count:u32 (key:u32 length:u32 bytes)*            footers likewise, none here
// All numbers are big-endian.

const MAGIC = Buffer.from("#HUDI#");
const FORMAT_VERSION = 1;

export const BLOCK_TYPE = { avroData: 3 } as const;
export const BLOCK_HEADER = { schema: 2 } as const;

/** The content format of an Avro data block: format:u32 count:u32 (length:u32 record)* */
const AVRO_CONTENT_VERSION = 3;

/** A block of Avro records that carries their schema, as log files and the archived timeline hold them. */
export function avroDataBlock(schema: string, records: readonly Buffer[]): Buffer {
  const content = [u32(AVRO_CONTENT_VERSION), u32(records.length)];
  for (const record of records) content.push(u32(record.length), record);
  return logBlock(BLOCK_TYPE.avroData, new Map([[BLOCK_HEADER.schema, schema]]), Buffer.concat(content));
}

function logBlock(type: number, headers: ReadonlyMap<number, string>, content: Buffer): Buffer {
  const parts = [u32(FORMAT_VERSION), u32(type), u32(headers.size)];
  for (const [key, text] of headers) {
    const bytes = Buffer.from(text);
    parts.push(u32(key), u32(bytes.length), bytes);
  }
  const body = Buffer.concat([...parts, u64(content.length), content, u32(0)]);
  const counted = Buffer.concat([MAGIC, u64(body.length + 8), body]);
  return Buffer.concat([counted, u64(counted.length)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
