import { setTimeout as pause } from "node:timers/promises";
import { initProducerIdV4, NumericMap, ProduceAcks, produceV9 } from "@platformatic/kafka";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import { full, recordTooLarge } from "../errors.ts";
import type { Position } from "../log.ts";
import type { Brokers } from "./brokers.ts";
import { appendUnknown, isAnswer } from "./errors.ts";
import { type EncodedMessage, toRequest } from "./message.ts";
import type { Topics } from "./topics.ts";

// The order and the count of a partition's records hang on this file. Its laws:
//
//   one append is one part of one batch, and a broker takes a batch whole or not at all;
//   one batch is under way at a time, so what was called later lies later;
//   a batch that gets no answer is sent again under its producer id and sequence, by which the broker knows it;
//   a batch that never got an answer takes its producer id with it: the next begins a new one.

const BROKER_LIMIT_MS = 20 * SECOND_MS;
const TOPIC_LIMIT_MS = 30 * SECOND_MS;
const TOPIC_PAUSE_MS = 50;
/** A batch begins anew under another producer id so often, when the broker has lost what it knew of the first. */
const MOST_IDENTITIES = 3;
/** Sequences are counted in 31 bits, and begin again. */
const SEQUENCES = 2 ** 31;

interface Append {
  messages: readonly EncodedMessage[];
  bytes: number;
  resolve: (offsets: { first: number; last: number }) => void;
  reject: (error: unknown) => void;
}

interface Identity {
  producerId: bigint;
  producerEpoch: number;
  sequence: number;
}

/** Writes one partition. While a batch is under way, appends gather for the next. */
export class PartitionWriter {
  /** As Kafka names it, and as our callers do. */
  readonly #where: Required<Position>;
  readonly #named: Required<Position>;
  readonly #brokers: Brokers;
  readonly #topics: Topics;
  readonly #onWritten: (next: number) => void;
  /** Bounded by the log's `maxUnsyncedBytes`. */
  readonly #queue: Append[] = [];
  #maxBatchBytes: number;
  #identity: Identity | undefined;
  #running: Promise<void> | undefined;

  constructor(options: {
    where: Required<Position>;
    named: Required<Position>;
    brokers: Brokers;
    topics: Topics;
    maxBatchBytes: number;
    /** Told of the next offset after each batch. */
    onWritten: (next: number) => void;
  }) {
    this.#where = options.where;
    this.#named = options.named;
    this.#brokers = options.brokers;
    this.#topics = options.topics;
    this.#maxBatchBytes = options.maxBatchBytes;
    this.#onWritten = options.onWritten;
  }

  submit(messages: readonly EncodedMessage[], bytes: number): Promise<{ first: number; last: number }> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ messages, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits until all that was submitted is settled. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const group = this.#nextGroup();
      if (group.length === 0) {
        // in the same turn as the look, so that nothing is submitted between them and left lying
        this.#running = undefined;
        return;
      }
      await this.#write(group);
    }
  }

  #nextGroup(): Append[] {
    let bytes = 0;
    let count = 0;
    for (const append of this.#queue) {
      bytes += append.bytes;
      if (count > 0 && bytes > this.#maxBatchBytes) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #write(group: readonly Append[]): Promise<void> {
    try {
      let first = await this.#send(group.flatMap(({ messages }) => messages));
      for (const { messages, resolve } of group) {
        resolve({ first, last: first + messages.length - 1 });
        first += messages.length;
      }
      this.#onWritten(first);
    } catch (error) {
      if (group.length > 1 && isTooLarge(error)) {
        // the topic was made by somebody else, with a smaller bound: each append by itself, from now on
        this.#maxBatchBytes = 1;
        for (const append of group) await this.#write([append]);
        return;
      }
      const refusal = this.#refusal(group, error);
      for (const { reject } of group) reject(refusal);
    }
  }

  /** @returns the offset of the first message */
  async #send(messages: readonly EncodedMessage[]): Promise<number> {
    for (let tried = 1; ; tried += 1) {
      await this.#ensurePartition();
      const identity = (this.#identity ??= await this.#newIdentity());
      try {
        const offset = await this.#produce(messages, identity);
        identity.sequence = (identity.sequence + messages.length) % SEQUENCES;
        return offset;
      } catch (error) {
        if (isRefused(error)) throw error; // nothing of it was written, so the sequence stays
        this.#identity = undefined;
        // the broker's disk has lost what it knew, or it knows us no more; of one batch at a time nothing is there
        if (!isForgotten(error) || tried === MOST_IDENTITIES) throw error;
      }
    }
  }

  async #produce(messages: readonly EncodedMessage[], identity: Identity): Promise<number> {
    const { topic, partition } = this.#where;
    const sequences = new NumericMap([[`${topic}:${partition}`, identity.sequence]]);
    const headerBytes = messages.reduce((sum, message) => sum + message.headerBytes, 0);
    const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
    const answer = await this.#brokers.onLeader(this.#where, (connection) =>
      produceV9.api.async(connection, ProduceAcks.ALL, BROKER_LIMIT_MS, toRequest(this.#where, messages), {
        producerId: identity.producerId,
        producerEpoch: identity.producerEpoch,
        sequences,
        // a sender's scope is said again with each line, and weighs next to nothing when it is packed
        compression: headerBytes * 2 > bytes ? "gzip" : "none",
      }),
    );
    const written =
      typeof answer === "object" ? answer.responses[0]?.partitionResponses[0]?.baseOffset : undefined;
    if (written === undefined) throw appendUnknown(this.#named, "the broker's answer names no offset");
    return Number(written);
  }

  async #newIdentity(): Promise<Identity> {
    const { producerId, producerEpoch } = await this.#brokers.onAny((connection) =>
      initProducerIdV4.api.async(connection, null, BROKER_LIMIT_MS, -1n, -1),
    );
    return { producerId, producerEpoch, sequence: 0 };
  }

  async #ensurePartition(): Promise<void> {
    const { topic, partition } = this.#where;
    const until = performance.now() + TOPIC_LIMIT_MS;
    for (;;) {
      const have = await this.#brokers.partitionCount(topic, { atLeast: partition + 1 });
      if (have > partition) return;
      if (performance.now() > until) throw appendUnknown(this.#named, "its topic was made and is not seen");
      await this.#topics.ensure(topic, partition + 1, have);
      // the brokers learn of it one after another
      await pause(TOPIC_PAUSE_MS);
    }
  }

  #refusal(group: readonly Append[], error: unknown): unknown {
    if (isTooLarge(error)) {
      const bytes = group.reduce((sum, append) => sum + append.bytes, 0);
      return recordTooLarge("one append", { bytes, maxBytes: bytes - 1 });
    }
    if (isAnswer(error, "INVALID_TIMESTAMP")) {
      return new GridlakeError("LOG_RECORD_INVALID", `Kafka refuses a timestamp of ${this.#where.topic}`, {
        remedy: "set the clock right, or raise the topic's message.timestamp.after.max.ms",
        status: 400,
        cause: error,
      });
    }
    if (isAnswer(error, "INVALID_TOPIC_EXCEPTION")) {
      return new GridlakeError(
        "LOG_POSITION_INVALID",
        `Kafka refuses the topic's name ${this.#where.topic}`,
        {
          remedy: "give the topic another name, or a shorter prefix",
          status: 400,
          cause: error,
        },
      );
    }
    if (isAnswer(error, "KAFKA_STORAGE_ERROR")) {
      return full("a broker can't write to its disk", { ...this.#named }, error);
    }
    if (error instanceof GridlakeError && !hasCode(error, "LOG_UNAVAILABLE")) return error;
    return appendUnknown(this.#named, error);
  }
}

function isTooLarge(error: unknown): boolean {
  return isAnswer(error, "MESSAGE_TOO_LARGE") || isAnswer(error, "RECORD_LIST_TOO_LARGE");
}

function isRefused(error: unknown): boolean {
  return isTooLarge(error) || isAnswer(error, "INVALID_TIMESTAMP") || isAnswer(error, "INVALID_RECORD");
}

function isForgotten(error: unknown): boolean {
  return ["OUT_OF_ORDER_SEQUENCE_NUMBER", "UNKNOWN_PRODUCER_ID", "INVALID_PRODUCER_EPOCH"].some((id) =>
    isAnswer(error, id),
  );
}
