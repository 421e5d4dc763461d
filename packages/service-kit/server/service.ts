import { GridlakeError } from "@gridlake/kernel";
import type { Announcement } from "../registry/registry.ts";
import { silentLogger, type Logger } from "../telemetry/logger.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import type { IdentityVerifier } from "./access.ts";
import { closesConnections } from "./close-connections.ts";
import { createServer, type ServiceApp } from "./create-server.ts";
import type { ReadinessCheck } from "./health.ts";
import type { OpenApiDocument } from "./openapi.ts";

/**
 * What a service is before it has anything to work with: enough to write its OpenAPI document. `routes` may hold on to
 * `deps` but reads nothing from it; only handlers do (a document is built with deps that throw when they are touched).
 */
export interface ServiceDefinition<Deps extends object> {
  /** Lower case, as in the registry: `telemetry`. */
  name: string;
  title: string;
  version: string;
  description: string;
  /** Public path prefixes, without a trailing slash: `/api/telemetry`, `/ingest`. The gateway forwards them unchanged. */
  prefixes: readonly string[];
  bodyLimitBytes?: number;
  routes(app: ServiceApp, deps: Deps): void | Promise<void>;
}

/** What the platform lends to each of its services. */
export interface ServiceRuntime {
  logger: Logger;
  metrics: Metrics;
  identity: IdentityVerifier;
}

export interface ServiceLifecycle {
  checks?: ReadonlyMap<string, ReadinessCheck>;
  start?: () => Promise<void>;
  /** Called once, before the server closes: end streams, stop timers, close what the service owns. */
  stop?: () => Promise<void>;
}

/** A service ready to be put behind the gateway or on a port of its own. */
export interface Service {
  name: string;
  version: string;
  app: ServiceApp;
  /** Public path prefixes. */
  routes: readonly string[];
  start?: () => Promise<void>;
  /** Resolves when nothing of the service runs any more. */
  stop: () => Promise<void>;
}

/** Types a definition; see ServiceDefinition. */
export function defineService<Deps extends object>(
  definition: ServiceDefinition<Deps>,
): ServiceDefinition<Deps> {
  return definition;
}

export async function buildService<Deps extends object>(
  definition: ServiceDefinition<Deps>,
  runtime: ServiceRuntime,
  deps: Deps,
  lifecycle: ServiceLifecycle = {},
): Promise<Service> {
  const app = await createServer({ ...definition, ...runtime, checks: lifecycle.checks ?? new Map() });
  const closeConnections = closesConnections(app.server);
  keepWithinPrefixes(app, definition);
  await app.register(async (scope) => definition.routes(scope as ServiceApp, deps));
  await app.ready();
  return {
    name: definition.name,
    version: definition.version,
    app,
    routes: definition.prefixes,
    ...(lifecycle.start === undefined ? {} : { start: lifecycle.start }),
    stop: async () => {
      await lifecycle.stop?.();
      const closed = closeConnections();
      await app.close().finally(closed);
    },
  };
}

/** How a service of this process is registered. */
export function localAnnouncement(service: Service): Announcement {
  const { name, version, routes, app } = service;
  return {
    service: name,
    version,
    routes,
    endpoint: { kind: "local", handle: (request, response) => app.routing(request, response) },
  };
}

/** The service's OpenAPI document, without opening anything. */
export async function describeService<Deps extends object>(
  definition: ServiceDefinition<Deps>,
): Promise<OpenApiDocument> {
  const runtime = {
    logger: silentLogger(),
    metrics: createMetrics(),
    identity: { verify: () => Promise.reject(new Error("a document verifies nobody")) },
  };
  const service = await buildService(definition, runtime, untouchable<Deps>(definition.name));
  const document = service.app.swagger() as unknown as OpenApiDocument;
  await service.stop();
  return document;
}

/** A route outside the declared prefixes could never be reached through the gateway. */
function keepWithinPrefixes(
  app: ServiceApp,
  definition: { name: string; prefixes: readonly string[] },
): void {
  app.addHook("onRoute", (route) => {
    if (definition.prefixes.some((prefix) => route.url === prefix || route.url.startsWith(`${prefix}/`)))
      return;
    throw new GridlakeError(
      "ROUTE_OUTSIDE_PREFIX",
      `${definition.name}: ${route.url} is under none of its prefixes`,
      {
        remedy: `begin the route with one of ${definition.prefixes.join(", ")}, or declare its prefix`,
      },
    );
  });
}

function untouchable<Deps extends object>(service: string): Deps {
  return new Proxy({} as Deps, {
    get(_target, key) {
      throw new GridlakeError(
        "SERVICE_DEPS_TOUCHED",
        `${service} reads deps.${String(key)} while it registers routes`,
        {
          remedy: "read deps inside the handlers, or in start()",
        },
      );
    },
  });
}
