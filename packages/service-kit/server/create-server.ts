import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { MIB, SECOND_MS } from "@gridlake/kernel";
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { enforceAccess, type IdentityVerifier } from "./access.ts";
import { handleErrors } from "./error-handler.ts";
import { serveHealth, type ReadinessCheck } from "./health.ts";
import { observeRequests } from "./observe.ts";
import { describeRoutes } from "./openapi.ts";
import { requestIdOf } from "./request-id.ts";

/** Fastify with TypeBox schemas as types. */
export type ServiceApp = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface ServerOptions {
  /** Lower case, as in the registry: `telemetry`. */
  name: string;
  version: string;
  /** For people. @default the name */
  title?: string;
  description: string;
  logger: Logger;
  metrics: Metrics;
  /** Without it, every route that is not public answers 401. */
  identity?: IdentityVerifier;
  /** Of `/readyz`, by name. */
  checks?: ReadonlyMap<string, ReadinessCheck>;
  /** Largest body, unless a route says otherwise. @default 1 MiB */
  bodyLimitBytes?: number;
}

export const DEFAULT_BODY_LIMIT_BYTES = MIB;
/** A request's head and body have to arrive within this time. */
export const REQUEST_TIMEOUT_MS = 60 * SECOND_MS;
export const KEEP_ALIVE_TIMEOUT_MS = 65 * SECOND_MS;
const MAX_PARAM_LENGTH = 256;

/** The server every service stands on: uniform errors, access, health, metrics, request ids, OpenAPI. */
export async function createServer(options: ServerOptions): Promise<ServiceApp> {
  const { validatorCompiler } = await import("./validation.ts");
  const app = fastify({
    loggerInstance: options.logger.child({ service: options.name }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: "idle",
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  handleErrors(app as unknown as FastifyInstance);
  enforceAccess(app as unknown as FastifyInstance, options.identity);
  observeRequests(app as unknown as FastifyInstance, { service: options.name, metrics: options.metrics });
  await describeRoutes(app, { ...options, title: options.title ?? options.name });
  app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () => app.swagger());
  serveHealth(app, {
    name: options.name,
    version: options.version,
    checks: options.checks ?? new Map(),
  });
  return app;
}
