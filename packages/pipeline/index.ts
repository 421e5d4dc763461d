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
  TestState,
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
  modelSetInvalid,
  readModelFiles,
  readTestFiles,
} from "./model/index.ts";
export { parseSelection, SELECTION_METHODS, selectModels } from "./selection/index.ts";
export {
  columnReaders,
  columnTree,
  columnTreeText,
  type ColumnName,
  type ColumnTree,
  dot,
  mermaid,
  modelTreeText,
} from "./lineage/index.ts";
export { describeModel, docsPages, type DocsPage, type ModelDescription } from "./docs/index.ts";
export {
  type CheckedTests,
  checkTests,
  type DataTest,
  dataTests,
  runTest,
  type SingularTest,
  type TestedTables,
  TestRounds,
  type TestRoundsOptions,
  type TestResult,
} from "./data-tests/index.ts";
export {
  checkpointEvents,
  type LineageEngine,
  designEvents,
  FileTransport,
  HttpTransport,
  LineageEmitter,
  type LineageEvent,
  type LineageTransport,
  testEvents,
} from "./openlineage/index.ts";
export { batchSql, type ResolveInput } from "./dialect/duckdb/batch.ts";
export type { CommittedTable } from "./checkpoint/checkpoints.ts";
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
export { goldenFiles, presentGoldens, renewGoldens } from "./golden/golden.ts";
export { compileFlink } from "./dialect/flink/compile.ts";
export {
  type FlinkJob,
  type FlinkOptions,
  flinkScript,
  type FlinkStatement,
  flinkStatements,
  type MysqlSource,
} from "./dialect/flink/job.ts";
