import { setTimeout as pause } from "node:timers/promises";
import { SECOND_MS } from "@gridlake/kernel";
import { busy, checkPosition, checkTopic, closed, full, MAX_PARTITIONS, recordTooLarge } from "../errors.ts";
import type { Log, LogRecord, Position, StoredRecord } from "../log.ts";
import { checkSomeRecord } from "../record.ts";
import { Waiters } from "../waiters.ts";
import { Brokers } from "./brokers.ts";
import { DiskRoom } from "./disk-room.ts";
import { encodeMessages, RECORD_OVERHEAD_BYTES } from "./message.ts";
import { type KafkaLogLimits, type KafkaLogOptions, withDefaults } from "./options.ts";
import { type Place, PartitionReader } from "./partition-reader.ts";
import { PartitionWriter } from "./partition-writer.ts";
import { Topics } from "./topics.ts";

/** What others write is seen after this long, at the latest; our own appends at once. */
const WATCH_MS = 100;
/** Whoever waits for no time at all still waits for a broker's answer, so long at the most. */
const LOOK_MS = 2 * SECOND_MS;
/** Longer than a broker may take over a batch. */
const ANSWER_LIMIT_MS = 30 * SECOND_MS;

/** The log of the cluster profile: topics of Apache Kafka, where a record is one line. */
export class KafkaLog implements Log {
  readonly recordUnit = "line";
  readonly #limits: KafkaLogLimits;
  readonly #prefix: string;
  readonly #writing: Brokers;
  readonly #reading: Brokers;
  readonly #reader: PartitionReader;
  readonly #topics: Topics;
  readonly #room: DiskRoom;
  readonly #waiters = new Waiters();
  readonly #writers = new Map<string, PartitionWriter>();
  /** Places that are looked at again and again, while somebody waits. */
  readonly #watched = new Set<string>();
  #unsyncedBytes = 0;
  #closing: Promise<void> | undefined;

  private constructor(options: KafkaLogOptions, limits: KafkaLogLimits) {
    const { bootstrap } = options;
    this.#limits = limits;
    this.#prefix = options.topicPrefix ?? "";
    const way = { bootstrap, answerLimitMs: ANSWER_LIMIT_MS, unavailableMs: limits.unavailableMs };
    // apart, so that a large read holds up no append
    this.#writing = new Brokers({ ...way, clientId: "gridlake-append" });
    this.#reading = new Brokers({ ...way, clientId: "gridlake-read" });
    this.#reader = new PartitionReader(this.#reading);
    this.#topics = new Topics(bootstrap, limits);
    this.#room = new DiskRoom(() => this.#topics.freeBytes());
  }

  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const log = new KafkaLog(options, withDefaults(options));
    try {
      // a wrong address shows now, and not with the first reading
      await log.#reading.onAny(async () => {});
      return log;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  async append(position: Position, records: readonly LogRecord[]): Promise<{ first: number; last: number }> {
    if (this.#closing !== undefined) throw closed();
    const place = this.#place(position);
    checkSomeRecord(records);
    const { maxRecordBytes, maxBatchBytes, maxUnsyncedBytes } = this.#limits;
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
    const messages = encodeMessages(records);
    const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
    if (bytes > maxBatchBytes) throw recordTooLarge("one append", { bytes, maxBytes: maxBatchBytes });
    this.#checkRoom(bytes);
    this.#unsyncedBytes += memory;
    try {
      return await this.#writer(place).submit(messages, bytes);
    } finally {
      this.#unsyncedBytes -= memory;
    }
  }

  async read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]> {
    if (this.#closing !== undefined) throw closed();
    return this.#reader.read(this.#place(position), range);
  }

  async bounds(position: Position): Promise<{ first: number; next: number }> {
    if (this.#closing !== undefined) throw closed();
    return this.#reader.bounds(this.#place(position));
  }

  async waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean> {
    if (this.#closing !== undefined) throw closed();
    const place = this.#place(position);
    const waiting = this.#waiters.wait(nameOf(place), options);
    const looked = this.#look(place);
    this.#watch(place);
    if (await waiting) return true;
    if (options.signal?.aborted || this.#closing !== undefined) return false;
    // a wait that is shorter than a broker's answer, or no wait at all
    return Promise.race([looked.then((next) => next > options.after + 1), pause(LOOK_MS, false)]);
  }

  async trim(position: Position, options: { upTo: number }): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    const place = this.#place(position);
    const { first, next } = await this.#reader.bounds(place);
    const below = Math.min(options.upTo + 1, next);
    if (below > first) await this.#reader.deleteBelow(place, below);
  }

  async partitions(topic: string): Promise<number> {
    if (this.#closing !== undefined) throw closed();
    checkTopic(topic);
    // as it is now: another process may have added some
    const asked = { atLeast: MAX_PARTITIONS + 1 };
    return Math.max(1, await this.#reading.partitionCount(this.#prefix + topic, asked));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.drain()));
    this.#waiters.close();
    await this.#room.settled();
    await Promise.all([this.#writing.close(), this.#reading.close(), this.#topics.close()]);
  }

  #place(position: Position): Place {
    const named = checkPosition(position);
    return { named, where: { topic: this.#prefix + named.topic, partition: named.partition } };
  }

  #writer(place: Place): PartitionWriter {
    const name = nameOf(place);
    const known = this.#writers.get(name);
    if (known !== undefined) return known;
    const writer = new PartitionWriter({
      ...place,
      brokers: this.#writing,
      topics: this.#topics,
      maxBatchBytes: this.#limits.maxBatchBytes,
      onWritten: (next) => this.#waiters.reached(name, next),
    });
    this.#writers.set(name, writer);
    return writer;
  }

  /** @throws LOG_FULL */
  #checkRoom(needed: number): void {
    const { minFreeBytes } = this.#limits;
    const free = this.#room.freeBytes() - this.#unsyncedBytes;
    if (free - needed >= minFreeBytes) return;
    throw full(`a broker's disk has ${free} bytes left`, { free, needed, minFreeBytes });
  }

  /** Looks at a partition again and again while somebody waits for it: others write it too. */
  #watch(place: Place): void {
    const name = nameOf(place);
    if (this.#watched.has(name)) return;
    this.#watched.add(name);
    void (async () => {
      await pause(WATCH_MS);
      while (this.#waiters.waiting(name)) {
        await this.#look(place);
        await pause(WATCH_MS);
      }
      this.#watched.delete(name);
    })();
  }

  /** @returns the next offset; 0 while the brokers are away, for then nothing new is there, and whoever reads is told */
  async #look(place: Place): Promise<number> {
    try {
      const next = await this.#reader.next(place);
      this.#waiters.reached(nameOf(place), next);
      return next;
    } catch {
      return 0;
    }
  }
}

function nameOf({ named }: Place): string {
  return `${named.topic}/${named.partition}`;
}

/**
 * Opens the log on Kafka's brokers; its topics are made as they are written.
 * @throws LOG_UNAVAILABLE when no broker answers, LOG_CONFIG_INVALID
 */
export function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  return KafkaLog.open(options);
}
