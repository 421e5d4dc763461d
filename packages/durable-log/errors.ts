import { GridlakeError } from "@gridlake/kernel";
import type { Position, StoredRecord } from "./log.ts";

/** Refusals that every implementation of the port gives in the same words. */

export function closed(): GridlakeError {
  return new GridlakeError("LOG_CLOSED", "the log is closed", { retry: "later", status: 503 });
}

export function notFound(dir: string): GridlakeError {
  return new GridlakeError("LOG_NOT_FOUND", `${dir} holds no log`, {
    remedy: "give the folder of a log that has been written",
    details: { dir },
  });
}

export function readOnly(): GridlakeError {
  return new GridlakeError("LOG_READ_ONLY", "this log was opened for reading", {
    remedy: "write through the process that owns the log",
  });
}

export function offsetOutOfRange(
  position: Position,
  range: { after: number; first: number; next: number },
): GridlakeError {
  const { after, first, next } = range;
  const where = `${position.topic}/${position.partition ?? 0}`;
  const why = after + 1 < first ? "has been trimmed" : "was never written";
  return new GridlakeError(
    "LOG_OFFSET_OUT_OF_RANGE",
    `offset ${after + 1} of ${where} ${why}: it holds [${first}, ${next})`,
    {
      remedy: "start at bounds().first, and rebuild what the trimmed records fed from the lake",
      retry: "after-refresh",
      details: { ...position, ...range },
    },
  );
}

/** What a partition that was never written gives. @throws LOG_OFFSET_OUT_OF_RANGE */
export function emptyRead(where: Required<Position>, { after }: { after: number }): StoredRecord[] {
  if (after === -1) return [];
  throw offsetOutOfRange(where, { after, first: 0, next: 0 });
}

export function recordTooLarge(what: string, size: { bytes: number; maxBytes: number }): GridlakeError {
  return new GridlakeError(
    "LOG_RECORD_TOO_LARGE",
    `${what} of ${size.bytes} bytes, at most ${size.maxBytes}`,
    {
      remedy: "send smaller parts",
      details: size,
      status: 413,
    },
  );
}

export function busy(bytes: { waiting: number; maxUnsyncedBytes: number }): GridlakeError {
  return new GridlakeError("LOG_BUSY", `${bytes.waiting} bytes wait for their sync`, {
    remedy: "slow down and send again",
    retry: "later",
    details: bytes,
    status: 503,
  });
}

export function full(message: string, details: Record<string, unknown>, cause?: unknown): GridlakeError {
  return new GridlakeError("LOG_FULL", message, {
    remedy: "make room on the disk, raise maxBytes, shorten the retention, or let the pipeline checkpoint",
    retry: "later",
    details,
    status: 503,
    cause,
  });
}

export const MAX_PARTITIONS = 1_024;
// what Kafka takes as a topic's name, so that a topic can move to the cluster under its own
const TOPIC_NAME = /^[A-Za-z0-9._-]{1,249}$/;

/** Fills in the partition. @throws LOG_POSITION_INVALID */
export function checkPosition(position: Position): Required<Position> {
  const { topic, partition = 0 } = position;
  checkTopic(topic);
  if (Number.isInteger(partition) && partition >= 0 && partition < MAX_PARTITIONS)
    return { topic, partition };
  throw new GridlakeError("LOG_POSITION_INVALID", `${topic} can have no partition ${partition}`, {
    remedy: `give a whole number from 0 to ${MAX_PARTITIONS - 1}`,
    details: { topic, partition },
    status: 400,
  });
}

/** @throws LOG_POSITION_INVALID */
export function checkTopic(topic: string): void {
  if (TOPIC_NAME.test(topic)) return;
  throw new GridlakeError("LOG_POSITION_INVALID", `"${topic}" can be no topic`, {
    remedy: "name it with 1 to 249 of A-Z a-z 0-9 . _ -",
    details: { topic },
    status: 400,
  });
}
