import type { Storage } from "../storage/storage.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import { HOODIE, type Timeline } from "../timeline/timeline.ts";
import type { BaseFile } from "./base-file.ts";
import { parseBaseFileName } from "./file-name.ts";
import { directoryOf } from "./partition-metadata.ts";

/** How many directories are listed at once. */
const LISTINGS_AT_ONCE = 16;

/** The base files of a table by file group, as listed once and then carried on by the commits' own metadata. */
export class FileSystemView {
  /** By partition and file id; versions oldest first. */
  readonly #groups = new Map<string, Map<string, BaseFile[]>>();
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
            const path = partition === "" ? entry.name : `${partition}/${entry.name}`;
            if (!entry.isDirectory) view.#addPath(partition, entry.name, path, null);
            else if (entry.name !== HOODIE) next.push(path);
          }
        }
      }
      level = next;
    }
    return view;
  }

  /** Every base file there is, of whatever instant. */
  *files(): Generator<BaseFile> {
    for (const groups of this.#groups.values()) for (const files of groups.values()) yield* files;
  }

  partitions(): string[] {
    return [...this.#groups.keys()];
  }

  /** The versions of each file group in a partition, oldest first. */
  groupsOf(partition: string): Iterable<readonly BaseFile[]> {
    return this.#groups.get(partition)?.values() ?? [];
  }

  /** Whether a replace commit up to `asOf` took this file group away. */
  isReplaced(fileId: string, asOf: string): boolean {
    const at = this.#replacedAt.get(fileId);
    return at !== undefined && at <= asOf;
  }

  /** The newest committed version of every file group, of those written at or before `asOf`. */
  latest(timeline: Timeline, { partition, asOf }: { partition?: string; asOf?: string } = {}): BaseFile[] {
    const limit = asOf ?? LAST_INSTANT;
    const found: BaseFile[] = [];
    for (const name of partition === undefined ? this.#groups.keys() : [partition]) {
      for (const files of this.groupsOf(name)) {
        const file = files.findLast((one) => one.instant <= limit && timeline.isCommitted(one.instant));
        if (file && !this.isReplaced(file.fileId, limit)) found.push(file);
      }
    }
    return found;
  }

  add(file: BaseFile): void {
    let groups = this.#groups.get(file.partition);
    if (!groups) this.#groups.set(file.partition, (groups = new Map<string, BaseFile[]>()));
    const files = groups.get(file.fileId);
    if (!files) groups.set(file.fileId, [file]);
    else if (!files.some((one) => one.name === file.name)) {
      files.push(file);
      files.sort((a, b) => (a.instant < b.instant ? -1 : 1));
    }
  }

  remove(partition: string, name: string): void {
    const fileId = parseBaseFileName(name)?.fileId ?? "";
    const groups = this.#groups.get(partition);
    const left = groups?.get(fileId)?.filter((file) => file.name !== name);
    if (!groups || !left) return;
    if (left.length > 0) groups.set(fileId, left);
    else groups.delete(fileId);
    if (groups.size === 0) this.#groups.delete(partition);
  }

  /** Takes in what a completed commit says it wrote and replaced. */
  apply(instant: string, metadata: CommitMetadata): void {
    for (const [partition, stats] of Object.entries(metadata.partitionToWriteStats)) {
      for (const { path, fileSizeInBytes } of stats) {
        this.#addPath(partition, path.slice(path.lastIndexOf("/") + 1), path, fileSizeInBytes);
      }
    }
    for (const ids of Object.values(metadata.partitionToReplaceFileIds ?? {})) {
      for (const id of ids) this.#replacedAt.set(id, instant);
    }
  }

  #addPath(partition: string, name: string, path: string, sizeBytes: number | null): void {
    const parsed = parseBaseFileName(name);
    if (!parsed) return;
    const { fileId, instant } = parsed;
    this.add({ partition, fileId, instant, name, path, sizeBytes, keyRanges: null });
  }
}

/** Later than every instant. */
export const LAST_INSTANT = "99999999999999999";
