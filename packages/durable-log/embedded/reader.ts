import { GridlakeError } from "@gridlake/kernel";
import { offsetOutOfRange } from "../errors.ts";
import type { Position, StoredRecord } from "../log.ts";
import type { RecordExtent } from "../retention.ts";
import {
  decodePartition,
  decodeRecord,
  decodeRecordKey,
  footprintBytes,
  PARTITION_ROWS,
  partitionKey,
  recordBound,
  type PartitionRow,
  type RecordKey,
} from "./layout.ts";
import { corruptFile } from "./page-file/pages.ts";
import { storeFile, type Store } from "./store.ts";

/**
 * Reads of one snapshot each: partition row and records come from the same read transaction, because all of a call
 * runs within one turn of the event loop. Values are copies, never views of LMDB's map.
 */
export class SnapshotReader {
  readonly #dir: string;
  readonly #store: Store;

  constructor(dir: string, store: Store) {
    this.#dir = dir;
    this.#store = store;
  }

  /** @throws LOG_CORRUPT */
  partitions(): PartitionRow[] {
    const rows: PartitionRow[] = [];
    for (const { key, value } of this.#store.database.getRange(PARTITION_ROWS)) {
      const row = decodePartition(key, value);
      if (row === undefined) throw this.#corrupt("a partition row does not match its checksum", {});
      rows.push(row);
    }
    return rows;
  }

  /** @throws LOG_CORRUPT */
  partition(id: number): PartitionRow {
    const key = partitionKey(id);
    const value = this.#store.database.get(key);
    const row = value === undefined ? undefined : decodePartition(key, value);
    if (row === undefined)
      throw this.#corrupt(`the row of partition ${id} does not match its checksum`, { id });
    return row;
  }

  /** @throws LOG_OFFSET_OUT_OF_RANGE, LOG_CORRUPT */
  read(id: number, range: { after: number; maxRecords: number; maxBytes: number }): StoredRecord[] {
    const row = this.partition(id);
    const { topic, partition, first, next } = row;
    const { after } = range;
    if (after + 1 < first || after + 1 > next)
      throw offsetOutOfRange({ topic, partition }, { after, first, next });
    const records: StoredRecord[] = [];
    let bytes = 0;
    let expected = after + 1;
    const entries = this.#store.database.getRange({
      start: recordBound(id, expected),
      end: recordBound(id, next),
      limit: Math.max(1, range.maxRecords),
    });
    for (const { key, value } of entries) {
      const record = decodeRecord(key, value);
      if (record?.offset !== expected) throw this.#corruptRecord(row, expected);
      this.#store.touch(value.byteLength);
      bytes += record.value.byteLength;
      if (records.length > 0 && bytes > range.maxBytes) return records;
      records.push(record);
      expected += 1;
    }
    if (records.length === 0 && expected < next) throw this.#corruptRecord(row, expected);
    return records;
  }

  /** Keys of the records from `from` to `upTo` (both taken), at most `limit`; no value is touched. @throws LOG_CORRUPT */
  *keys(
    row: PartitionRow,
    range: { from: number; upTo: number; limit: number },
  ): Generator<{ key: Buffer; fields: RecordKey }> {
    let expected = range.from;
    const keys = this.#store.database.getKeys({
      start: recordBound(row.id, range.from),
      end: recordBound(row.id, Math.min(range.upTo + 1, row.next)),
      limit: range.limit,
    });
    for (const key of keys) {
      const fields = decodeRecordKey(key);
      if (fields?.offset !== expected) throw this.#corruptRecord(row, expected);
      yield { key, fields };
      expected += 1;
    }
  }

  /** @throws LOG_CORRUPT */
  extents(id: number, range: { after: number; limit: number }): RecordExtent[] {
    const row = this.partition(id);
    const from = Math.max(range.after + 1, row.first);
    const keys = [...this.keys(row, { from, upTo: row.next - 1, limit: range.limit })];
    return keys.map(({ fields }) => ({
      offset: fields.offset,
      timestampMs: fields.timestampMs,
      bytes: footprintBytes(fields.length),
    }));
  }

  /** That the partition's ends are where its row says. @throws LOG_CORRUPT */
  checkEnds(row: PartitionRow): void {
    const range = { start: recordBound(row.id, 0), end: recordBound(row.id + 1, 0) };
    const [head] = this.#store.database.getKeys({ ...range, limit: 1 });
    const [tail] = this.#store.database.getKeys({
      start: range.end,
      end: range.start,
      reverse: true,
      limit: 1,
    });
    const first = head === undefined ? row.next : decodeRecordKey(head)?.offset;
    const next = tail === undefined ? row.next : (decodeRecordKey(tail)?.offset ?? -1) + 1;
    if (first !== row.first) throw this.#corruptRecord(row, row.first);
    if (next !== row.next) throw this.#corruptRecord(row, row.next - 1);
  }

  #corruptRecord(position: Required<Position>, offset: number): GridlakeError {
    const { topic, partition } = position;
    return this.#corrupt(
      `offset ${offset} of ${topic}/${partition} is missing or does not match its checksum`,
      {
        topic,
        partition,
        offset,
      },
    );
  }

  #corrupt(what: string, details: Record<string, unknown>): GridlakeError {
    return corruptFile(storeFile(this.#dir), what, details);
  }
}
