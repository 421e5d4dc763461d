import type { TableState } from "../table/table-state.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import { archivedTimelineOf } from "./archive/archived-timeline.ts";

export interface HistoryOptions {
  /** A time of completion, exclusive. @default the table's first */
  after?: string;
  /** A time of completion, inclusive. @default the newest */
  upTo?: string;
}

/** A completed instant, wherever it stands by now. */
export interface HistoryEntry extends Instant {
  /** Whether it has left the active timeline. */
  archived: boolean;
  /** What a write did, and its `extraMetadata`; null for other actions. @throws HUDI_TIMELINE_CORRUPT */
  metadata(): Promise<CommitMetadata | null>;
}

/**
 * What has been done to the table, oldest first: the archived timeline and the active one, whatever engine wrote them.
 * @throws HUDI_TIMELINE_CORRUPT naming the file
 */
export async function history(
  state: TableState,
  { after = "", upTo }: HistoryOptions = {},
): Promise<HistoryEntry[]> {
  await state.refresh();
  const writes = new Set(state.timeline.writes());
  const entries = new Map<string, HistoryEntry>();
  // the active timeline comes last: an archiver that died leaves instants in both
  for (const instant of await archivedTimelineOf(state).read()) {
    entries.set(keyOf(instant), { ...instant, archived: true });
  }
  for (const instant of state.timeline.completed()) {
    const metadata = async () => (writes.has(instant) ? state.metadataOf(instant) : null);
    entries.set(keyOf(instant), { ...instant, archived: false, metadata });
  }
  return [...entries.values()]
    .filter((entry) => {
      const time = entry.completedAt ?? entry.timestamp;
      return time > after && (upTo === undefined || time <= upTo);
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ timestamp, action }: Instant) => `${timestamp}.${action}`;
