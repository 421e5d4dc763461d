import type { BaseFile } from "../file-group/base-file.ts";
import type { LogFile } from "../file-group/file-slice.ts";
import type { FileGroup, FileSystemView } from "../file-group/file-system-view.ts";
import type { Instant } from "../timeline/instant.ts";
import type { Timeline } from "../timeline/timeline.ts";

// Of two writes the one requested first may complete last. Whether "as of" goes by the one or the other, what stands here
// is true of both: a file counts as superseded only when what follows it was requested and completed by then.

/** Whether the write of this timestamp was requested, and complete, when `asOf` was. */
export function isBefore(timestamp: string, asOf: Instant, timeline: Timeline): boolean {
  const completion = timeline.completionOf(timestamp);
  return (
    completion !== null && timestamp <= asOf.timestamp && completion <= (asOf.completedAt ?? asOf.timestamp)
  );
}

/** The base file that every reader as of this write, or of a later one, can begin from; null when there is none yet. */
export function heldBase(
  { bases }: Pick<FileGroup, "bases">,
  asOf: Instant,
  timeline: Timeline,
): BaseFile | null {
  return bases.findLast(({ instant }) => isBefore(instant, asOf, timeline)) ?? null;
}

/** What no reader that begins from `held` needs: the versions before it, with their log files. */
export function supersededBy(
  held: Pick<BaseFile, "instant">,
  { bases, logs }: Pick<FileGroup, "bases" | "logs">,
  timeline: Timeline,
): (BaseFile | LogFile)[] {
  return [
    ...bases.filter(({ instant }) => instant < held.instant && timeline.isCommitted(instant)),
    ...logs.filter((log) => isSuperseded(log, held, timeline)),
  ];
}

/** Whether a log file's changes are all in a base file: those of later delta commits are not, nor are uncommitted ones. */
function isSuperseded(log: LogFile, held: Pick<BaseFile, "instant">, timeline: Timeline): boolean {
  const completion = timeline.completionOf(log.instant);
  return completion !== null && log.instant < held.instant && completion < held.instant;
}

/** Whether a replace commit had taken the file group away when `asOf` was complete. */
export function wasReplaced(
  view: FileSystemView,
  fileId: string,
  { asOf, timeline }: { asOf: Instant; timeline: Timeline },
): boolean {
  const at = view.replacedAt(fileId);
  return at !== null && isBefore(at, asOf, timeline);
}
