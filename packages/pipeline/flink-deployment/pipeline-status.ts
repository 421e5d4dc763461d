import type { ModelSet } from "../ir/index.ts";
import type { FlinkCheckpoints, FlinkJobs, FlinkJobState, FlinkVertex } from "../flink-gateway/flink-jobs.ts";
import type { Deployment } from "./deployment.ts";
import type { DeploymentTopics } from "./flink-pipeline.ts";

export interface FlinkPipelineStatus {
  deployment: Deployment;
  /** `UNKNOWN` when the cluster knows nothing of the job. */
  state: FlinkJobState | "UNKNOWN";
  startedAtMs: number | null;
  restarts: number;
  lastFailure: { cause: string; atMs: number } | null;
  checkpoints: FlinkCheckpoints;
  /** Per topic, records behind what the last checkpoint has committed. */
  lag: Readonly<Record<string, number>>;
  /** Whether all that is in the topics has been taken in, up to the last checkpoint. */
  caughtUp: boolean;
  /** Per model, the changes of rows that its table was given since the job was started. */
  models: readonly { model: string; rowsWritten: number | null }[];
}

/** Asks Flink and Kafka how a deployment does. @throws FLINK_UNAVAILABLE, LOG_UNAVAILABLE */
export async function jobStatus(
  deployment: Deployment,
  parts: { jobs: FlinkJobs; topics: DeploymentTopics; models: ModelSet },
): Promise<FlinkPipelineStatus> {
  const { jobs, topics } = parts;
  const { jobId } = deployment;
  const [status, checkpoints, lastFailure, restarts, lag] = await Promise.all([
    jobs.status(jobId),
    jobs.checkpoints(jobId),
    jobs.lastFailure(jobId),
    jobs.restarts(jobId),
    topics.lag(deployment.jobName, deployment.topics),
  ]);
  const behind = Object.values(lag).reduce((sum, records) => sum + records, 0);
  return {
    deployment,
    state: status?.state ?? "UNKNOWN",
    startedAtMs: status?.startedAtMs ?? null,
    restarts,
    lastFailure,
    checkpoints,
    lag,
    caughtUp: status?.state === "RUNNING" && checkpoints.completed > 0 && behind === 0,
    models: parts.models.models.map(({ name }) => ({
      model: name,
      rowsWritten: rowsWritten(status?.vertices ?? [], name),
    })),
  };
}

/** What Hudi's writer of a table was given; it has the table's name after its own. */
function rowsWritten(vertices: readonly FlinkVertex[], table: string): number | null {
  const writers = vertices.filter(({ name }) => /(^|[ >[])stream_write: /.test(name) && names(name, table));
  return writers.length === 0 ? null : writers.reduce((sum, { recordsIn }) => sum + recordsIn, 0);
}

function names(vertex: string, table: string): boolean {
  // the database of the session's catalog stands before it
  return new RegExp(`stream_write: (?:\\w+[.])?${table}(?![\\w-])`).test(vertex);
}
