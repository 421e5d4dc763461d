import { assert } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import { HOODIE } from "../timeline/layout.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { BaseFile } from "./base-file.ts";
import { parseBaseFileName, parseLogFileName } from "./file-name.ts";
import type { FileSlice, LogFile } from "./file-slice.ts";
import { directoryOf } from "./partition-metadata.ts";

/** How many directories are listed at once. */
const LISTINGS_AT_ONCE = 16;

/** All versions of a file group. */
export interface FileGroup {
  readonly partition: string;
  readonly fileId: string;
  /** Oldest first. */
  readonly bases: readonly BaseFile[];
  /** By instant and version. */
  readonly logs: readonly LogFile[];
}

interface MutableGroup extends FileGroup {
  bases: BaseFile[];
  logs: LogFile[];
}

export interface SliceSelection {
  /** @default all */
  partition?: string;
  /** A completion time, inclusive. @default the newest */
  asOf?: string;
}

/** The files of a table by file group, as listed once and then carried on by the commits' own metadata. */
export class FileSystemView {
  /** By partition and file id. */
  readonly #groups = new Map<string, Map<string, MutableGroup>>();
  /** The instant at which a replace commit took a file group away, by file id. */
  readonly #replacedAt = new Map<string, string>();

  static async load(storage: Storage, basePath: string): Promise<FileSystemView> {
    const view = new FileSystemView();
    let level = [""];
    while (level.length > 0) {
      const next: string[] = [];
      for (let at = 0; at < level.length; at += LISTINGS_AT_ONCE) {
        const some = level.slice(at, at + LISTINGS_AT_ONCE);
        const listings = await Promise.all(some.map((path) => storage.list(directoryOf(basePath, path))));
        for (const [i, entries] of listings.entries()) {
          const partition = some[i] ?? "";
          for (const entry of entries) {
            if (!entry.isDirectory) view.addName(partition, entry.name, null);
            else if (entry.name !== HOODIE) next.push(joined(partition, entry.name));
          }
        }
      }
      level = next;
    }
    return view;
  }

  /** Every base file there is, of whatever instant. */
  *files(): Generator<BaseFile> {
    for (const group of this.groups()) yield* group.bases;
  }

  *groups(): Generator<FileGroup> {
    for (const groups of this.#groups.values()) yield* groups.values();
  }

  partitions(): string[] {
    return [...this.#groups.keys()];
  }

  groupsOf(partition: string): Iterable<FileGroup> {
    return this.#groups.get(partition)?.values() ?? [];
  }

  group(partition: string, fileId: string): FileGroup | null {
    return this.#groups.get(partition)?.get(fileId) ?? null;
  }

  /** The instant of the replace commit that took this file group away; null while it stands. */
  replacedAt(fileId: string): string | null {
    return this.#replacedAt.get(fileId) ?? null;
  }

  /** The newest committed base file of every file group, of those completed at or before `asOf`. */
  latest(timeline: Timeline, selection: SliceSelection = {}): BaseFile[] {
    return this.latestSlices(timeline, selection).flatMap(({ base }) => base ?? []);
  }

  /**
   * What every file group holds as of then: the newest committed base file that was completed by then, and the log
   * files that come after that one. Those that name the instant of a compaction under way are among them, for a
   * compaction changes no row.
   */
  latestSlices(timeline: Timeline, { partition, asOf }: SliceSelection = {}): FileSlice[] {
    const limit = asOf ?? LAST_INSTANT;
    const found: FileSlice[] = [];
    for (const name of partition === undefined ? this.#groups.keys() : [partition]) {
      for (const group of this.groupsOf(name)) {
        const replaced = timeline.completionOf(this.replacedAt(group.fileId) ?? LAST_INSTANT);
        const slice = isBy(limit, replaced) ? null : sliceOf(group, timeline, limit);
        if (slice) found.push(slice);
      }
    }
    return found;
  }

  add(file: BaseFile): void {
    const { bases } = this.#groupFor(file.partition, file.fileId);
    if (bases.some((one) => one.name === file.name)) return;
    bases.push(file);
    bases.sort((a, b) => (a.instant < b.instant ? -1 : 1));
  }

  /**
   * Takes in a file that its completed write names. A file of the same group and instant that it does not name is another
   * attempt's at the same plan, whose process had been given up.
   */
  addCommitted(file: BaseFile): void {
    const group = this.#groupFor(file.partition, file.fileId);
    group.bases = group.bases.filter(({ instant, name }) => instant !== file.instant || name === file.name);
    this.add(file);
  }

  /** Those of which a file group has several of one instant. */
  *contested(): Generator<BaseFile> {
    for (const { bases } of this.groups()) {
      for (const base of bases)
        if (bases.some((one) => one !== base && one.instant === base.instant)) yield base;
    }
  }

  /** Leaves of contested files those that their completed write names. */
  settle({ partitionToWriteStats }: Pick<CommitMetadata, "partitionToWriteStats">): void {
    const named = new Set(
      Object.values(partitionToWriteStats).flatMap((stats) => stats.map(({ path }) => path)),
    );
    for (const file of this.contested()) if (named.has(file.path)) this.addCommitted(file);
  }

  addLog(file: LogFile): void {
    const { logs } = this.#groupFor(file.partition, file.fileId);
    const known = logs.find((one) => one.name === file.name);
    // its writer has appended to it
    if (known) known.sizeBytes = null;
    else logs.push(file);
    logs.sort(byVersion);
  }

  /** Takes in a file by its name, whatever it is; one that belongs to no file group is passed over. */
  addName(partition: string, name: string, sizeBytes: number | null): void {
    const base = baseFileOf(partition, { name, sizeBytes });
    if (base) return this.add(base);
    const log = parseLogFileName(name);
    if (log) this.addLog({ partition, name, path: joined(partition, name), sizeBytes, ...log });
  }

  remove(partition: string, name: string): void {
    const fileId = (parseBaseFileName(name) ?? parseLogFileName(name))?.fileId ?? "";
    const groups = this.#groups.get(partition);
    const group = groups?.get(fileId);
    if (!groups || !group) return;
    group.bases = group.bases.filter((file) => file.name !== name);
    group.logs = group.logs.filter((file) => file.name !== name);
    if (group.bases.length + group.logs.length === 0) groups.delete(fileId);
    if (groups.size === 0) this.#groups.delete(partition);
  }

  /** Takes in what a completed commit says it wrote and replaced. */
  apply(
    instant: string,
    metadata: Pick<CommitMetadata, "partitionToWriteStats" | "partitionToReplaceFileIds">,
  ): void {
    for (const [partition, stats] of Object.entries(metadata.partitionToWriteStats)) {
      for (const { path, fileSizeInBytes, logFiles } of stats) {
        // of a write to several log files `path` names one
        for (const one of new Set([path.slice(path.lastIndexOf("/") + 1), ...(logFiles ?? [])])) {
          const name = one.slice(one.lastIndexOf("/") + 1);
          const sizeBytes = path.endsWith(name) ? fileSizeInBytes : null;
          const base = baseFileOf(partition, { name, sizeBytes });
          if (base) this.addCommitted(base);
          else this.addName(partition, name, sizeBytes);
        }
      }
    }
    for (const ids of Object.values(metadata.partitionToReplaceFileIds ?? {})) {
      for (const id of ids) this.#replacedAt.set(id, instant);
    }
  }

  #groupFor(partition: string, fileId: string): MutableGroup {
    let groups = this.#groups.get(partition);
    if (!groups) this.#groups.set(partition, (groups = new Map<string, MutableGroup>()));
    let group = groups.get(fileId);
    if (!group) groups.set(fileId, (group = { partition, fileId, bases: [], logs: [] }));
    return group;
  }
}

/** Later than every instant. */
export const LAST_INSTANT = "99999999999999999";

function isBy(limit: string, completed: string | null): boolean {
  return completed !== null && completed <= limit;
}

/** Null when the group holds nothing yet. */
function sliceOf(
  { partition, fileId, bases, logs }: FileGroup,
  timeline: Timeline,
  limit: string,
): FileSlice | null {
  const base = bases.findLast((one) => isBy(limit, timeline.completionOf(one.instant))) ?? null;
  // Up to version 6 a log names its slice, or the compaction that is to make the next one. Later it names its own delta
  // commit, and belongs to the base that began before that one completed.
  const after = logs.filter(
    (log) =>
      base === null ||
      log.instant >= base.instant ||
      (timeline.completionOf(log.instant) ?? "") >= base.instant,
  );
  const [first] = after;
  if (base === null && !first) return null;
  const baseInstant = base?.instant ?? first?.instant;
  assert(baseInstant !== undefined, "a slice has a base file or a log file");
  return { partition, fileId, baseInstant, base, logs: inMergeOrder(after, timeline) };
}

function byVersion(a: LogFile, b: LogFile): number {
  if (a.instant !== b.instant) return a.instant < b.instant ? -1 : 1;
  return a.version - b.version || (a.writeToken < b.writeToken ? -1 : 1);
}

function inMergeOrder(logs: readonly LogFile[], timeline: Timeline): LogFile[] {
  const time = (log: LogFile) => timeline.completionOf(log.instant) ?? log.instant;
  return logs.toSorted((a, b) => {
    const [left, right] = [time(a), time(b)];
    return left === right ? byVersion(a, b) : left < right ? -1 : 1;
  });
}

function baseFileOf(
  partition: string,
  { name, sizeBytes }: { name: string; sizeBytes: number | null },
): BaseFile | null {
  const parsed = parseBaseFileName(name);
  if (parsed === null) return null;
  const { fileId, instant } = parsed;
  return { partition, fileId, instant, name, path: joined(partition, name), sizeBytes, keyRanges: null };
}

function joined(partition: string, name: string): string {
  return partition === "" ? name : `${partition}/${name}`;
}
