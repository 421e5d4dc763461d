import { Admin } from "@platformatic/kafka";
import { SECOND_MS } from "@gridlake/kernel";
import { isAnswer, isTransient, unavailable } from "./errors.ts";

const ANSWER_LIMIT_MS = 30 * SECOND_MS;
const RETRIES = 20;
const RETRY_PAUSE_MS = 500;

/** Beyond what a batch of ours has on the wire, so that it is our bound that refuses, and not the broker's. */
const BATCH_SLACK = 1.25;

export interface TopicOptions {
  replicas: number;
  maxBatchBytes: number;
}

/**
 * Makes topics as the log needs them. What a topic is made with:
 * `flush.messages=1` with one copy: the broker syncs a batch to disk before it acknowledges it (law L2). With more
 *   copies, two of them have a batch before it is acknowledged (`min.insync.replicas`), and no disk is waited for.
 * `retention.ms=-1`: the log forgets what `trim` forgets, since a broker does not know what the lake holds for good.
 * `message.timestamp.type=CreateTime`: the time of a record is the port's, `received_at`.
 */
export class Topics {
  readonly #admin: Admin;
  readonly #options: TopicOptions;

  constructor(bootstrap: readonly string[], options: TopicOptions) {
    this.#options = options;
    this.#admin = new Admin({
      clientId: "gridlake-topics",
      bootstrapBrokers: [...bootstrap],
      timeout: ANSWER_LIMIT_MS,
      retries: RETRIES,
      retryDelay: RETRY_PAUSE_MS,
      strict: true,
    });
  }

  /** Makes the topic unless it is there, and gives it more partitions where it has fewer. @throws LOG_UNAVAILABLE */
  async ensure(topic: string, partitions: number, have: number): Promise<void> {
    if (have >= partitions) return;
    try {
      if (have === 0) await this.#create(topic, partitions);
      else await this.#admin.createPartitions({ topics: [{ name: topic, count: partitions }] });
    } catch (error) {
      // another process was faster
      if (isAnswer(error, "TOPIC_ALREADY_EXISTS") || isAnswer(error, "INVALID_PARTITIONS")) return;
      if (isTransient(error)) throw unavailable(`the topic ${topic} can't be made`, error, { topic });
      throw error;
    }
  }

  /** What is free on the fullest disk of the brokers; undefined when they do not say. */
  async freeBytes(): Promise<number | undefined> {
    const described = await this.#admin.describeLogDirs({ topics: [] });
    const free = described.flatMap(({ results }) => results.map(({ usableBytes }) => Number(usableBytes)));
    const said = free.filter((bytes) => bytes >= 0);
    return said.length === 0 ? undefined : Math.min(...said);
  }

  /** What a group of consumers has committed: the next offset, by "topic/partition". @throws LOG_UNAVAILABLE */
  async committed(group: string): Promise<ReadonlyMap<string, number>> {
    const groups = await this.#admin.listConsumerGroupOffsets({ groups: [group] }).catch((error: unknown) => {
      throw unavailable(`the offsets of the group ${group} can't be read`, error, { group });
    });
    const topics = groups.flatMap((one) => one.topics);
    return new Map(
      topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ committedOffset }) => committedOffset >= 0n)
          .map(({ partitionIndex, committedOffset }) => [
            `${name}/${partitionIndex}`,
            Number(committedOffset),
          ]),
      ),
    );
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  async #create(topic: string, partitions: number): Promise<void> {
    const { replicas, maxBatchBytes } = this.#options;
    const configs = {
      "cleanup.policy": "delete",
      "retention.ms": "-1",
      "retention.bytes": "-1",
      "message.timestamp.type": "CreateTime",
      "max.message.bytes": String(Math.ceil(maxBatchBytes * BATCH_SLACK)),
      ...(replicas === 1 ? { "flush.messages": "1" } : { "min.insync.replicas": "2" }),
    };
    await this.#admin.createTopics({
      topics: [topic],
      partitions,
      replicas,
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    });
  }
}
