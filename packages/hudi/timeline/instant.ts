/** What an instant did or is about to do. */
export type Action =
  | "commit"
  | "deltacommit"
  | "replacecommit"
  | "compaction"
  | "clean"
  | "rollback"
  | "restore"
  | "savepoint"
  | "indexing";

export type State = "requested" | "inflight" | "completed";

/** One action on the timeline. `timestamp` is yyyyMMddHHmmssSSS in UTC and unique in its table. */
export interface Instant {
  timestamp: string;
  action: Action;
  state: State;
}

// layout 1: <timestamp>.<action>[.requested|.inflight]; a commit's inflight file leaves the action out
const NAME = /^(\d{14}|\d{17})\.(?:(inflight)|([a-z]+)(?:\.(requested|inflight))?)$/;
const ACTIONS = new Set([
  "commit",
  "deltacommit",
  "replacecommit",
  "compaction",
  "clean",
  "rollback",
  "restore",
  "savepoint",
  "indexing",
]);

/** "20260101000000000.commit.requested" → the instant; null for whatever else lies in `.hoodie`. */
export function parseInstant(fileName: string): Instant | null {
  const match = NAME.exec(fileName);
  if (!match) return null;
  const [, timestamp = "", commitInflight, action = "", state = "completed"] = match;
  if (commitInflight) return { timestamp, action: "commit", state: "inflight" };
  return ACTIONS.has(action) ? { timestamp, action: action as Action, state: state as State } : null;
}

/** The file of an instant in its state: parseInstant's inverse. */
export function instantFileName({ timestamp, action, state }: Instant): string {
  if (state === "completed") return `${timestamp}.${action}`;
  return action === "commit" && state === "inflight"
    ? `${timestamp}.inflight`
    : `${timestamp}.${action}.${state}`;
}

/** Ms since the epoch of a timestamp of 17 digits, or of 14 from an older writer. */
export function instantMs(timestamp: string): number {
  const digits = timestamp.padEnd(17, "0");
  const part = (from: number, length: number) => Number(digits.slice(from, from + length));
  return Date.UTC(part(0, 4), part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2), part(14, 3));
}

export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/\D/g, "").slice(0, 17);
}

/** The timestamp for a new instant: now, or 1 ms after `last` when the clock has not passed it. */
export function nextInstant({ nowMs, last }: { nowMs: number; last: string | null }): string {
  return formatInstant(last === null ? nowMs : Math.max(nowMs, instantMs(last) + 1));
}
