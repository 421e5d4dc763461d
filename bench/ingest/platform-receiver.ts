import { setTimeout as sleep } from "node:timers/promises";
import { MINUTE_MS } from "@gridlake/kernel";
import { deviceToken, startBenchPlatform } from "../platform/platform.ts";
import { deviceCsv, jsonLine } from "./readings.ts";
import type { Receiver } from "./turn.ts";

const POLL_MS = 50;
const SETTLE_LIMIT_MS = 5 * MINUTE_MS;

/** A whole platform with every device registered: the gateway in front, the pipeline behind. */
export async function platformReceiver(dir: string): Promise<Receiver> {
  const platform = await startBenchPlatform(dir);
  try {
    await platform.request("/api/telemetry/devices/import?wait=10000", {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: deviceCsv(),
    });
    return {
      target: {
        port: Number(new URL(platform.url).port),
        path: "/ingest/readings",
        contentType: "application/x-ndjson",
        token: await deviceToken(platform),
      },
      pid: platform.pid,
      line: jsonLine,
      settled: async () => {
        const givenUpAt = performance.now() + SETTLE_LIMIT_MS;
        for (;;) {
          const answer = await platform.request("/api/analytics/pipeline");
          const { topics } = (await answer.json()) as { topics: { next: number; end: number }[] };
          if (topics.every(({ next, end }) => next >= end)) return;
          if (performance.now() > givenUpAt) throw new Error("the pipeline does not come to the log's end");
          await sleep(POLL_MS);
        }
      },
      stop: () => platform.stop(),
    };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}
