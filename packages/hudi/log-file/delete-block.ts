// content => version:u32 length:u32 records
// records, from version 3 on => Avro: an array of { recordKey, partitionPath, orderingVal }, each of them or null

import { BinaryReader } from "../avro/binary-reader.ts";
import { BinaryWriter } from "../avro/binary-writer.ts";
import { U32_BYTES, u32 } from "./log-block.ts";
import { logCorrupt, type LogPlace, logUnsupported } from "./log-error.ts";
import { type OrderingValue, readOrdering, writeOrdering } from "./ordering-value.ts";

/** What was deleted: a record key in its partition. */
export interface DeleteRecord {
  key: string;
  partition: string;
  /** Null: deleted whatever the row's ordering value. */
  ordering: OrderingValue | null;
}

const CONTENT_VERSION = 3;
const PREFIX_BYTES = 2 * U32_BYTES;

/**
 * The records of a delete block's content.
 * @throws HUDI_LOG_CORRUPT; HUDI_LOG_UNSUPPORTED for those of Hudi before 0.14, which are Java objects.
 */
export function* readDeletes(content: Buffer, place: LogPlace): Generator<DeleteRecord> {
  if (content.length < PREFIX_BYTES) throw logCorrupt(place, "the delete block is empty");
  const version = content.readUInt32BE(0);
  const length = content.readUInt32BE(U32_BYTES);
  if (version < CONTENT_VERSION) {
    throw logUnsupported(
      place,
      `deletes of version ${version}, which are serialized Java objects`,
      "compact the table with the engine that wrote them; Hudi 0.14 and later write version 3",
    );
  }
  if (length !== content.length - PREFIX_BYTES)
    throw logCorrupt(place, `${length} bytes of deletes in ${content.length - PREFIX_BYTES}`);
  const from = new BinaryReader(content, { from: PREFIX_BYTES });
  try {
    yield* from.items(() => {
      const key = from.index(2) === 0 ? null : from.string();
      if (key === null) throw new RangeError("a delete without a key");
      const partition = from.index(2) === 0 ? "" : from.string();
      return { key, partition, ordering: readOrdering(from) };
    });
    if (!from.done) throw new RangeError("bytes behind the deletes");
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw logCorrupt(place, `its deletes can't be read: ${cause.message}`, cause);
  }
}

/** The content of a delete block, made record by record. */
export class DeleteContent {
  readonly #records = new BinaryWriter();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get lengthBytes(): number {
    return this.#records.lengthBytes;
  }

  add({ key, partition, ordering }: DeleteRecord): void {
    this.#records.long(1n);
    this.#records.string(key);
    this.#records.long(1n);
    this.#records.string(partition);
    writeOrdering(this.#records, ordering);
    this.#count += 1;
  }

  finish(): Buffer {
    const records = new BinaryWriter();
    if (this.#count > 0) {
      records.long(BigInt(this.#count));
      records.raw(this.#records.finish());
    }
    records.long(0n);
    const bytes = records.finish();
    return Buffer.concat([u32(CONTENT_VERSION), u32(bytes.length), bytes]);
  }
}
