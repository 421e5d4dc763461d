import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import { rootCause } from "./root-cause.ts";

/** Longest wait for one answer. */
const ANSWER_LIMIT_MS = 60 * SECOND_MS;
/** A call that may be said twice is tried so often. */
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 200;
/** What is read of an answer that is not JSON. */
const MOST_SHOWN_CHARACTERS = 500;

export interface FlinkCall {
  /** @default "GET" */
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** Whether the call may reach Flink twice. @default for all but POST */
  repeatable?: boolean;
  signal?: AbortSignal;
}

/**
 * One call of Flink's REST interfaces (the SQL Gateway's, the JobManager's), repeated while nobody answers.
 * @throws FLINK_UNAVAILABLE when nobody does, FLINK_REFUSED with the root cause of what Flink says
 */
export async function flinkCall<Answer>(base: string, path: string, call: FlinkCall = {}): Promise<Answer> {
  const { method = "GET" } = call;
  const repeatable = call.repeatable ?? method !== "POST";
  for (let tried = 1; ; tried += 1) {
    try {
      return await once<Answer>(base, path, call);
    } catch (error) {
      if (!hasCode(error, "FLINK_UNAVAILABLE") || call.signal?.aborted) throw error;
      // what was not even connected can be said again, whatever it is
      if (tried === MOST_TRIES || !(repeatable || notConnected(error))) throw error;
    }
    await pause(FIRST_PAUSE_MS * 2 ** (tried - 1));
  }
}

async function once<Answer>(base: string, path: string, call: FlinkCall): Promise<Answer> {
  const { method = "GET", body } = call;
  const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${base}${path}`, {
      method,
      signal: call.signal === undefined ? limit : AbortSignal.any([limit, call.signal]),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    text = await response.text();
  } catch (cause) {
    throw unavailable(base, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const answer = parsed(text);
  if (response.ok) return (answer ?? {}) as Answer;
  const errors = (answer as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(errors)) {
    // a gateway that starts or ends, or something before it
    if (response.status >= 502) throw unavailable(base, `HTTP ${response.status}`);
    throw refused(`HTTP ${response.status}: ${text.slice(0, MOST_SHOWN_CHARACTERS)}`, [], response.status);
  }
  const words = errors.map(String);
  throw refused(rootCause(words), words, response.status);
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the status tells what it is worth
  }
}

function unavailable(base: string, why: string, cause?: unknown): GridlakeError {
  return new GridlakeError("FLINK_UNAVAILABLE", `Flink does not answer at ${base}: ${why}`, {
    remedy: "see that it runs and that this is its address (./gridlake cluster status)",
    retry: "later",
    status: 503,
    details: { address: base },
    ...(cause === undefined ? {} : { cause }),
  });
}

function refused(why: string, errors: readonly string[], status: number): GridlakeError {
  return new GridlakeError("FLINK_REFUSED", `Flink refused: ${why}`, {
    remedy: "see the trace in the details",
    details: { errors, httpStatus: status },
    status: 502,
  });
}

function notConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const inner = cause instanceof Error ? cause.cause : undefined;
  return hasCode(cause, "ECONNREFUSED") || hasCode(inner, "ECONNREFUSED");
}
