import { join } from "node:path";
import { type AuthorityService, createAuthorityService } from "@gridlake/authority";
import { createAnalyticsService, QuarantineCounts } from "@gridlake/analytics";
import { type AuthorityPaths, TOPICS } from "@gridlake/contracts";
import { openEmbeddedLog, Retention } from "@gridlake/durable-log";
import { createGateway } from "@gridlake/gateway";
import { DAY_MS, GIB, systemClock } from "@gridlake/kernel";
import { loadModels, openPipeline } from "@gridlake/pipeline";
import {
  createCaller,
  createIdentityIssuer,
  createIdentityVerifier,
  createLogger,
  createMetrics,
  createRemote,
  EmbeddedRegistry,
  type Logger,
  loadOrCreateSecrets,
  type LogLevel,
  type Service,
} from "@gridlake/service-kit";
import { createTelemetryService } from "@gridlake/telemetry";
import { createDataDirectory } from "./data-directory.ts";
import { deviceTokens } from "./device-tokens.ts";
import { createLineageEvents } from "./lineage-events.ts";
import { createTestRounds } from "./model-tests.ts";
import { MODELS_DIR } from "./models-dir.ts";
import { pipelineMetrics } from "./pipeline-metrics.ts";
import { loadPlatformConfig } from "./platform-config.ts";
import { lockPlatform } from "./platform-lock.ts";

export interface PlatformOptions {
  dataDir: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Sets the password of `admin`; without it, the first start makes one up. */
  adminPassword?: string;
  profile: "embedded";
  /** The folder of the built web application. @default none is served */
  webRoot?: string;
  /** Told what takes long. */
  onProgress?: (message: string) => void;
}

export interface RunningPlatform {
  /** Where it listens. */
  url: string;
  /** Only when this start has made it up. */
  adminPassword?: string | undefined;
  /** Lets what runs finish and closes everything, within ten seconds. */
  stop(): Promise<void>;
}

/**
 * The embedded profile: log, pipeline, lake and services in this process, on one data directory.
 * What is started later is stopped earlier; a start that fails leaves nothing behind but the data directory.
 * @throws PLATFORM_RUNNING, CONFIG_INVALID, GATEWAY_PORT_TAKEN, MODEL_SET_INVALID, …
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  await using stack = new AsyncDisposableStack();
  const directory = createDataDirectory(options.dataDir);
  const lock = lockPlatform(directory.lock);
  stack.defer(() => lock.release());
  const config = loadPlatformConfig(directory.config, process.env);
  const logger = createLogger({
    level: config.logging.level as LogLevel,
    destination: process.stderr,
  });
  const metrics = createMetrics({ process: true });
  const secrets = loadOrCreateSecrets(directory.root);
  const issuer = createIdentityIssuer(secrets.identityKeys, systemClock);
  const identity = createIdentityVerifier(secrets.identityKeys, systemClock);

  const models = loadModels(MODELS_DIR, TOPICS);
  const log = await openEmbeddedLog({ dir: directory.log, maxBytes: Math.round(config.log.maxGib * GIB) });
  stack.defer(() => log.close());
  const measured = pipelineMetrics(metrics.registry);
  const lineage = createLineageEvents(config.lineage, { root: directory.root, logger });
  stack.defer(async () => lineage?.close());
  const pipeline = await openPipeline({
    dataDir: directory.root,
    lakeDir: directory.lake,
    log,
    models: await models,
    timeZone: config.grid.timeZone,
    threads: config.pipeline.threads,
    memoryLimitMib: config.pipeline.memoryLimitMib,
    checkpointIntervalMs: config.pipeline.checkpointIntervalMs,
    retainCommits: config.lake.retainCommits,
    limits: { maxBytes: config.pipeline.maxBatchBytes },
    onMicroBatch: measured.microBatch,
    ...(lineage === null ? {} : { onCommitted: lineage.committed }),
    onFailure: (error) => logger.error({ err: error }, "the pipeline reports a failure"),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  stack.defer(() => pipeline.close());
  const { engine } = pipeline;
  measured.watch(engine);
  measured.quarantine(new QuarantineCounts(engine.serving, engine));
  await engine.start();
  const tests = createTestRounds({ engine, models: await models, config: config.pipeline.tests, logger });
  if (config.pipeline.tests.intervalMs > 0) tests.start();
  stack.defer(() => tests.stop());
  const retention = new Retention({
    log,
    floor: ({ topic }) => pipeline.checkpoints.floor(topic),
    policy: {
      maxAgeMs: config.log.retentionDays * DAY_MS,
      maxBytes: Math.round((config.log.maxGib * GIB) / 2),
    },
    onError: (error) => logger.error({ err: error }, "log retention failed"),
  });
  retention.start();
  stack.defer(() => retention.stop());

  const registry = new EmbeddedRegistry({
    onListenerError: (error) => logger.error({ err: error }, "a listener of the registry failed"),
  });
  stack.defer(() => registry.close());
  const runtime = { logger, metrics, identity };
  const authority = await createAuthorityService(runtime, {
    databasePath: join(directory.db, "authority.sqlite"),
    clock: systemClock,
  });
  await enlist(stack, registry, authority);
  const authorityOf = (service: string) =>
    createRemote<AuthorityPaths>({ registry, service: "authority", caller: createCaller(service, issuer) });
  const telemetry = await createTelemetryService(runtime, {
    log,
    pipeline: engine,
    serving: engine.serving,
    live: engine.live,
    introspectToken: deviceTokens(authorityOf("telemetry")),
    config: config.telemetry,
  });
  await enlist(stack, registry, telemetry);
  const analytics = await createAnalyticsService(runtime, {
    serving: engine.serving,
    watch: engine,
    timeZone: config.grid.timeZone,
  });
  await enlist(stack, registry, analytics);
  const adminPassword = await firstPassword(authority, options.adminPassword, logger);

  const gateway = await createGateway(runtime, {
    registry,
    issuer,
    clock: systemClock,
    required: ["authority", "telemetry", "analytics"],
    ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }),
  });
  stack.defer(() => gateway.stop());
  const url = await gateway.listen({ host: options.host, port: options.port });
  logger.info({ url, dataDir: directory.root }, "serving");
  const running = stack.move();
  return { url, adminPassword, stop: () => running.disposeAsync() };
}

/** Starts a service and makes it known, both undone when the platform stops. */
async function enlist(
  stack: AsyncDisposableStack,
  registry: EmbeddedRegistry,
  service: Service,
): Promise<void> {
  stack.defer(() => service.stop());
  await service.start?.();
  await registry.register({
    service: service.name,
    version: service.version,
    routes: service.routes,
    endpoint: { kind: "local", handle: (request, response) => service.app.routing(request, response) },
  });
}

async function firstPassword(
  authority: AuthorityService,
  given: string | undefined,
  logger: Logger,
): Promise<string | undefined> {
  const outcome = await authority.bootstrapAdmin({ password: given });
  if (outcome.created) logger.info("made the account admin");
  return outcome.password ?? undefined;
}
