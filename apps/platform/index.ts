// Each entry loads what it needs when it is called: a query starts without the services.
import type { FlinkPlace, OpenFlinkPipeline } from "./flink/open-flink-pipeline.ts";
import type { Lake } from "./lake/open-lake.ts";
import type { Models } from "./models/open-models.ts";
import type { LakeQuery } from "./lake-query.ts";
import type { PlatformOptions, RunningPlatform } from "./start-platform.ts";
import type { verify as verifyDirectory } from "./verify.ts";

export type { LakeQuery, QueryResult } from "./lake-query.ts";
export type { PlatformOptions, RunningPlatform } from "./start-platform.ts";

/** See start-platform.ts. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const start = await import("./start-platform.ts");
  return start.startPlatform(options);
}

/** See lake-query.ts. */
export async function openLakeQuery(options: { dataDir: string }): Promise<LakeQuery> {
  const query = await import("./lake-query.ts");
  return query.openLakeQuery(options);
}

/** See lake/open-lake.ts. */
export async function openLake(options: { dataDir: string }): Promise<Lake> {
  const lake = await import("./lake/open-lake.ts");
  return lake.Lake.open(options);
}

/** See models/open-models.ts. */
export async function openModels(options: { directory?: string }): Promise<Models> {
  const models = await import("./models/open-models.ts");
  return models.Models.open(options);
}

/** See flink/open-flink-pipeline.ts. */
export async function openFlinkPipeline(place: FlinkPlace): Promise<OpenFlinkPipeline> {
  const flink = await import("./flink/open-flink-pipeline.ts");
  return flink.openFlinkPipeline(place);
}

/** See verify.ts. */
export async function verify(
  ...args: Parameters<typeof verifyDirectory>
): ReturnType<typeof verifyDirectory> {
  const verification = await import("./verify.ts");
  return verification.verify(...args);
}
