import type { Log } from "@gridlake/durable-log";
import { type Clock, systemClock } from "@gridlake/kernel";
import type { LiveFeed, PipelineWatch, Serving } from "@gridlake/pipeline";
import {
  buildService,
  defineService,
  type Service,
  type ServiceApp,
  type ServiceRuntime,
} from "@gridlake/service-kit";
import { telemetryConfig } from "./config.ts";
import { BatchAccounts } from "./ingest/batch-account.ts";
import { type BatchRoomParts, batchRoutes } from "./ingest/batch-routes.ts";
import type { IntrospectToken } from "./ingest/device-token.ts";
import { ReadingsPort } from "./ingest/readings-port.ts";
import { readingsRoutes } from "./ingest/readings-routes.ts";
import { LiveHub } from "./live/hub.ts";
import { liveRoutes } from "./live/routes.ts";
import { MasterDataImport } from "./master-data/import.ts";
import { Quarantine } from "./quarantine/quarantine.ts";
import { quarantineRoutes } from "./quarantine/routes.ts";
import { importRoutes } from "./master-data/routes.ts";

/** What the platform gives the service. */
export interface TelemetryDeps {
  log: Log;
  pipeline: PipelineWatch;
  serving: Serving;
  live: LiveFeed;
  /** Authority's word on a device token. */
  introspectToken: IntrospectToken;
  /** @default the wall clock */
  clock?: Clock;
  /** Bounds; see config.ts. @default {} */
  config?: unknown;
}

/** The rooms of the service, as the handlers see them. */
export interface TelemetryRooms {
  readings: ReadingsPort;
  batches: BatchRoomParts;
  imports: MasterDataImport;
  quarantine: Quarantine;
  live: LiveHub;
}

export const telemetry = defineService<TelemetryRooms>({
  name: "telemetry",
  title: "Telemetry",
  version: "0.1.0",
  description: "The device ports, the register imports and the live streams",
  prefixes: ["/api/telemetry", "/ingest"],
  async routes(app, rooms) {
    // each of the first two reads its bodies in its own way
    await app.register(async (scope) => readingsRoutes(scope as ServiceApp, () => rooms.readings));
    await app.register(async (scope) => importRoutes(scope as ServiceApp, () => rooms.imports));
    quarantineRoutes(app, () => rooms.quarantine);
    batchRoutes(app, () => rooms.batches);
    liveRoutes(app, () => rooms.live);
  },
});

/** @throws CONFIG_INVALID */
export async function createTelemetryService(runtime: ServiceRuntime, deps: TelemetryDeps): Promise<Service> {
  const config = telemetryConfig(deps.config);
  const { log, pipeline, serving, introspectToken } = deps;
  const clock = deps.clock ?? systemClock;
  const readings = new ReadingsPort({ log, pipeline, introspectToken, clock, limits: config.ingest });
  const accounts = new BatchAccounts({ log, serving, pipeline });
  const rooms: TelemetryRooms = {
    readings,
    batches: { tokens: readings.tokens, accounts },
    imports: new MasterDataImport({ log, pipeline, clock, limits: config.masterData }),
    quarantine: new Quarantine({ log, serving, pipeline, clock }),
    live: new LiveHub({ feed: deps.live, pipeline, limits: config.live }),
  };
  return buildService(telemetry, runtime, rooms, {
    // before anything comes in: what a crash cut short
    start: () => rooms.quarantine.settle(),
    stop: async () => rooms.live.stop(),
  });
}
