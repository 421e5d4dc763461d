/** What an instant did or is about to do. */
export type Action =
  | "commit"
  | "deltacommit"
  | "replacecommit"
  | "compaction"
  | "logcompaction"
  | "clustering"
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
  /** When it completed, spelt as `timestamp`; null before. In layout 1, which does not say, the timestamp itself. */
  completedAt: string | null;
}

export const ACTIONS: ReadonlySet<string> = new Set<Action>([
  "commit",
  "deltacommit",
  "replacecommit",
  "compaction",
  "logcompaction",
  "clustering",
  "clean",
  "rollback",
  "restore",
  "savepoint",
  "indexing",
]);

/** What a table service is called until it completes, and then. */
const COMPLETED_AS: Partial<Record<Action, Action>> = {
  compaction: "commit",
  logcompaction: "deltacommit",
  clustering: "replacecommit",
};

/** The action under which an instant of this action completes: `compaction` → `commit`. */
export function completedAction(action: Action): Action {
  return COMPLETED_AS[action] ?? action;
}

/** What an instant that completes as `action` may be called until then: a commit may be a compaction's. */
export function actionsBefore(action: Action): Action[] {
  const planned = Object.entries(COMPLETED_AS).filter(([, completed]) => completed === action);
  return [action, ...planned.map(([name]) => name as Action)];
}

/** An instant that is about to be. */
export function pendingInstant(
  timestamp: string,
  action: Action,
  state: "requested" | "inflight" = "requested",
): Instant {
  return { timestamp, action, state, completedAt: null };
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
