export type {
  CheckpointState,
  LiveDelta,
  LiveFeed,
  ModelFreshness,
  ModelState,
  PipelineFailure,
  PipelineState,
  PipelineWatch,
  Row,
  Serving,
  TopicState,
  Value,
} from "./ports.ts";
export * from "./ir/index.ts";
export {
  type CheckedModels,
  checkModels,
  describeProblem,
  loadModels,
  type ModelProblem,
  type ModelProblemCode,
  readModelFiles,
} from "./model/index.ts";
export { batchSql, type ResolveInput } from "./dialect/duckdb/batch.ts";
export { openPipeline, type Pipeline, type PipelineOptions } from "./open-pipeline.ts";
export {
  emptyRelation,
  hudiInstant,
  type LakeView,
  type ViewedTable,
  viewLake,
} from "./checkpoint/lake-view.ts";
export { rowValue } from "./runtime/row-value.ts";
export { verifyLake, type Verification, type VerifiedTable } from "./verify/verify.ts";
