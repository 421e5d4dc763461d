import { hasCode } from "@gridlake/kernel";
import type { FileSlice, LogFile } from "../file-group/file-slice.ts";
import type { TableState } from "../table/table-state.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";

/** What log files may have done to the keys of their base file. */
export interface LogFacts {
  /** Whether they may hold rows of keys that it has not. Ours never do; those of some indexes of Hudi do. */
  mayInsert: boolean;
  mayDelete: boolean;
}

interface Known {
  /** By the log file's path. */
  facts: Map<string, LogFacts>;
  /** The timestamps of the delta commits that are in there. */
  seen: Set<string>;
}

/** Of each table; what a completed commit says never changes. */
const knownOf = new WeakMap<TableState, Known>();
const ANYTHING: LogFacts = { mayInsert: true, mayDelete: true };

/** Told by the delta commits that wrote them, without a look into them; of archived ones nothing is known. */
export async function logFacts(state: TableState, { logs }: FileSlice): Promise<LogFacts> {
  const all = { mayInsert: false, mayDelete: false };
  for (const log of logs) {
    const { mayInsert, mayDelete } = await factsOf(state, log);
    all.mayInsert ||= mayInsert;
    all.mayDelete ||= mayDelete;
  }
  return all;
}

async function factsOf(state: TableState, log: LogFile): Promise<LogFacts> {
  let known = knownOf.get(state);
  if (!known) knownOf.set(state, (known = { facts: new Map(), seen: new Set() }));
  const { layout } = state.config;
  const writes = state.timeline.writes();
  const oldest = writes[0]?.timestamp;
  if (oldest === undefined || oldest > log.instant) return known.facts.get(log.path) ?? ANYTHING;
  // up to version 6 a log file bears the instant of its slice and may be of any write since; later, of the one it bears
  const own = writes.filter(({ timestamp }) =>
    layout.version === 1 ? timestamp >= log.instant : timestamp === log.instant,
  );
  for (const instant of own) {
    if (known.seen.has(instant.timestamp)) continue;
    const metadata = await state.metadataOf(instant).catch((error: unknown) => {
      if (hasCode(error, "HUDI_FILE_MISSING")) return null; // archived just now
      throw error;
    });
    if (metadata === null) return ANYTHING;
    takeIn(known, metadata);
    known.seen.add(instant.timestamp);
  }
  return known.facts.get(log.path) ?? { mayInsert: false, mayDelete: false };
}

function takeIn({ facts }: Known, { partitionToWriteStats }: CommitMetadata): void {
  for (const { path, logFiles, numInserts, numDeletes } of Object.values(partitionToWriteStats).flat()) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    for (const name of logFiles ?? []) {
      const log = `${folder}${name.slice(name.lastIndexOf("/") + 1)}`;
      const { mayInsert, mayDelete } = facts.get(log) ?? { mayInsert: false, mayDelete: false };
      facts.set(log, { mayInsert: mayInsert || numInserts > 0, mayDelete: mayDelete || numDeletes > 0 });
    }
  }
}
