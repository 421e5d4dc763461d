import type { TableState } from "../../table/table-state.ts";
import { type Action, actionsBefore, type Instant, pendingInstant } from "../../timeline/instant.ts";
import { removeChecksum } from "../checksum-file.ts";

/** What a completed instant was called while it was pending, and the bodies of its files then; null for one without a file. */
export interface PendingFiles {
  action: Action;
  requested: Buffer | null;
  inflight: Buffer | null;
}

/** A commit of a MERGE_ON_READ table was a compaction before. */
export async function pendingFilesOf(state: TableState, instant: Instant): Promise<PendingFiles> {
  for (const action of actionsBefore(instant.action).toReversed()) {
    const [requested = null, inflight = null] = await Promise.all(
      (["requested", "inflight"] as const).map((stage) =>
        state.storage.read(state.instantPath(pendingInstant(instant.timestamp, action, stage))),
      ),
    );
    if (requested !== null || inflight !== null) return { action, requested, inflight };
  }
  return { action: instant.action, requested: null, inflight: null };
}

/**
 * Takes completed instants off the active timeline, oldest first. An instant whose completed file went first would look
 * unfinished, and be rolled back with its data.
 */
export async function removeInstants(state: TableState, instants: readonly Instant[]): Promise<void> {
  const { storage, timelineDirectory } = state;
  const names = new Set((await storage.list(timelineDirectory)).map(({ name }) => name));
  const remove = async (instant: Instant) => {
    const name = state.config.layout.fileName(instant);
    const path = `${timelineDirectory}/${name}`;
    if (names.has(name)) await storage.remove(path);
    if (names.has(`.${name}.crc`)) await removeChecksum(storage, path);
  };
  for (const { timestamp, action } of instants) {
    for (const called of actionsBefore(action)) {
      await remove(pendingInstant(timestamp, called, "requested"));
      await remove(pendingInstant(timestamp, called, "inflight"));
    }
  }
  await storage.syncDirectory(timelineDirectory);
  for (const instant of instants) await remove(instant);
  await storage.syncDirectory(timelineDirectory);
}
