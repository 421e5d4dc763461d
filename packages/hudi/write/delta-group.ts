import type { FileSlice, LogFile } from "../file-group/file-slice.ts";
import { logFileName } from "../file-group/file-name.ts";
import { groupKey } from "../services/compaction/pending.ts";
import type { TableState } from "../table/table-state.ts";

/** A file group that a delta commit adds a log file to. */
export interface DeltaGroup {
  slice: FileSlice;
  /** Staged rows that go into the log file; of how many of them it is not known whether their keys are new. */
  updates: number;
  unlocated: number;
  deletes: number;
  /** Whether the base file is one that the delta commit itself has written. */
  isAnew?: boolean;
}

/** A log file about to be written, and what its commit says of the slice that it changes. */
export interface NamedLog extends LogFile {
  prevCommit: string;
  baseFile: string;
}

/**
 * Names the log file of a delta commit.
 * Up to table version 6 by the slice that it changes: that of the base file, or of a compaction under way, whose plan is
 * fixed. Later by the delta commit, whose completion tells which slice it changes.
 * @param of.number the file's own in its commit, from 0
 * @param of.compacting the instants of compactions under way, by `groupKey`
 */
export function nameLog(
  state: TableState,
  { slice, isAnew = false }: DeltaGroup,
  of: { timestamp: string; number: number; compacting: ReadonlyMap<string, string> },
): NamedLog {
  const { partition, fileId, base, baseInstant } = slice;
  const compactedAt = isAnew ? undefined : of.compacting.get(groupKey(slice));
  const bySlice = state.config.layout.version === 1;
  const instant = bySlice ? (compactedAt ?? baseInstant) : of.timestamp;
  const version = bySlice ? nextVersion(state, slice, instant) : 1;
  const writeToken = tokenOf(of);
  const name = logFileName({ fileId, instant, version, writeToken });
  return {
    partition,
    fileId,
    instant,
    version,
    writeToken,
    name,
    path: partition === "" ? name : `${partition}/${name}`,
    sizeBytes: null,
    prevCommit: instant,
    baseFile: bySlice && compactedAt === undefined ? (base?.name ?? "") : "",
  };
}

/**
 * Up to version 6 the names of two delta commits differ in nothing else, if the one has not seen the other's file: Hudi
 * takes the token's three numbers for those of its own task, and each has to fit 31 bits.
 */
function tokenOf({ timestamp, number }: { timestamp: string; number: number }): string {
  const [date, time] = [timestamp.slice(0, 8), timestamp.slice(8)];
  return `${number}-${Number(time)}-${Number(date)}`;
}

function nextVersion({ view }: TableState, { partition, fileId }: FileSlice, instant: string): number {
  const logs = view.group(partition, fileId)?.logs ?? [];
  return logs.reduce((last, log) => (log.instant === instant ? Math.max(last, log.version) : last), 0) + 1;
}
