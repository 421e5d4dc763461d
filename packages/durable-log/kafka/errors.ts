import { findErrorBy } from "@platformatic/kafka";
import { GridlakeError } from "@gridlake/kernel";
import type { Position } from "../log.ts";

/** Whether a broker answered with this error of Kafka's protocol. */
export function isAnswer(error: unknown, id: string): boolean {
  return error instanceof Error && findErrorBy(error, "apiId", id) !== null;
}

/** Whether Kafka knows no such topic or partition. */
export function isUnknownTopic(error: unknown): boolean {
  return isAnswer(error, "UNKNOWN_TOPIC_OR_PARTITION") || isAnswer(error, "UNKNOWN_TOPIC_ID");
}

/** Whether the same request may succeed later: a broker is away, or another one leads the partition now. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return findErrorBy(error, "canRetry", true) !== null;
}

/** What is said when the brokers stay away, or answer with what nobody expects. */
export function unavailable(
  what: string,
  cause: unknown,
  details: Record<string, unknown> = {},
): GridlakeError {
  const why = reason(cause);
  return new GridlakeError("LOG_UNAVAILABLE", `${what}: ${why}`, {
    remedy: "see that the brokers run and can be reached, then send again",
    retry: "later",
    status: 503,
    details,
    cause,
  });
}

/** An append of which nobody knows whether it was written. */
export function appendUnknown(where: Required<Position>, cause: unknown): GridlakeError {
  const at = `${where.topic}/${where.partition}`;
  return new GridlakeError(
    "LOG_UNAVAILABLE",
    `no broker has acknowledged an append to ${at}, and it may be there or not: ${reason(cause)}`,
    {
      remedy: "send it again: a reading counts once, by device, ts and seq",
      retry: "later",
      status: 503,
      details: { ...where },
      cause,
    },
  );
}

export function gap(where: Required<Position>, offset: number): GridlakeError {
  return new GridlakeError(
    "LOG_CORRUPT",
    `${where.topic}/${where.partition} has no record at offset ${offset}, and has later ones`,
    {
      remedy:
        "a log's topic is neither compacted nor written in transactions: see its configuration in Kafka",
      details: { ...where, offset },
    },
  );
}

/** The innermost reason, in Kafka's words. */
function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors.at(-1));
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${reason(error.cause)})` : error.message;
}
