import { hasCode } from "@gridlake/kernel";
import type { LogFile } from "../file-group/file-slice.ts";
import type { MergeContext } from "./merge-context.ts";

/** How far the completed writes went in a log file. */
export interface RecordedEnd {
  /** Behind the last byte that one of the writes known says it wrote; 0 when none wrote to it. */
  atLeast: number;
  /** Whether every completed write that can have written to it is known: none is archived. */
  isAll: boolean;
}

interface Recorded {
  /** By the file's path. */
  ends: Map<string, number>;
  /** The timestamps of the writes that are in there. */
  seen: Set<string>;
}

/** Of each table, what was read once; what a completed write recorded never changes. */
const recordedBy = new WeakMap<MergeContext, Recorded>();

/** Each write records how long its log files were when it was done with them. */
export async function recordedEnd(context: MergeContext, log: LogFile): Promise<RecordedEnd> {
  let recorded = recordedBy.get(context);
  if (!recorded) recordedBy.set(context, (recorded = { ends: new Map(), seen: new Set() }));
  const writes = context.timeline.writes();
  // up to version 6 a log file bears the instant of its slice and may be of any write since; later, of the one it bears
  const isShared = context.config.layout.version === 1;
  const own = writes.filter(({ timestamp }) =>
    isShared ? timestamp >= log.instant : timestamp === log.instant,
  );
  const oldest = writes[0]?.timestamp;
  let isAll = oldest !== undefined && oldest <= log.instant;
  for (const instant of own) {
    if (recorded.seen.has(instant.timestamp)) continue;
    try {
      const { partitionToWriteStats } = await context.metadataOf(instant);
      for (const { path, fileSizeInBytes } of Object.values(partitionToWriteStats).flat()) {
        recorded.ends.set(path, Math.max(recorded.ends.get(path) ?? 0, fileSizeInBytes));
      }
      recorded.seen.add(instant.timestamp);
    } catch (error) {
      if (!hasCode(error, "HUDI_FILE_MISSING")) throw error;
      isAll = false; // archived just now
    }
  }
  return { atLeast: recorded.ends.get(log.path) ?? 0, isAll };
}
