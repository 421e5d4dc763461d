import { openKafkaLog } from "@gridlake/durable-log";
import { MINUTE_MS } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";

const kafka = useCluster(["kafka"]);
const READINGS = { topic: "readings" };
const SENDERS = 4;
const KILLS = 2;
const ALL = { maxRecords: 1_000_000, maxBytes: 1e9 };

test(
  "L2: a broker that is killed keeps what it has acknowledged, once, and no append is torn or doubled by its retry",
  { timeout: 10 * MINUTE_MS },
  async () => {
    const log = await openKafkaLog({
      bootstrap: [kafka.endpoint("kafka", "bootstrap")],
      unavailableMs: 4 * MINUTE_MS,
    });
    const stop = new AbortController();
    const acknowledged: { texts: string[]; first: number; last: number }[] = [];
    const send = async (sender: number): Promise<void> => {
      for (let call = 0; !stop.signal.aborted; call += 1) {
        const texts = [0, 1, 2].map((line) => `${sender}.${call}.${line}`);
        const records = texts.map((text) => ({ value: Buffer.from(text), timestampMs: Date.now() }));
        acknowledged.push({ texts, ...(await log.append(READINGS, records)) });
      }
    };
    const grown = async (by: number): Promise<void> => {
      const from = acknowledged.length;
      while (acknowledged.length < from + by) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const senders = Array.from({ length: SENDERS }, (_, sender) => send(sender));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await grown(50);
      await kafka.kill("kafka", "broker");
      await kafka.restart("kafka");
    }
    await grown(50);
    stop.abort();
    await Promise.all(senders);

    const { first, next } = await log.bounds(READINGS);
    const stored: string[] = [];
    while (stored.length < next) {
      const read = await log.read(READINGS, { after: stored.length - 1, ...ALL });
      stored.push(...read.map(({ value }) => Buffer.from(value).toString()));
    }
    // no gap, no double: as many offsets as records were acknowledged, since every append came through in the end
    expect({ first, next }).toEqual({ first: 0, next: acknowledged.length * 3 });
    for (const { texts, first: from, last } of acknowledged)
      expect(stored.slice(from, last + 1)).toEqual(texts);
    await log.close();
  },
);

test(
  "a broker that is away is told as such, and for a bounded time",
  { timeout: 5 * MINUTE_MS },
  async () => {
    const bootstrap = [kafka.endpoint("kafka", "bootstrap")];
    const log = await openKafkaLog({ bootstrap, unavailableMs: 1_000 });
    await log.append(READINGS, [{ value: Buffer.from("before"), timestampMs: 1 }]);
    const { next } = await log.bounds(READINGS);
    await kafka.kill("kafka", "broker");
    const refusal = { code: "LOG_UNAVAILABLE", retry: "later", status: 503 };
    await expect(
      log.append(READINGS, [{ value: Buffer.from("lost"), timestampMs: 1 }]),
    ).rejects.toMatchObject(refusal);
    await expect(log.read(READINGS, { after: -1, ...ALL })).rejects.toMatchObject(refusal);
    await expect(openKafkaLog({ bootstrap, unavailableMs: 1_000 })).rejects.toMatchObject(refusal);
    expect(await log.waitFor(READINGS, { after: next - 1, timeoutMs: 10 })).toBe(false);
    await kafka.restart("kafka");
    const after = await log.append(READINGS, [{ value: Buffer.from("after"), timestampMs: 1 }]);
    // what failed was sent to nobody, so it is not there
    expect(after).toEqual({ first: next, last: next });
    await log.close();
  },
);
