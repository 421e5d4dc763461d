import { mkdirSync } from "node:fs";
import { busy, checkPosition, checkTopic, closed, emptyRead, full, recordTooLarge } from "../errors.ts";
import type { Log, LogRecord, Position, StoredRecord } from "../log.ts";
import type { RecordExtent, RetainedLog } from "../retention.ts";
import { Waiters } from "../waiters.ts";
import { AppendWrite, RECORD_OVERHEAD_BYTES } from "./append.ts";
import { DiskRoom } from "./disk-room.ts";
import { GroupCommit } from "./group-commit.ts";
import { encodeRecord, type PartitionRow } from "./layout.ts";
import { type EmbeddedLogLimits, type EmbeddedLogOptions, withDefaults } from "./options.ts";
import { Partitions, placeOf } from "./partitions.ts";
import { SnapshotReader } from "./reader.ts";
import { enterWriter } from "./same-process.ts";
import { Store } from "./store.ts";
import { TrimWrite } from "./trim.ts";
import { WriterLock } from "./writer-lock.ts";

/** The log of the embedded profile: one LMDB file, one writing process. */
export class EmbeddedLog implements Log, RetainedLog {
  readonly recordUnit = "lines";
  readonly #store: Store;
  readonly #leave: () => void;
  readonly #limits: EmbeddedLogLimits;
  readonly #partitions: Partitions;
  readonly #reader: SnapshotReader;
  readonly #commits: GroupCommit;
  readonly #waiters = new Waiters();
  readonly #room: DiskRoom;
  /** Of the appends that wait for their sync: their memory, and the room they will take in the file. */
  #unsyncedBytes = 0;
  #unsyncedFootprint = 0;
  #closing: Promise<void> | undefined;

  private constructor(dir: string, limits: EmbeddedLogLimits, store: Store, leave: () => void) {
    this.#limits = limits;
    this.#leave = leave;
    this.#store = store;
    this.#room = new DiskRoom(dir);
    this.#reader = new SnapshotReader(dir, store);
    this.#partitions = new Partitions(this.#reader.partitions());
    for (const row of this.#partitions.all()) this.#reader.checkEnds(row);
    this.#commits = new GroupCommit({
      store,
      partitions: this.#partitions,
      maxCommitBytes: limits.maxCommitBytes,
      onSynced: (draft) => {
        for (const row of draft.rows) this.#waiters.reached(placeOf(row), row.next);
      },
    });
  }

  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    const limits = withDefaults(options);
    mkdirSync(options.dir, { recursive: true });
    const lock = WriterLock.take(options.dir);
    let here: ReturnType<typeof enterWriter> | undefined;
    let store: Store | undefined;
    const leave = (): void => {
      here?.leave();
      lock.release();
    };
    try {
      here = enterWriter(options.dir);
      store = await Store.openForWriting(options.dir, limits);
      const log = new EmbeddedLog(options.dir, limits, store, leave);
      here.opened(log);
      return log;
    } catch (error) {
      await store?.close();
      leave();
      throw error;
    }
  }

  /** What all records take in the file, of `maxBytes`. */
  get bytes(): number {
    return this.#partitions.bytes;
  }

  async append(position: Position, records: readonly LogRecord[]): Promise<{ first: number; last: number }> {
    if (this.#closing !== undefined) throw closed();
    const where = checkPosition(position);
    const { maxRecordBytes, maxUnsyncedBytes } = this.#limits;
    let memory = 0;
    for (const { value } of records) {
      if (value.byteLength > maxRecordBytes) {
        throw recordTooLarge("a record", { bytes: value.byteLength, maxBytes: maxRecordBytes });
      }
      memory += value.byteLength + RECORD_OVERHEAD_BYTES;
    }
    if (memory > maxUnsyncedBytes)
      throw recordTooLarge("one append", { bytes: memory, maxBytes: maxUnsyncedBytes });
    if (this.#unsyncedBytes + memory > maxUnsyncedBytes) {
      throw busy({ waiting: this.#unsyncedBytes, maxUnsyncedBytes });
    }
    const encoded = records.map(encodeRecord);
    const write = new AppendWrite(this.#store, where, { encoded, bytes: memory });
    this.#checkRoom(write.footprint);
    this.#unsyncedBytes += memory;
    this.#unsyncedFootprint += write.footprint;
    try {
      this.#commits.submit(write);
      return await write.settled;
    } finally {
      this.#unsyncedBytes -= memory;
      this.#unsyncedFootprint -= write.footprint;
    }
  }

  async read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]> {
    return this.#store.read(() => {
      const { where, row } = this.#find(position);
      if (row === undefined) return emptyRead(where, range);
      const records = this.#reader.read(row.id, range);
      this.#commits.maintain();
      return records;
    });
  }

  async bounds(position: Position): Promise<{ first: number; next: number }> {
    const { row } = this.#find(position);
    return { first: row?.first ?? 0, next: row?.next ?? 0 };
  }

  async waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean> {
    const { where, row } = this.#find(position);
    if ((row?.next ?? 0) > options.after + 1) return true;
    return this.#waiters.wait(placeOf(where), options);
  }

  async trim(position: Position, options: { upTo: number }): Promise<void> {
    const { where, row } = this.#find(position);
    const upTo = Math.min(options.upTo, (row?.next ?? 0) - 1);
    // one bounded part a commit, so that appends don't wait for the whole
    while ((this.#partitions.find(where)?.first ?? 0) <= upTo) {
      if (this.#closing !== undefined) throw closed();
      const write = new TrimWrite(this.#store, this.#reader, { where, upTo });
      this.#commits.submit(write);
      await write.settled;
    }
  }

  async partitions(topic: string): Promise<number> {
    if (this.#closing !== undefined) throw closed();
    checkTopic(topic);
    return this.#partitions.count(topic);
  }

  async positions(): Promise<Required<Position>[]> {
    if (this.#closing !== undefined) throw closed();
    return this.#partitions.all().map(({ topic, partition }) => ({ topic, partition }));
  }

  async extents(position: Position, range: { after: number; limit: number }): Promise<RecordExtent[]> {
    return this.#store.read(() => {
      const { row } = this.#find(position);
      return row === undefined ? [] : this.#reader.extents(row.id, range);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.drain();
    this.#waiters.close();
    await this.#store.close();
    this.#leave();
  }

  /** @throws LOG_FULL */
  #checkRoom(needed: number): void {
    const { maxBytes, minFreeBytes } = this.#limits;
    const used = this.#partitions.bytes + this.#unsyncedFootprint;
    if (used + needed > maxBytes)
      throw full(`${used} of ${maxBytes} bytes are used`, { used, needed, maxBytes });
    const free = this.#room.freeBytes() - this.#unsyncedFootprint;
    if (free - needed < minFreeBytes) {
      throw full(`the disk has ${free} bytes left`, { free, needed, minFreeBytes });
    }
  }

  #find(position: Position): { where: Required<Position>; row: PartitionRow | undefined } {
    if (this.#closing !== undefined) throw closed();
    const where = checkPosition(position);
    return { where, row: this.#partitions.find(where) };
  }
}

/**
 * Opens the log of `dir` for writing, and makes it when it is missing.
 * @throws LOG_LOCKED when another process (or this one) has it open for writing, LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED,
 *   LOG_CONFIG_INVALID
 */
export function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  return EmbeddedLog.open(options);
}
