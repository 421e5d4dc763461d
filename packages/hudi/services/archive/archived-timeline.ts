import type { TableState } from "../../table/table-state.ts";
import type { CommitMetadata } from "../../timeline/commit-metadata.ts";
import type { Instant } from "../../timeline/instant.ts";
import { LogArchive } from "./log/archive.ts";
import { LsmArchive } from "./lsm/archive.ts";

/** A completed instant that has left the active timeline. */
export interface ArchivedInstant extends Instant {
  /** What a write did; null for other actions, and where nothing is kept of it. @throws HUDI_TIMELINE_CORRUPT */
  metadata(): Promise<CommitMetadata | null>;
}

/** Where instants go that leave the active timeline. Each layout has its own, and engines read and go on with it. */
export interface ArchivedTimeline {
  /**
   * Which of these it has already: an archiver that died may have written them down and not yet taken them away. Oldest
   * first.
   */
  known(instants: readonly Instant[]): Promise<ReadonlySet<string>>;
  /** Writes down completed instants, oldest first and at least one, with all that their files say; durable. */
  append(instants: readonly Instant[]): Promise<void>;
  /** Merges what has become many small files. */
  tidy(): Promise<void>;
  /** All of it, in no order; an instant may be there twice. @throws HUDI_TIMELINE_CORRUPT naming the file */
  read(): Promise<ArchivedInstant[]>;
}

export function archivedTimelineOf(state: TableState): ArchivedTimeline {
  return state.config.layout.version === 1 ? new LogArchive(state) : new LsmArchive(state);
}
