// content => version:u32 count:u32 (length:u32 record)*      the same in versions 1 to 3

import { type LogBlock, U32_BYTES } from "./log-block.ts";
import { logCorrupt } from "./log-error.ts";
import type { LogSource } from "./log-source.ts";

/** How much of a block's content is in memory at once, unless a single record is larger. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** The Avro records of a data block, in batches that are valid until the next is asked for. @throws HUDI_LOG_CORRUPT */
export async function* avroRecords(source: LogSource, block: LogBlock): AsyncGenerator<Buffer[]> {
  const corrupt = (what: string) => logCorrupt({ file: source.path, offset: block.at }, what);
  const end = block.contentAt + block.contentLength;
  if (block.contentLength < 2 * U32_BYTES) throw corrupt("the data block is empty");
  const count = (await source.read(block.contentAt + U32_BYTES, U32_BYTES)).readUInt32BE();
  let left = count;
  let wanted = WINDOW_BYTES;
  let at = block.contentAt + 2 * U32_BYTES;
  while (left > 0) {
    const window = await source.read(at, Math.min(wanted, end - at));
    const records: Buffer[] = [];
    let next = 0;
    while (left > 0 && next + U32_BYTES <= window.length) {
      const length = window.readUInt32BE(next);
      const behind = next + U32_BYTES + length;
      if (at + behind > end) throw corrupt(`record ${count - left} is longer than the block`);
      if (behind > window.length) break;
      records.push(window.subarray(next + U32_BYTES, behind));
      next = behind;
      left -= 1;
    }
    if (records.length === 0) {
      if (window.length < U32_BYTES)
        throw corrupt(`it has ${left} records less than the ${count} it speaks of`);
      wanted = U32_BYTES + window.readUInt32BE(0);
      continue;
    }
    wanted = WINDOW_BYTES;
    at += next;
    yield records;
  }
  if (at !== end) throw corrupt(`it has bytes behind its ${count} records`);
}
