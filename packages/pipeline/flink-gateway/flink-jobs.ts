import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import { flinkCall } from "./flink-call.ts";
import { rootCause } from "./root-cause.ts";

const POLL_MS = 500;
const SAVEPOINT_LIMIT_MS = 10 * MINUTE_MS;

/** As Flink names them. */
export type FlinkJobState =
  | "INITIALIZING"
  | "CREATED"
  | "RUNNING"
  | "FAILING"
  | "FAILED"
  | "CANCELLING"
  | "CANCELED"
  | "FINISHED"
  | "RESTARTING"
  | "SUSPENDED"
  | "RECONCILING";

/** A job that will never run again. */
export const ENDED: ReadonlySet<FlinkJobState> = new Set(["FAILED", "CANCELED", "FINISHED"]);

export interface FlinkVertex {
  id: string;
  name: string;
  state: string;
  parallelism: number;
  /** Between operators of the job; a source reads and a sink writes outside of it. */
  recordsIn: number;
  recordsOut: number;
}

export interface FlinkJobStatus {
  id: string;
  name: string;
  state: FlinkJobState;
  startedAtMs: number;
  vertices: readonly FlinkVertex[];
}

export interface FlinkCheckpoint {
  number: number;
  completedAtMs: number;
  durationMs: number;
  stateBytes: number;
  path: string | null;
}

export interface FlinkCheckpoints {
  completed: number;
  failed: number;
  inProgress: number;
  restored: number;
  latest: FlinkCheckpoint | null;
  latestSavepoint: FlinkCheckpoint | null;
  /** Why the last failed, if one did. */
  lastFailure: string | null;
}

interface RawCheckpoint {
  id: number;
  latest_ack_timestamp?: number;
  end_to_end_duration?: number;
  state_size?: number;
  external_path?: string | null;
  failure_message?: string | null;
}

interface RawCheckpoints {
  counts?: { completed?: number; failed?: number; in_progress?: number; restored?: number };
  latest?: {
    completed?: RawCheckpoint | null;
    savepoint?: RawCheckpoint | null;
    failed?: RawCheckpoint | null;
  };
}

interface RawTrigger {
  status: { id: "IN_PROGRESS" | "COMPLETED" };
  operation?: { location?: string; "failure-cause"?: { "stack-trace"?: string; class?: string } };
}

/** The jobs of a Flink cluster, over its JobManager's REST interface. */
export class FlinkJobs {
  readonly #url: string;

  /** @param url of the JobManager, as http://127.0.0.1:8081 */
  constructor(url: string) {
    this.#url = url;
  }

  /** All that the cluster remembers. @throws FLINK_UNAVAILABLE */
  async list(): Promise<readonly { id: string; name: string; state: FlinkJobState }[]> {
    type Raw = { jobs: { jid: string; name: string; state: FlinkJobState }[] };
    const { jobs } = await flinkCall<Raw>(this.#url, "/jobs/overview");
    return jobs.map(({ jid, name, state }) => ({ id: jid, name, state }));
  }

  /** Null when the cluster knows no such job: it was restarted, or forgot it. @throws FLINK_UNAVAILABLE */
  async status(id: string): Promise<FlinkJobStatus | null> {
    type Raw = {
      jid: string;
      name: string;
      state: FlinkJobState;
      "start-time": number;
      vertices: {
        id: string;
        name: string;
        status: string;
        parallelism: number;
        metrics?: { "read-records"?: number; "write-records"?: number };
      }[];
    };
    const raw = await this.#known<Raw>(`/jobs/${id}`);
    if (raw === null) return null;
    return {
      id: raw.jid,
      name: raw.name,
      state: raw.state,
      startedAtMs: raw["start-time"],
      vertices: raw.vertices.map(({ metrics, status, ...vertex }) => ({
        id: vertex.id,
        name: vertex.name,
        parallelism: vertex.parallelism,
        state: status,
        recordsIn: metrics?.["read-records"] ?? 0,
        recordsOut: metrics?.["write-records"] ?? 0,
      })),
    };
  }

  async checkpoints(id: string): Promise<FlinkCheckpoints> {
    const raw = await this.#known<RawCheckpoints>(`/jobs/${id}/checkpoints`);
    const failed = raw?.latest?.failed?.failure_message;
    return {
      completed: raw?.counts?.completed ?? 0,
      failed: raw?.counts?.failed ?? 0,
      inProgress: raw?.counts?.in_progress ?? 0,
      restored: raw?.counts?.restored ?? 0,
      latest: checkpoint(raw?.latest?.completed),
      latestSavepoint: checkpoint(raw?.latest?.savepoint),
      lastFailure: failed ? rootCause(failed) : null,
    };
  }

  /** What the job failed of last, in one line; null when it never did. */
  async lastFailure(id: string): Promise<{ cause: string; atMs: number } | null> {
    type Raw = { exceptionHistory?: { entries?: { stacktrace?: string; timestamp?: number }[] } };
    const raw = await this.#known<Raw>(`/jobs/${id}/exceptions`);
    const [entry] = raw?.exceptionHistory?.entries ?? [];
    return entry?.stacktrace === undefined
      ? null
      : { cause: rootCause(entry.stacktrace), atMs: entry.timestamp ?? 0 };
  }

  /** How often the job was started again since it was submitted. */
  async restarts(id: string): Promise<number> {
    type Raw = { id: string; value: string }[];
    const raw = await this.#known<Raw>(`/jobs/${id}/metrics?get=numRestarts`);
    return Number(raw?.find((metric) => metric.id === "numRestarts")?.value ?? 0);
  }

  /** @returns where the savepoint lies @throws FLINK_SAVEPOINT_FAILED, FLINK_SAVEPOINT_LIMIT */
  async savepoint(id: string): Promise<string> {
    return this.#trigger(id, "savepoints", { "cancel-job": false, formatType: "CANONICAL" });
  }

  /**
   * Ends the job with a savepoint. With `drain` what waits in its windows goes out first, and the savepoint can't be begun from.
   * @returns where the savepoint lies @throws FLINK_SAVEPOINT_FAILED, FLINK_SAVEPOINT_LIMIT; the job goes on then
   */
  async stop(id: string, { drain }: { drain: boolean }): Promise<string> {
    return this.#trigger(id, "stop", { drain, formatType: "CANONICAL" });
  }

  /** Ends the job without a savepoint. */
  async cancel(id: string): Promise<void> {
    await flinkCall(this.#url, `/jobs/${id}?mode=cancel`, { method: "PATCH" });
  }

  async #trigger(id: string, path: "savepoints" | "stop", body: object): Promise<string> {
    const call = { method: "POST", body } as const;
    const answer = await flinkCall<{ "request-id": string }>(this.#url, `/jobs/${id}/${path}`, call);
    const until = performance.now() + SAVEPOINT_LIMIT_MS;
    for (;;) {
      const request = `/jobs/${id}/savepoints/${answer["request-id"]}`;
      const { status, operation } = await flinkCall<RawTrigger>(this.#url, request);
      if (status.id === "COMPLETED") {
        if (operation?.location !== undefined) return operation.location;
        throw savepointFailed(id, operation?.["failure-cause"]?.["stack-trace"] ?? "it says no reason");
      }
      if (performance.now() > until) throw savepointLate(id);
      await pause(POLL_MS);
    }
  }

  async #known<Answer>(path: string): Promise<Answer | null> {
    try {
      return await flinkCall<Answer>(this.#url, path);
    } catch (error) {
      if (error instanceof GridlakeError && error.details["httpStatus"] === 404) return null;
      throw error;
    }
  }
}

function checkpoint(raw: RawCheckpoint | null | undefined): FlinkCheckpoint | null {
  if (raw === null || raw === undefined) return null;
  return {
    number: raw.id,
    completedAtMs: raw.latest_ack_timestamp ?? 0,
    durationMs: raw.end_to_end_duration ?? 0,
    stateBytes: raw.state_size ?? 0,
    path: raw.external_path ?? null,
  };
}

function savepointFailed(id: string, trace: string): GridlakeError {
  return new GridlakeError("FLINK_SAVEPOINT_FAILED", `no savepoint of job ${id}: ${rootCause(trace)}`, {
    remedy: "the job goes on; mend the cause, or stop it without a savepoint",
    retry: "later",
    details: { job: id, trace },
  });
}

function savepointLate(id: string): GridlakeError {
  return new GridlakeError(
    "FLINK_SAVEPOINT_LIMIT",
    `a savepoint of job ${id} has taken more than ${SAVEPOINT_LIMIT_MS / MINUTE_MS} minutes`,
    { remedy: "see the job's checkpoints in Flink; it may be held up by a slow sink", retry: "later" },
  );
}
