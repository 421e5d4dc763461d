import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { link, mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import { EvictionRoom } from "./eviction-room.ts";
import { makeProcessFolder, sweepProcessFolders } from "./process-folder.ts";

/** One version of a remote file. A file that was changed is another version, and so another copy. */
export interface FileVersion {
  /** Unique in all that share the cache: a whole URI. */
  uri: string;
  sizeBytes: number;
  modifiedMs: number;
}

export interface FileCacheOptions {
  directory: string;
  maxBytes: number;
  leaseMs: number;
}

/** How often leases whose time is over are looked for. */
const WATCH_MS = 5 * SECOND_MS;

/** Writes one version, whole, to a local path. */
export type Fetch = (version: FileVersion, to: string) => Promise<void>;

interface Lease {
  name: string;
  path: string;
  /** Handed out so many times without having been released. */
  holders: number;
  /** In ms of `performance.now`: then it ends, be it released or not. */
  until: number;
}

/**
 * Copies of remote files on this machine's disk, at most so many bytes, the longest unused leaving first; shared by the processes of
 * this machine. What is handed out is a hard link in a folder of this process's own:
 *
 *   files/<version>              the copies; time of access = time of last use, set by us
 *   processes/<uuid>/leases/     a link to each copy in use by one process
 *   processes/<uuid>/staging/    files being written or fetched
 *
 * so a copy in use has two links, and is not evicted; were it evicted in the very moment in which another process links it, the link
 * holds the bytes. No process needs to know what others do: there is no lock and no index to go stale. A copy gets its
 * name when it is whole and on the disk, so no reader sees half of one, not even after a power failure.
 */
export class FileCache {
  readonly #options: FileCacheOptions;
  readonly #files: string;
  readonly #processes: string;
  readonly #room: EvictionRoom;
  readonly #leases = new Map<string, Lease>();
  /** Copies on their way, so that two readers of one file fetch it once. */
  readonly #coming = new Map<string, Promise<void>>();
  readonly #linking = new Map<string, Promise<Lease | null>>();
  #own: Promise<string> | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: FileCacheOptions) {
    this.#options = options;
    this.#files = join(options.directory, "files");
    this.#processes = join(options.directory, "processes");
    this.#room = new EvictionRoom({
      files: this.#files,
      maxBytes: options.maxBytes,
      beforeEviction: async () => {
        this.#endExpired();
        await sweepProcessFolders(this.#processes);
      },
    });
  }

  /**
   * Local paths of these versions, in their order; `fetch` is called for those that are not there, and writes one whole. Each path stays
   * valid until it is released as often as it was given, or `leaseMs` after it was given last.
   * @throws STORAGE_CACHE_FULL when they do not fit beside what is in use
   */
  async use(versions: readonly FileVersion[], fetch: Fetch): Promise<string[]> {
    const leases = await Promise.allSettled(versions.map((version) => this.#leased(version, fetch)));
    const paths = leases.flatMap((lease) => (lease.status === "fulfilled" ? [lease.value] : []));
    const failed = leases.find((lease) => lease.status === "rejected");
    if (failed === undefined) return paths;
    this.release(paths);
    throw failed.reason;
  }

  /** Paths that `use` gave are no longer read. Others are ignored. */
  release(paths: readonly string[]): void {
    const byPath = new Map([...this.#leases.values()].map((lease) => [lease.path, lease]));
    for (const path of paths) {
      const lease = byPath.get(path);
      if (lease === undefined) continue;
      lease.holders -= 1;
      if (lease.holders === 0) this.#end(lease);
    }
  }

  /** A new path on the cache's disk, for a file of this process's own. */
  async stagingPath(name: string): Promise<string> {
    const folder = join(await this.#ownFolder(), "staging", randomUUID());
    await mkdir(folder);
    return join(folder, name);
  }

  /** Takes a finished local file as the copy of a version, if there is room; the file is gone afterwards. */
  async adopt(version: FileVersion, path: string): Promise<void> {
    const room = await this.#room.tryReserve(version.sizeBytes);
    if (room) {
      try {
        await this.#putInPlace(path, nameOf(version));
        room.filled();
      } finally {
        room.leave();
      }
    }
    await this.forget(path);
  }

  /** Removes what lies at a path of `stagingPath`. */
  async forget(path: string): Promise<void> {
    await rm(dirname(path), { recursive: true, force: true });
  }

  /** Removes what is this process's own. Paths it has given are valid no more. */
  async close(): Promise<void> {
    if (this.#own) await rm(await this.#own, { recursive: true, force: true });
    clearInterval(this.#watch);
    this.#own = undefined;
    this.#leases.clear();
  }

  async #leased(version: FileVersion, fetch: Fetch): Promise<string> {
    const name = nameOf(version);
    for (;;) {
      const lease = this.#leases.get(name) ?? (await this.#linked(name));
      if (lease) {
        lease.holders += 1;
        lease.until = performance.now() + this.#options.leaseMs;
        await markUsed(lease.path);
        return lease.path;
      }
      // a copy may be evicted between its coming and our link, by a process that needs the room too
      await this.#brought(name, version, fetch);
    }
  }

  /** Null when there is no copy. */
  #linked(name: string): Promise<Lease | null> {
    return once(this.#linking, name, async () => {
      const path = join(await this.#ownFolder(), "leases", `${randomUUID()}-${name}`);
      try {
        await link(join(this.#files, name), path);
      } catch (error) {
        if (hasCode(error, "ENOENT")) return null;
        throw noLinks(this.#options.directory, error);
      }
      const lease = { name, path, holders: 0, until: performance.now() + this.#options.leaseMs };
      this.#leases.set(name, lease);
      return lease;
    });
  }

  #brought(name: string, version: FileVersion, fetch: Fetch): Promise<void> {
    return once(this.#coming, name, () => this.#fetchInto(name, version, fetch));
  }

  async #fetchInto(name: string, version: FileVersion, fetch: Fetch): Promise<void> {
    const room = await this.#room.reserve(version.sizeBytes);
    const path = await this.stagingPath(name);
    try {
      await fetch(version, path);
      await this.#putInPlace(path, name);
      room.filled();
    } finally {
      room.leave();
      await this.forget(path);
    }
  }

  async #putInPlace(path: string, name: string): Promise<void> {
    const file = await open(path, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await markUsed(path);
    await rename(path, join(this.#files, name));
  }

  /** At once, and in one step with forgetting it: another process may wait for the room. */
  #end(lease: Lease): void {
    this.#leases.delete(lease.name);
    rmSync(lease.path, { force: true });
  }

  #endExpired(): void {
    const now = performance.now();
    for (const lease of this.#leases.values()) if (lease.until <= now) this.#end(lease);
  }

  #ownFolder(): Promise<string> {
    this.#own ??= (async () => {
      await mkdir(this.#files, { recursive: true });
      await mkdir(this.#processes, { recursive: true });
      await sweepProcessFolders(this.#processes);
      const folder = await makeProcessFolder(this.#processes);
      await mkdir(join(folder, "leases"));
      await mkdir(join(folder, "staging"));
      // also when this process needs no room: another may
      this.#watch = setInterval(() => this.#endExpired(), WATCH_MS).unref();
      return folder;
    })();
    return this.#own;
  }
}

/** The work of this name that is under way, else a new one. */
function once<T>(underWay: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  const known = underWay.get(name);
  if (known) return known;
  const begun = work().finally(() => underWay.delete(name));
  underWay.set(name, begun);
  return begun;
}

async function markUsed(path: string): Promise<void> {
  const { mtime } = await stat(path);
  await utimes(path, new Date(), mtime);
}

function nameOf({ uri, sizeBytes, modifiedMs }: FileVersion): string {
  const sum = createHash("sha256")
    .update(JSON.stringify([uri, sizeBytes, modifiedMs]))
    .digest("hex");
  return sum.slice(0, 40) + extname(uri);
}

function noLinks(directory: string, cause: unknown): GridlakeError {
  return new GridlakeError("STORAGE_CACHE", `the cache ${directory} can't link a file`, {
    remedy: "put it on a file system that has hard links, with free inodes",
    details: { directory },
    cause,
  });
}
