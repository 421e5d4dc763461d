export { createTelemetryService, telemetry, type TelemetryDeps, type TelemetryRooms } from "./service.ts";
export { telemetryConfig, type TelemetryConfig, TelemetryConfigSchema } from "./config.ts";
export type { IntrospectToken, TokenFacts } from "./ingest/device-token.ts";
export { tokenFactsOf, type IntrospectionAnswer } from "./ingest/introspection.ts";
export type { BatchReceipt } from "./ingest/readings-port.ts";
export type { LineResult, StrictAnswer } from "./ingest/strict-batch.ts";
export type { BatchAccount, QuarantineReason } from "./ingest/batch-account.ts";
export type { ImportReceipt } from "./master-data/import.ts";
export type { RowError } from "./master-data/csv-lines.ts";
