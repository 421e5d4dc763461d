export { createServer, type ServerOptions, type ServiceApp } from "./server/create-server.ts";
export {
  buildService,
  defineService,
  describeService,
  localAnnouncement,
  type Service,
  type ServiceDefinition,
  type ServiceLifecycle,
  type ServiceRuntime,
} from "./server/service.ts";
export { IDENTITY_HEADER, type IdentityVerifier } from "./server/access.ts";
export { asRefusal, errorBody, retryAfterSeconds, sendError } from "./server/error-handler.ts";
export { type ReadinessCheck } from "./server/health.ts";
export { type OpenApiDocument, type OpenApiOperation } from "./server/openapi.ts";
export { newRequestId, REQUEST_ID_HEADER } from "./server/request-id.ts";
export { assertAllowed, principalOf, type Access, type Principal } from "./identity/principal.ts";
export {
  createLogger,
  silentLogger,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from "./telemetry/logger.ts";
export { createMetrics, type Metrics } from "./telemetry/metrics.ts";
export { closesConnections } from "./server/close-connections.ts";
export { createIdentityIssuer, createIdentityVerifier, type IdentityIssuer } from "./identity/token.ts";
export { BoundedMap } from "./identity/bounded-map.ts";
export { loadConfig, type ConfigSources } from "./config/load-config.ts";
export { loadOrCreateSecrets, newIdentityKey, type IdentityKey, type Secrets } from "./config/secrets.ts";
export {
  type Announcement,
  type Endpoint,
  type Instance,
  type Registration,
  type Registry,
} from "./registry/registry.ts";
export { EmbeddedRegistry } from "./registry/embedded/registry.ts";
export { createCaller, type Caller } from "./remote/caller.ts";
export { callInstance, choose, createRemote, type RemoteOptions } from "./remote/remote.ts";
export {
  cameOverHttps,
  CLIENT_ADDRESS_HEADER,
  CLIENT_SCHEME_HEADER,
  clientAddressOf,
} from "./server/client.ts";
export { Counter, Gauge, Histogram } from "prom-client";
