export type {
  LiveDelta,
  LiveFeed,
  ModelState,
  PipelineState,
  PipelineWatch,
  Row,
  Serving,
  Value,
} from "./ports.ts";
export * from "./ir/index.ts";
export { loadModels } from "./model/load.ts";
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
