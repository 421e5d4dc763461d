import { deleteRecordsV2, fetchV12, listOffsetsV7, type RecordsBatch } from "@platformatic/kafka";
import { MIB, SECOND_MS } from "@gridlake/kernel";
import { emptyRead, offsetOutOfRange } from "../errors.ts";
import type { Position, StoredRecord } from "../log.ts";
import type { Brokers } from "./brokers.ts";
import { gap, isAnswer } from "./errors.ts";
import { decodeHeaders } from "./message.ts";

const EARLIEST = -2n;
const LATEST = -1n;
const READ_UNCOMMITTED = 0;
const ANY_EPOCH = -1;
const NO_SESSION = { id: 0, epoch: -1 };
const DELETE_LIMIT_MS = 20 * SECOND_MS;
/** One answer's size, whatever a reader asks; a batch that is larger comes alone. */
const MOST_FETCHED_BYTES = 32 * MIB;
const LEAST_FETCHED_BYTES = MIB;
const IS_CONTROL = 1 << 5;
const NO_VALUE = Buffer.alloc(0);

/** A partition as our callers name it, and as Kafka does. */
export interface Place {
  named: Required<Position>;
  where: Required<Position>;
}

/** Reads partitions, each call by one request to the broker that leads it. */
export class PartitionReader {
  readonly #brokers: Brokers;

  constructor(brokers: Brokers) {
    this.#brokers = brokers;
  }

  /** @throws LOG_OFFSET_OUT_OF_RANGE, LOG_CORRUPT, LOG_UNAVAILABLE */
  async read(
    { named, where }: Place,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]> {
    const bytes = Math.min(MOST_FETCHED_BYTES, Math.max(LEAST_FETCHED_BYTES, range.maxBytes));
    const partition = {
      partition: where.partition,
      currentLeaderEpoch: ANY_EPOCH,
      fetchOffset: BigInt(range.after + 1),
      lastFetchedEpoch: ANY_EPOCH,
      partitionMaxBytes: bytes,
    };
    // at version 12 a topic goes by its name
    const topics = [{ topicId: where.topic, partitions: [partition] }];
    const fetched = await this.#brokers.onLeader(where, async (connection) => {
      try {
        const { id, epoch } = NO_SESSION;
        return await fetchV12.api.async(connection, 0, 0, bytes, READ_UNCOMMITTED, id, epoch, topics, [], "");
      } catch (error) {
        if (isAnswer(error, "OFFSET_OUT_OF_RANGE")) return "out of range";
        throw error;
      }
    });
    if (fetched === undefined) return emptyRead(named, range);
    if (fetched === "out of range") {
      const { first, next } = await this.bounds({ named, where });
      throw offsetOutOfRange(named, { after: range.after, first, next });
    }
    return within(fetched.responses[0]?.partitions[0]?.records ?? [], { ...range, named });
  }

  /** @throws LOG_UNAVAILABLE */
  async bounds({ where }: Place): Promise<{ first: number; next: number }> {
    const [first, next] = await Promise.all([this.#offset(where, EARLIEST), this.#offset(where, LATEST)]);
    return { first, next };
  }

  next({ where }: Place): Promise<number> {
    return this.#offset(where, LATEST);
  }

  /** Forgets the records below `offset`. @throws LOG_UNAVAILABLE */
  async deleteBelow({ where }: Place, offset: number): Promise<void> {
    const partitions = [{ partitionIndex: where.partition, offset: BigInt(offset) }];
    await this.#brokers.onLeader(where, (connection) =>
      deleteRecordsV2.api.async(connection, [{ name: where.topic, partitions }], DELETE_LIMIT_MS),
    );
  }

  async #offset(where: Required<Position>, timestamp: bigint): Promise<number> {
    const partitions = [{ partitionIndex: where.partition, currentLeaderEpoch: ANY_EPOCH, timestamp }];
    const answer = await this.#brokers.onLeader(where, (connection) =>
      listOffsetsV7.api.async(connection, -1, READ_UNCOMMITTED, [{ name: where.topic, partitions }]),
    );
    return Number(answer?.topics[0]?.partitions[0]?.offset ?? 0n);
  }
}

/** The records after an offset, as many as were asked for. @throws LOG_CORRUPT where one is missing */
function within(
  batches: readonly RecordsBatch[],
  range: { after: number; maxRecords: number; maxBytes: number; named: Required<Position> },
): StoredRecord[] {
  const records: StoredRecord[] = [];
  let expected = range.after + 1;
  let bytes = 0;
  for (const batch of batches) {
    const base = Number(batch.firstOffset);
    if (base + batch.lastOffsetDelta < expected) continue;
    if ((batch.attributes & IS_CONTROL) !== 0) throw gap(range.named, expected);
    for (const record of batch.records) {
      const offset = base + record.offsetDelta;
      if (offset < expected) continue;
      if (offset > expected) throw gap(range.named, expected);
      const value = record.value ?? NO_VALUE;
      bytes += value.byteLength;
      if (records.length > 0 && (bytes > range.maxBytes || records.length >= range.maxRecords))
        return records;
      const timestampMs = Number(batch.firstTimestamp + record.timestampDelta);
      records.push({ offset, timestampMs, value, headers: decodeHeaders(record.headers) });
      expected += 1;
    }
  }
  return records;
}
