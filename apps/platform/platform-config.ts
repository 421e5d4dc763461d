import { loadConfig } from "@gridlake/service-kit";
import { type Static, type TLiteral, Type } from "typebox";

const CHECKPOINT_MS = 10_000;
const RETENTION_DAYS = 7;
const LOG_GIB = 16;
const RETAIN_COMMITS = 30;
const TESTS_MS = 300_000;
const TESTS_SHARE = 0.02;

/** `gridlake.json` in the data directory; every key may be left out. */
export const PlatformConfig = Type.Object(
  {
    grid: Type.Object(
      {
        /** Where a day begins: an IANA name. Changing it computes every indicator again. */
        timeZone: Type.String({ default: "UTC" }),
      },
      { default: {}, additionalProperties: false },
    ),
    pipeline: Type.Object(
      {
        threads: Type.Integer({ default: 2, minimum: 1, maximum: 256 }),
        memoryLimitMib: Type.Integer({ default: 2048, minimum: 256 }),
        checkpointIntervalMs: Type.Integer({ default: CHECKPOINT_MS, minimum: 100, maximum: 3_600_000 }),
        /** Log bytes in one micro-batch. */
        maxBatchBytes: Type.Integer({ default: 6_291_456, minimum: 65_536 }),
        /** The models' tests, run over the engine's tables. */
        tests: Type.Object(
          {
            /** From one round to the next, at least; 0: they are not run. */
            intervalMs: Type.Integer({ default: TESTS_MS, minimum: 0, maximum: 86_400_000 }),
            /** Of the time, what they may take. */
            share: Type.Number({ default: TESTS_SHARE, exclusiveMinimum: 0, maximum: 1 }),
          },
          { default: {}, additionalProperties: false },
        ),
      },
      { default: {}, additionalProperties: false },
    ),
    lake: Type.Object(
      {
        /** Commits as of which a table can still be read; older files are deleted. */
        retainCommits: Type.Integer({ default: RETAIN_COMMITS, minimum: 1, maximum: 100_000 }),
      },
      { default: {}, additionalProperties: false },
    ),
    log: Type.Object(
      {
        /** Records that the lake holds are kept this much longer. */
        retentionDays: Type.Number({ default: RETENTION_DAYS, minimum: 0 }),
        maxGib: Type.Number({ default: LOG_GIB, minimum: 0.1 }),
      },
      { default: {}, additionalProperties: false },
    ),
    /** OpenLineage events of each checkpoint. */
    lineage: Type.Object(
      {
        /** `file`: lineage.ndjson in the data directory. */
        transport: Type.Union(
          ["none", "file", "http"].map((kind) => Type.Literal(kind)) as [
            TLiteral<"none">,
            TLiteral<"file">,
            TLiteral<"http">,
          ],
          { default: "none" },
        ),
        url: Type.Optional(Type.String()),
        apiKey: Type.Optional(Type.String()),
        namespace: Type.String({ default: "gridlake", minLength: 1 }),
      },
      { default: {}, additionalProperties: false },
    ),
    logging: Type.Object(
      {
        level: Type.Union(
          ["trace", "debug", "info", "warn", "error"].map((level) => Type.Literal(level)),
          { default: "warn" },
        ),
      },
      { default: {}, additionalProperties: false },
    ),
    /** Bounds of the telemetry service; see its README. */
    telemetry: Type.Record(Type.String(), Type.Unknown(), { default: {} }),
  },
  { additionalProperties: false },
);
export type PlatformConfig = Static<typeof PlatformConfig>;

/** @throws CONFIG_INVALID */
export function loadPlatformConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): PlatformConfig {
  return loadConfig(PlatformConfig, {
    file,
    env,
    envKeys: {
      GRIDLAKE_TIME_ZONE: "grid.timeZone",
      GRIDLAKE_LOG_LEVEL: "logging.level",
      GRIDLAKE_CHECKPOINT_MS: "pipeline.checkpointIntervalMs",
      GRIDLAKE_THREADS: "pipeline.threads",
    },
  });
}
