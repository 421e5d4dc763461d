import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openEmbeddedLog,
  type EmbeddedLog,
  type EmbeddedLogOptions,
  type Log,
  type StoredRecord,
} from "@gridlake/durable-log";
import { GridlakeError, ManualClock } from "@gridlake/kernel";
import { createMetrics, IDENTITY_HEADER, type Principal, silentLogger } from "@gridlake/service-kit";
import type { Role } from "@gridlake/contracts";
import type { TokenFacts } from "../ingest/device-token.ts";
import { createTelemetryService } from "../service.ts";
import { SteppedPipeline } from "./pipeline.ts";

/** The service on a real log in a folder of its own, on a real port, with a clock and a pipeline that tests move. */
export interface Rig {
  url: string;
  log: EmbeddedLog;
  pipeline: SteppedPipeline;
  clock: ManualClock;
  /** What authority knows; a test may change it. */
  tokens: Map<string, TokenFacts>;
  /** How often authority was asked. */
  asked: () => number;
  /** All records of a topic. */
  records: (topic: string) => Promise<StoredRecord[]>;
  stop: () => Promise<void>;
}

export async function startRig(
  options: { config?: unknown; log?: Partial<EmbeddedLogOptions>; recordUnit?: Log["recordUnit"] } = {},
): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), "telemetry-"));
  const log = await openEmbeddedLog({ dir, ...options.log });
  const pipeline = new SteppedPipeline(log);
  const clock = new ManualClock(Date.UTC(2024, 0, 1));
  const tokens = new Map<string, TokenFacts>([
    ["all", { kind: "device", subject: "head-end", scope: "*", expiresAtMs: null }],
    ["m1", { kind: "device", subject: "meter-1", scope: ["M1"], expiresAtMs: null }],
    ["api", { kind: "api", subject: "ann", scope: "*", expiresAtMs: null }],
    ["brief", { kind: "device", subject: "brief", scope: "*", expiresAtMs: clock.nowMs() + 1000 }],
  ]);
  let asked = 0;
  const service = await createTelemetryService(
    { logger: silentLogger(), metrics: createMetrics(), identity: { verify } },
    {
      log: options.recordUnit === "line" ? ofLines(log) : log,
      pipeline,
      serving: pipeline,
      live: pipeline,
      clock,
      config: options.config,
      introspectToken: async (token) => {
        asked += 1;
        if (token === "broken") throw new Error("authority is down");
        return tokens.get(token) ?? null;
      },
    },
  );
  await service.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = service.app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    pipeline,
    clock,
    tokens,
    asked: () => asked,
    records: (topic) => log.read({ topic }, { after: -1, maxRecords: 10_000, maxBytes: 1e9 }),
    stop: async () => {
      await service.stop();
      await log.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** Header of a signed-in user with one role. */
export function signedIn(role: Role): Record<string, string> {
  return { [IDENTITY_HEADER]: role };
}

async function verify(token: string): Promise<Principal> {
  if (token === "forged") throw new GridlakeError("AUTH_INVALID", "forged", { status: 401 });
  return { kind: "user", subject: `id-${token}`, username: token, roles: [token as Role], credential: "s" };
}

/** The same log, whose records its writers take for single lines, as those of Kafka. */
function ofLines(log: Log): Log {
  return {
    recordUnit: "line",
    append: (position, records) => log.append(position, records),
    read: (position, range) => log.read(position, range),
    bounds: (position) => log.bounds(position),
    waitFor: (position, options) => log.waitFor(position, options),
    trim: (position, options) => log.trim(position, options),
    partitions: (topic) => log.partitions(topic),
    close: () => log.close(),
  };
}
