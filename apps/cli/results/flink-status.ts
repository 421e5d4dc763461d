import type { FlinkStatus } from "../platform.ts";

const NAME_WIDTH = 34;
const MIB = 1_048_576;

/** What `./gridlake pipeline flink-status` says, for people. */
export function flinkStatusText(status: FlinkStatus, nowMs: number): string {
  const { deployment, checkpoints, lastFailure } = status;
  const latest = checkpoints.latest;
  const lines = [
    `${deployment.jobName}: ${status.state}, job ${deployment.jobId}, started over ${status.restarts} times`,
    latest === null
      ? "no checkpoint is complete"
      : `checkpoint ${latest.number}: ${seconds(nowMs - latest.completedAtMs)} ago, took ${seconds(latest.durationMs)}, ${(latest.stateBytes / MIB).toFixed(1)} MiB; ${checkpoints.completed} complete, ${checkpoints.failed} failed`,
    ...(checkpoints.lastFailure === null ? [] : [`last failed checkpoint: ${checkpoints.lastFailure}`]),
    ...(lastFailure === null
      ? []
      : [`last failure, ${seconds(nowMs - lastFailure.atMs)} ago: ${lastFailure.cause}`]),
    `tables: ${deployment.lakePath}`,
    status.caughtUp
      ? "all that is in the topics is taken in"
      : `not caught up yet; the tables to read are in ${deployment.servedPath}`,
    "",
    row("topic", "records behind"),
    ...Object.entries(status.lag).map(([topic, behind]) => row(topic, String(behind))),
    "",
    row("model", "rows written"),
    ...status.models.map(({ model, rowsWritten }) =>
      row(model, rowsWritten === null ? "-" : String(rowsWritten)),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function row(name: string, value: string): string {
  return `${name.padEnd(NAME_WIDTH)} ${value.padStart(14)}`;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
}
