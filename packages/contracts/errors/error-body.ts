import type { Retry } from "@gridlake/kernel";

/** What every service answers when it refuses: one shape, whatever went wrong. */
export interface ErrorBody {
  error: {
    /** Stable, upper snake case; what a program decides by. */
    code: string;
    /** What happened, for a person. */
    message: string;
    /** What the caller can do about it. */
    remedy?: string;
    retry: Retry;
    /** The values the message speaks of. */
    details: Record<string, unknown>;
    /** Finds this request in the logs. */
    requestId: string;
  };
}

/** Whether `value` is the body of a refusal. */
export function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const error = value.error;
  return typeof error === "object" && error !== null && "code" in error && "requestId" in error;
}
