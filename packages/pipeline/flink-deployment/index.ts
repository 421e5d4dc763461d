export type { Deployment, Savepoint } from "./deployment.ts";
export { type DeploymentTopics, FlinkPipeline, type FlinkPipelineOptions } from "./flink-pipeline.ts";
export type { FlinkPipelineStatus } from "./pipeline-status.ts";
export type { ModelChanges, UpgradePlan } from "./upgrade.ts";
