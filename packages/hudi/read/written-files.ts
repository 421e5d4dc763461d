import { hasCode } from "@gridlake/kernel";
import type { TableState } from "../table/table-state.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";

/** How many commits are read at once. */
const COMMITS_AT_ONCE = 16;

/** What a write did to the table's files. */
export type WrittenFiles = Pick<CommitMetadata, "partitionToWriteStats" | "partitionToReplaceFileIds">;

const known = new WeakMap<TableState, Map<string, WrittenFiles>>();

/** What completed writes say they did, in their order, without those that have been archived meanwhile. */
export async function writtenFiles(
  state: TableState,
  writes: readonly Instant[],
): Promise<ReadonlyMap<string, WrittenFiles>> {
  let all = known.get(state);
  if (!all) known.set(state, (all = new Map()));
  const active = new Set(state.timeline.writes().map(({ timestamp }) => timestamp));
  for (const timestamp of all.keys()) if (!active.has(timestamp)) all.delete(timestamp);
  const found = new Map<string, WrittenFiles>();
  for (let at = 0; at < writes.length; at += COMMITS_AT_ONCE) {
    const some = writes.slice(at, at + COMMITS_AT_ONCE);
    const read = await Promise.all(some.map((one) => all.get(one.timestamp) ?? ofCommit(state, one)));
    for (const [i, files] of read.entries()) {
      const timestamp = some[i]?.timestamp;
      if (timestamp === undefined || files === null) continue;
      all.set(timestamp, files);
      found.set(timestamp, files);
    }
  }
  return found;
}

async function ofCommit(state: TableState, instant: Instant): Promise<WrittenFiles | null> {
  try {
    // the rest may be large
    const { partitionToWriteStats, partitionToReplaceFileIds = {} } = await state.metadataOf(instant);
    return { partitionToWriteStats, partitionToReplaceFileIds };
  } catch (error) {
    // archived since the timeline was listed
    if (hasCode(error, "HUDI_FILE_MISSING")) return null;
    throw error;
  }
}
