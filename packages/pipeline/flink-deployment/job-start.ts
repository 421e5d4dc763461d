import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import type { FlinkJob } from "../dialect/flink/job.ts";
import { ENDED, type FlinkJobs, type FlinkJobStatus } from "../flink-gateway/flink-jobs.ts";
import { SqlSession } from "../flink-gateway/sql-session.ts";

const POLL_MS = SECOND_MS;
/** A job that has been started so often without one checkpoint will not come to one. */
const MOST_RESTARTS = 5;
/** Submission of many sinks takes Flink's planner long; so does a first checkpoint. */
const SUBMIT_LIMIT_MS = 10 * MINUTE_MS;
const FIRST_CHECKPOINT_LIMIT_MS = 15 * MINUTE_MS;

export interface JobStart {
  gateway: string;
  jobs: FlinkJobs;
  job: FlinkJob;
  /** Where state is taken up; none begins from nothing. */
  savepoint?: string;
  onProgress?: (message: string) => void;
  /** @default 15 minutes */
  firstCheckpointLimitMs?: number;
}

/**
 * Submits a job and waits until it runs and a checkpoint of it is complete: until then nobody knows whether it can.
 * @returns its id
 * @throws FLINK_REFUSED naming the statement, FLINK_JOB_FAILED with the root cause, FLINK_SAVEPOINT_INCOMPATIBLE, FLINK_JOB_LATE;
 *   a job that did not come so far is cancelled
 */
export async function startJob(start: JobStart): Promise<string> {
  const id = await submit(start);
  try {
    await untilCheckpointed(start, id);
    return id;
  } catch (error) {
    await start.jobs.cancel(id).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

async function submit({ gateway, job, savepoint, onProgress }: JobStart): Promise<string> {
  const properties = {
    ...job.settings,
    ...(savepoint === undefined ? {} : { "execution.savepoint.path": savepoint }),
  };
  const session = await SqlSession.open(gateway, { properties });
  try {
    for (const { name, of, sql } of [...job.sources, ...job.views, ...job.sinks]) {
      await session.run(sql).catch((error: unknown) => {
        throw naming(error, `${name} (of ${of})`, sql);
      });
    }
    onProgress?.(`submitting ${job.inserts.length} inserts as one job`);
    const { jobId } = await session
      .run(job.statementSet, { limitMs: SUBMIT_LIMIT_MS })
      .catch((error: unknown) => {
        if (savepoint !== undefined && isIncompatible(error)) throw incompatible(savepoint, error);
        throw naming(error, "the statement set", job.statementSet);
      });
    if (jobId !== null) return jobId;
    throw new GridlakeError("FLINK_JOB_UNNAMED", "the SQL Gateway took the statement set and names no job", {
      remedy: "see its log, and Flink's list of jobs",
    });
  } finally {
    await session.close().catch(() => undefined); // the gateway forgets it by itself
  }
}

async function untilCheckpointed(
  { jobs, savepoint, onProgress, ...limits }: JobStart,
  id: string,
): Promise<void> {
  const until = performance.now() + (limits.firstCheckpointLimitMs ?? FIRST_CHECKPOINT_LIMIT_MS);
  let seen: FlinkJobStatus["state"] | undefined;
  for (;;) {
    const status = await jobs.status(id);
    if (status !== null && status.state !== seen) {
      seen = status.state;
      onProgress?.(`job ${id}: ${seen}`);
    }
    if (seen !== undefined && ENDED.has(seen)) throw await failed({ jobs, id, savepoint, what: seen });
    if (seen === "RUNNING" && (await jobs.checkpoints(id)).completed > 0) return;
    const restarts = await jobs.restarts(id);
    if (restarts >= MOST_RESTARTS)
      throw await failed({ jobs, id, savepoint, what: `started ${restarts} times over` });
    if (performance.now() > until) throw await late(jobs, id);
    await pause(POLL_MS);
  }
}

async function failed(told: {
  jobs: FlinkJobs;
  id: string;
  savepoint: string | undefined;
  what: string;
}): Promise<GridlakeError> {
  const { jobs, id, savepoint, what } = told;
  const cause = (await jobs.lastFailure(id))?.cause ?? "Flink tells no cause";
  if (savepoint !== undefined && isIncompatible(cause)) return incompatible(savepoint, cause);
  return new GridlakeError("FLINK_JOB_FAILED", `job ${id} ${what}: ${cause}`, {
    remedy:
      "mend what the cause names, then deploy again; the whole trace is in Flink's web (exceptions of the job)",
    details: { job: id, cause },
    status: 502,
  });
}

async function late(jobs: FlinkJobs, id: string): Promise<GridlakeError> {
  const [failure, { lastFailure }] = await Promise.all([jobs.lastFailure(id), jobs.checkpoints(id)]);
  const why = lastFailure ?? failure?.cause ?? "no failure is told; it may want more slots, memory or time";
  return new GridlakeError("FLINK_JOB_LATE", `job ${id} has completed no checkpoint: ${why}`, {
    remedy: "see ./gridlake cluster logs flink, and Flink's web for the job's tasks",
    retry: "later",
    details: { job: id },
    status: 504,
  });
}

function isIncompatible(error: unknown): boolean {
  const words =
    error instanceof GridlakeError ? `${error.message} ${JSON.stringify(error.details)}` : String(error);
  return /cannot map (checkpoint|savepoint)|failed to rollback to checkpoint|state (migration|serializer).*incompatible|new state serializer/i.test(
    words,
  );
}

function incompatible(savepoint: string, cause: unknown): GridlakeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GridlakeError(
    "FLINK_SAVEPOINT_INCOMPATIBLE",
    `the savepoint ${savepoint} does not fit: ${why}`,
    {
      remedy: "build anew from the topics: ./gridlake pipeline upgrade --rebuild",
      details: { savepoint },
      ...(cause instanceof Error ? { cause } : {}),
    },
  );
}

function naming(error: unknown, what: string, sql: string): unknown {
  if (!(error instanceof GridlakeError) || error.code !== "FLINK_REFUSED") return error;
  return new GridlakeError(error.code, `${what}: ${error.message}`, {
    remedy: "see ./gridlake models compile --dialect flink, and the trace in the details",
    details: { ...error.details, statement: sql },
    status: error.status,
    cause: error,
  });
}
