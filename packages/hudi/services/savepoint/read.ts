import { savepointMetadata } from "../../avro/savepoint.ts";
import type { TableState } from "../../table/table-state.ts";

/** A savepoint, read. */
export interface SavedInstant {
  /** The write that is saved. */
  instant: string;
  user: string;
  comment: string;
  /** When it was saved, in ms since the epoch. */
  savedAtMs: number;
  /** By partition, the names of the files that stay. */
  partitions: ReadonlyMap<string, readonly string[]>;
}

/** All savepoints of the table, oldest saved write first. @throws HUDI_TIMELINE_CORRUPT */
export async function readSavepoints(state: TableState): Promise<SavedInstant[]> {
  const found: SavedInstant[] = [];
  for (const instant of state.timeline.completed()) {
    if (instant.action !== "savepoint") continue;
    const bytes = await state.bytesOf(instant);
    const metadata = await savepointMetadata.decode(bytes, state.instantPath(instant));
    found.push({
      instant: instant.timestamp,
      user: metadata.savepointedBy,
      comment: metadata.comments,
      savedAtMs: metadata.savepointedAt,
      partitions: new Map(
        Object.entries(metadata.partitionMetadata).map(([partition, saved]) => [
          partition,
          saved.savepointDataFile,
        ]),
      ),
    });
  }
  return found;
}

/** Whether the table as of a write is saved, whatever has been cleaned since. @param at its timestamp or completion time */
export async function isSaved(state: TableState, at: string): Promise<boolean> {
  const saved = await readSavepoints(state);
  return saved.some(({ instant }) => instant === at || state.timeline.completionOf(instant) === at);
}
