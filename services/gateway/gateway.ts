import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthorityPaths } from "@gridlake/contracts";
import { type Clock, GridlakeError, parseConfig, SECOND_MS } from "@gridlake/kernel";
import {
  closesConnections,
  Counter,
  createCaller,
  createRemote,
  createServer,
  type IdentityIssuer,
  type Registry,
  type ServiceApp,
  type ServiceRuntime,
} from "@gridlake/service-kit";
import { GatewayConfig } from "./config.ts";
import { answerClientError } from "./door/client-error.ts";
import { Door } from "./door/door.ts";
import { RateLimit } from "./guard/rate-limit.ts";
import { Identities } from "./identity/identities.ts";
import { PlatformDocument } from "./platform/open-api.ts";
import { probeServices } from "./platform/readiness.ts";
import { platformRoutes } from "./platform/routes.ts";
import { Forwarder } from "./routing/forward.ts";
import { RouteTable } from "./routing/route-table.ts";
import { serveWeb } from "./web/web-files.ts";

export interface GatewayOptions {
  registry: Registry;
  issuer: IdentityIssuer;
  clock: Clock;
  /** See GatewayConfig. */
  config?: Partial<GatewayConfig>;
  /** Services without which the platform is not ready. */
  required: readonly string[];
  /** The built web application. @default none is served */
  webRoot?: string;
}

export interface Gateway {
  server: Server;
  /** @returns where it listens: `http://127.0.0.1:8080` @throws GATEWAY_PORT_TAKEN, GATEWAY_ADDRESS_REFUSED */
  listen(at: { host: string; port: number }): Promise<string>;
  /** Turns everyone away, ends streams, lets what runs finish, at most 5 s. */
  stop(): Promise<void>;
}

/** The head of a request has to arrive within this time, its body within REQUEST_TIMEOUT_MS. */
const HEADERS_TIMEOUT_MS = 15 * SECOND_MS;
const REQUEST_TIMEOUT_MS = 120 * SECOND_MS;
const KEEP_ALIVE_TIMEOUT_MS = 65 * SECOND_MS;
const MAX_HEADER_BYTES = 16_384;
const MAX_HEADERS = 100;

export async function createGateway(runtime: ServiceRuntime, options: GatewayOptions): Promise<Gateway> {
  const config = parseConfig(GatewayConfig, options.config ?? {}, "the gateway's configuration");
  const logger = runtime.logger.child({ service: "gateway" });
  const routes = new RouteTable(options.registry);
  const forwarder = new Forwarder();
  const own = await ownApp(runtime, routes, options);
  const refused = new Counter({
    name: "gridlake_gateway_refused_total",
    help: "requests that the gateway itself refused",
    labelNames: ["code"],
    registers: [runtime.metrics.registry],
  });
  const door = new Door({
    routes,
    forwarder,
    logger,
    identities: new Identities({
      authority: createRemote<AuthorityPaths>({
        registry: options.registry,
        service: "authority",
        caller: createCaller("gateway", options.issuer),
      }),
      issuer: options.issuer,
      clock: options.clock,
      cacheMs: config.identityCacheMs,
    }),
    logins: new RateLimit(config.loginsPerMinute, options.clock),
    own: (request, response) => own.routing(request, response),
    trustedProxies: new Set(config.trustedProxies),
    publicOrigins: config.publicOrigins,
    onRefusal: (code) => refused.inc({ code }),
  });
  const server = createHttpServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    (request, response) => door.enter(request, response),
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = config.maxConnections;
  server.on("clientError", answerClientError);
  const closeConnections = closesConnections(server);
  return {
    server,
    listen: (at) => listen(server, at),
    stop: async () => {
      door.close();
      const closed = closeConnections();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
      closed();
      routes.close();
      forwarder.close();
      await own.close();
    },
  };
}

async function ownApp(
  runtime: ServiceRuntime,
  routes: RouteTable,
  options: GatewayOptions,
): Promise<ServiceApp> {
  const app = await createServer({
    ...runtime,
    name: "gateway",
    version: "0.1.0",
    description: "The only public door.",
    checks: new Map([["services", () => probeServices(routes, options.required)]]),
  });
  platformRoutes(app, {
    metrics: runtime.metrics,
    identity: runtime.identity,
    document: new PlatformDocument(routes),
  });
  if (options.webRoot !== undefined) await serveWeb(app, options.webRoot);
  await app.ready();
  return app;
}

function listen(server: Server, at: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(cantListen(at, cause)));
    server.listen({ host: at.host, port: at.port }, () => {
      const { port } = server.address() as AddressInfo;
      const host = at.host.includes(":") ? `[${at.host}]` : at.host;
      resolve(`http://${host}:${port}`);
    });
  });
}

function cantListen(at: { host: string; port: number }, cause: NodeJS.ErrnoException): GridlakeError {
  const taken = cause.code === "EADDRINUSE";
  return new GridlakeError(
    taken ? "GATEWAY_PORT_TAKEN" : "GATEWAY_ADDRESS_REFUSED",
    taken
      ? `port ${at.port} on ${at.host} is taken by another program`
      : `can't listen on ${at.host}:${at.port} (${cause.code})`,
    {
      remedy: taken ? "choose another with --port, or stop that program" : "choose another --host or --port",
      details: { host: at.host, port: at.port },
      cause,
    },
  );
}
