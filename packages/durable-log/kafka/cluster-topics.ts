import { SECOND_MS } from "@gridlake/kernel";
import { Brokers } from "./brokers.ts";
import { type KafkaLogOptions, withDefaults } from "./options.ts";
import { PartitionReader } from "./partition-reader.ts";
import { Topics } from "./topics.ts";

const ANSWER_LIMIT_MS = 30 * SECOND_MS;

/** The topics of a Kafka cluster for those who run jobs on them: that they are there, and how far a group has read. */
export class ClusterTopics {
  readonly #brokers: Brokers;
  readonly #topics: Topics;
  readonly #reader: PartitionReader;

  /** @throws LOG_CONFIG_INVALID */
  constructor(options: Pick<KafkaLogOptions, "bootstrap" | "replicas" | "maxBatchBytes" | "unavailableMs">) {
    const limits = withDefaults(options);
    const { bootstrap } = options;
    this.#brokers = new Brokers({
      bootstrap,
      clientId: "gridlake-topics",
      answerLimitMs: ANSWER_LIMIT_MS,
      unavailableMs: limits.unavailableMs,
    });
    this.#topics = new Topics(bootstrap, limits);
    this.#reader = new PartitionReader(this.#brokers);
  }

  /** Makes those that are not there, as the log makes them; the others stay as they are. @throws LOG_UNAVAILABLE */
  async ensure(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      await this.#topics.ensure(topic, 1, await this.#brokers.partitionCount(topic, { atLeast: 1 }));
    }
  }

  /**
   * Per topic, the records between what the group has committed and the end; all that are kept where it committed nothing.
   * @throws LOG_UNAVAILABLE
   */
  async lag(group: string, topics: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const committed = await this.#topics.committed(group);
    const lags = await Promise.all(
      topics.map(async (topic) => {
        const count = await this.#brokers.partitionCount(topic, { atLeast: 1 });
        const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
        const behind = await Promise.all(
          partitions.map(async (where) => {
            const { first, next } = await this.#reader.bounds({ named: where, where });
            return next - Math.max(first, committed.get(`${topic}/${where.partition}`) ?? 0);
          }),
        );
        return [topic, behind.reduce((sum, records) => sum + Math.max(0, records), 0)] as const;
      }),
    );
    return Object.fromEntries(lags);
  }

  async close(): Promise<void> {
    await Promise.all([this.#brokers.close(), this.#topics.close()]);
  }
}
