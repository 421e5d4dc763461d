// The telemetry service alone on a durable log, as a process of its own; `port-receiver.ts` starts it and ends it over IPC.
// The pipeline is told to be level with the log, so that what is measured is the way from the socket to the disk.
import type { AddressInfo } from "node:net";
import { openEmbeddedLog } from "@gridlake/durable-log";
import type { LiveFeed, PipelineWatch, Serving } from "@gridlake/pipeline";
import { createMetrics, silentLogger } from "@gridlake/service-kit";
import { createTelemetryService } from "@gridlake/telemetry";

/** What the process says when it is ready. */
export interface ServerMessage {
  port: number;
}

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error("give the log's folder");

const level: PipelineWatch = {
  state: () => ({
    status: "running",
    sequence: 0,
    topics: [{ topic: "readings", next: Number.MAX_SAFE_INTEGER, end: 0, lagMs: 0 }],
    checkpoint: { number: 0, sequence: 0, completedAt: null, durationMs: null, failures: 0, error: null },
    models: [],
    tests: [],
    linesPerSecond: 0,
    error: null,
  }),
  reached: () => Promise.resolve(true),
};
const nothing: Serving & LiveFeed = {
  rows: () => Promise.resolve([]),
  models: [],
  subscribe: () => () => {},
};

const log = await openEmbeddedLog({ dir });
const service = await createTelemetryService(
  {
    logger: silentLogger(),
    metrics: createMetrics(),
    identity: { verify: () => Promise.reject(new Error("the bench signs nobody in")) },
  },
  {
    log,
    pipeline: level,
    serving: nothing,
    live: nothing,
    introspectToken: (token) =>
      Promise.resolve(
        token === "bench" ? { kind: "device", subject: "bench", scope: "*", expiresAtMs: null } : null,
      ),
  },
);
await service.app.listen({ host: "127.0.0.1", port: 0 });

process.on("message", () => void stop());
process.on("disconnect", () => process.exit());
say({ port: (service.app.server.address() as AddressInfo).port });

async function stop(): Promise<void> {
  await service.stop();
  await log.close();
  // the channel is what keeps the process
  process.disconnect();
}

function say(message: ServerMessage): void {
  process.send?.(message);
}
