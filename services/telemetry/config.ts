import { GIB, MIB, MINUTE_MS, parseConfig, SECOND_MS } from "@gridlake/kernel";
import { type Static, Type } from "typebox";

const bytes = (value: number, maximum = 16 * GIB) => Type.Integer({ default: value, minimum: 1, maximum });
const count = (value: number, maximum = 1_000_000_000) =>
  Type.Integer({ default: value, minimum: 1, maximum });

/** Every bound of the service, with its default. */
export const TelemetryConfigSchema = Type.Object(
  {
    ingest: Type.Object(
      {
        /** Largest body, on the wire and unpacked; the log's record limit has to hold it. */
        maxBodyBytes: bytes(8 * MIB, GIB),
        /** Largest body of `?validate=strict`, which is parsed in the event loop. */
        maxStrictBodyBytes: bytes(MIB, GIB),
        /** Most lines of one batch. */
        maxBatchLines: count(200_000),
        /** Bodies held in memory at one time, from the first byte read to the sync; beyond it 503. */
        maxHeldBytes: bytes(128 * MIB),
        /** Of one device token; 0 sets no limit. A burst of two seconds' worth is let through. */
        maxLinesPerSecond: Type.Integer({ default: 0, minimum: 0 }),
        /** What the log may hold that the pipeline has not taken in; beyond it 503. */
        maxLagRecords: count(1_000_000),
        maxLagBytes: bytes(256 * MIB),
        /** How long an answer of authority about a token holds; a revocation takes effect within it. */
        tokenTtlMs: Type.Integer({ default: 10 * SECOND_MS, minimum: 0, maximum: 10 * SECOND_MS }),
        /** Tokens remembered. */
        maxTokens: count(10_000),
      },
      { additionalProperties: false, default: {} },
    ),
    masterData: Type.Object(
      {
        maxBodyBytes: bytes(16 * MIB, GIB),
        maxRows: count(200_000),
        /** Row errors that an answer lists; the count tells of the rest. */
        maxReportedErrors: count(100),
        /** Largest log record of an import. */
        maxRecordBytes: bytes(MIB),
      },
      { additionalProperties: false, default: {} },
    ),
    live: Type.Object(
      {
        maxClients: count(500),
        /** Rows that wait for a slow client, by key; beyond it the client is told to reload. */
        maxPendingRows: count(10_000),
        /** Deltas kept of each model for clients that come back. */
        resumeDeltas: count(256),
        /** Rows kept in them, all together, of each model. */
        resumeRows: count(50_000),
        /** Age at which a stream is ended, so that the client comes back with a session that still holds. */
        maxStreamMs: Type.Integer({ default: 15 * MINUTE_MS, minimum: 10 }),
        heartbeatMs: Type.Integer({ default: 15 * SECOND_MS, minimum: 10 }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
);
export type TelemetryConfig = Static<typeof TelemetryConfigSchema>;

/** Fills the defaults. @throws CONFIG_INVALID */
export function telemetryConfig(input: unknown = {}): TelemetryConfig {
  return parseConfig(TelemetryConfigSchema, input, "telemetry");
}
