import { type Action, ACTIONS, completedAction, type Instant, type State } from "./instant.ts";

/** Where a table's timeline lies and how its files are named. */
export interface Layout {
  readonly version: 1 | 2;
  /** Relative to the table. */
  readonly folder: string;
  /** The file of an instant in its state: parse's inverse. */
  fileName(instant: Instant): string;
  /** Null for whatever else lies in the folder. */
  parse(fileName: string): Instant | null;
}

export const HOODIE = ".hoodie";

/**
 * Table versions up to 6: `<timestamp>.<action>[.requested|.inflight]` in `.hoodie`; a commit's inflight file leaves the
 * action out.
 */
export const LAYOUT_1: Layout = {
  version: 1,
  folder: HOODIE,
  fileName({ timestamp, action, state }) {
    if (state === "completed") return `${timestamp}.${completedAction(action)}`;
    return pendingName(timestamp, action, state);
  },
  parse(fileName) {
    const match = /^(\d{14}|\d{17})\.(.+)$/.exec(fileName);
    const [, timestamp = "", rest = ""] = match ?? [];
    return match && parseState({ timestamp, completion: timestamp }, rest);
  },
};

/**
 * Table versions from 8 on: `<timestamp>_<completion>.<action>` once completed, in `.hoodie/timeline` unless
 * `hoodie.timeline.path` says otherwise. A completed instant without a completion time is one that an upgrade carried over.
 */
export function layout2(path: string): Layout {
  return {
    version: 2,
    folder: `${HOODIE}/${path}`,
    fileName({ timestamp, action, state, completedAt }) {
      if (state !== "completed") return pendingName(timestamp, action, state);
      const completion = completedAt === null || completedAt === timestamp ? "" : `_${completedAt}`;
      return `${timestamp}${completion}.${completedAction(action)}`;
    },
    parse(fileName) {
      const match = /^(\d{14}|\d{17})(?:_(\d{14}|\d{17}))?\.(.+)$/.exec(fileName);
      const [, timestamp = "", completion, rest = ""] = match ?? [];
      const instant = match && parseState({ timestamp, completion: completion ?? timestamp }, rest);
      return instant && completion !== undefined && instant.state !== "completed" ? null : instant;
    },
  };
}

/** @param properties those of the table */
export function layoutOf(properties: ReadonlyMap<string, string>): Layout {
  return properties.get("hoodie.timeline.layout.version") === "2"
    ? layout2(properties.get("hoodie.timeline.path") ?? "timeline")
    : LAYOUT_1;
}

function pendingName(timestamp: string, action: Action, state: State): string {
  return action === "commit" && state === "inflight"
    ? `${timestamp}.inflight`
    : `${timestamp}.${action}.${state}`;
}

function parseState({ timestamp, completion }: { timestamp: string; completion: string }, rest: string) {
  if (rest === "inflight") return instantOf(timestamp, "commit", "inflight", null);
  const [action = "", state, more] = rest.split(".");
  if (more !== undefined || !ACTIONS.has(action)) return null;
  if (state === undefined) return instantOf(timestamp, action, "completed", completion);
  return state === "requested" || state === "inflight" ? instantOf(timestamp, action, state, null) : null;
}

function instantOf(timestamp: string, action: string, state: State, completedAt: string | null): Instant {
  return { timestamp, action: action as Action, state, completedAt };
}
