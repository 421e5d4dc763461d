import { setTimeout as pause } from "node:timers/promises";
import { type Broker, type Connection, ConnectionPool, metadataV12 } from "@platformatic/kafka";
import { SECOND_MS } from "@gridlake/kernel";
import type { Position } from "../log.ts";
import { isTransient, isUnknownTopic, unavailable } from "./errors.ts";

const CONNECT_LIMIT_MS = 5 * SECOND_MS;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = SECOND_MS;

/** Where each partition of a topic is led; `undefined` for one that has no leader now. */
type Leaders = readonly (Broker | undefined)[];

/**
 * The way to the brokers: one connection to each, and who leads what. A request that a broker does not answer is sent
 * again, to whoever leads the partition then, until a limit.
 */
export class Brokers {
  readonly #pool: ConnectionPool;
  readonly #bootstrap: Broker[];
  readonly #leaders = new Map<string, Leaders>();
  readonly #unavailableMs: number;

  constructor(options: {
    clientId: string;
    bootstrap: readonly string[];
    /** Longest wait for one answer. */
    answerLimitMs: number;
    /** How long a request is sent again and again. */
    unavailableMs: number;
  }) {
    this.#unavailableMs = options.unavailableMs;
    this.#bootstrap = options.bootstrap.map((text) => {
      const at = text.lastIndexOf(":");
      return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
    });
    this.#pool = new ConnectionPool(options.clientId, {
      connectTimeout: CONNECT_LIMIT_MS,
      requestTimeout: options.answerLimitMs,
    });
  }

  /**
   * How many partitions a topic has; 0 when there is no such topic. What is known is taken for it if it is so many.
   * @throws LOG_UNAVAILABLE
   */
  async partitionCount(topic: string, { atLeast }: { atLeast: number }): Promise<number> {
    return (await this.#again(topic, () => this.#leadersOf(topic, atLeast))).length;
  }

  /**
   * Asks the broker that leads a partition; undefined when there is no such partition.
   * @throws LOG_UNAVAILABLE, and what `work` throws that is not for a later try
   */
  async onLeader<Answer>(
    where: Required<Position>,
    work: (connection: Connection) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    return this.#again(where.topic, async () => {
      const leaders = await this.#leadersOf(where.topic, where.partition + 1);
      if (where.partition >= leaders.length) return undefined;
      const leader = leaders[where.partition];
      if (leader === undefined) throw unavailable(`${where.topic}/${where.partition} has no leader`, "");
      return work(await this.#pool.get(leader));
    });
  }

  /** Asks any broker. @throws as `onLeader` */
  async onAny<Answer>(work: (connection: Connection) => Promise<Answer>): Promise<Answer> {
    return this.#again(undefined, async () => work(await this.#pool.getFirstAvailable(this.#bootstrap)));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #leadersOf(topic: string, atLeast: number): Promise<Leaders> {
    const known = this.#leaders.get(topic);
    if (known !== undefined && known.length >= atLeast) return known;
    const connection = await this.#pool.getFirstAvailable(this.#bootstrap);
    try {
      const { brokers, topics } = await metadataV12.api.async(connection, [topic], false, false);
      const byId = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
      const found = topics.find(({ name }) => name === topic)?.partitions ?? [];
      const leaders: (Broker | undefined)[] = [];
      for (const { partitionIndex, leaderId } of found) leaders[partitionIndex] = byId.get(leaderId);
      this.#leaders.set(topic, leaders);
      return leaders;
    } catch (error) {
      if (isUnknownTopic(error)) return [];
      throw error;
    }
  }

  async #again<Answer>(topic: string | undefined, request: () => Promise<Answer>): Promise<Answer> {
    const until = performance.now() + this.#unavailableMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await request();
      } catch (error) {
        if (topic !== undefined) this.#leaders.delete(topic);
        if (!isTransient(error) && !isNoLeader(error)) throw error;
        if (performance.now() + pauseMs > until) {
          throw unavailable(`the brokers did not answer within ${this.#unavailableMs} ms`, error);
        }
      }
      await pause(pauseMs);
    }
  }
}

function isNoLeader(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "LOG_UNAVAILABLE";
}
