import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { DAY_MS, GridlakeError } from "@gridlake/kernel";
import { FileCache, type FileVersion } from "../cache/file-cache.ts";
import type { Entry, FileStatus, StagedFile, Storage } from "../storage.ts";
import { HdfsFiles, type HdfsStatus } from "./hdfs-files.ts";
import type { Body } from "./http.ts";
import { DEFAULT_CACHE_BYTES, DEFAULT_LEASE_MS, type HdfsOptions } from "./options.ts";

const TEMPORARY = ".tmp-";
/** No upload lasts so long: what is older was left by a writer that died. */
const TEMPORARY_EXPIRY_MS = DAY_MS;
/** So many folders are remembered as looked through. */
const MAX_SWEPT = 10_000;
/** From so many files of one folder on, it is listed, instead of asking for each. */
const LIST_FROM = 4;

/**
 * Tables on HDFS, over WebHDFS.
 * Create-if-absent: the file is written under a name nobody else knows, then renamed with the option NONE, which the NameNode
 * refuses, under its one lock, when the new name exists. CREATE without overwrite is exclusive too, but its file is there while it
 * is still empty or half. Replace is a rename with OVERWRITE, one step as well.
 * Durable: names are in the NameNode's synced journal when a call has been answered, so `syncDirectory` has nothing to do. Bytes are on the
 * disks of all DataNodes when a file is closed with SYNC_BLOCK, as all are but those made with `durable: false`: those are in
 * their memory, and survive the loss of all but one machine, not of all at once.
 */
export class HdfsStorage implements Storage {
  readonly #files: HdfsFiles;
  readonly #cache: FileCache;
  readonly #uri: string;
  /** The local paths given in the scoped work that is being done. */
  readonly #scope = new AsyncLocalStorage<string[]>();
  /** Folders that were looked through for what died writers left; once in the life of a storage. */
  readonly #swept = new Set<string>();

  /** @throws HDFS_OPTIONS */
  constructor(options: HdfsOptions) {
    this.#files = new HdfsFiles(options);
    this.#uri = options.uri;
    this.#cache = new FileCache({
      directory: options.cache.directory,
      maxBytes: options.cache.maxBytes ?? DEFAULT_CACHE_BYTES,
      leaseMs: options.cache.leaseMs ?? DEFAULT_LEASE_MS,
    });
  }

  /** Ends its connections and removes what only this process needed. */
  async close(): Promise<void> {
    this.#files.close();
    await this.#cache.close();
  }

  uriOf(path: string): string {
    return this.#uri + path;
  }

  async list(directory: string): Promise<Entry[]> {
    const entries = (await this.#files.list(directory)) ?? [];
    return entries
      .filter(({ name }) => !name.startsWith(TEMPORARY))
      .map(({ name, isDirectory }) => ({ name, isDirectory }));
  }

  async status(path: string): Promise<FileStatus | null> {
    const found = await this.#files.status(path);
    return found && { sizeBytes: found.sizeBytes, modifiedMs: found.modifiedMs };
  }

  read(path: string): Promise<Buffer | null> {
    return this.#files.read(path);
  }

  readRange(path: string, range: { from: number; length: number }): Promise<Buffer | null> {
    return this.#files.readRange(path, range);
  }

  async createIfAbsent(path: string, bytes: Uint8Array, { durable = true } = {}): Promise<boolean> {
    // what is there already needs no writing to be seen; who comes between is met by the rename
    if ((await this.#files.status(path)) !== null) return false;
    const temporary = await this.#writeTemporary(path, bodyOf(bytes), { durable });
    const moved = await this.#files.move(temporary, path, { overwrite: false });
    if (moved === "exists") await this.#files.remove(temporary, { recursive: false });
    // nobody else knows the temporary name: if it is gone, a try of ours has moved it
    if (moved === "missing") throw temporaryLost(temporary);
    return moved !== "exists";
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.#put(path, bodyOf(bytes));
  }

  async take(path: string): Promise<Buffer | null> {
    const mine = temporaryBeside(path);
    const moved = await this.#files.move(path, mine, { overwrite: false });
    if (moved === "missing") return null;
    const bytes = await this.#files.read(mine);
    if (bytes === null && moved === "unsure") return null; // another was faster
    if (bytes === null) throw temporaryLost(mine);
    await this.#files.remove(mine, { recursive: false });
    return bytes;
  }

  async rename(from: string, to: string): Promise<boolean> {
    const before = await this.#files.status(from);
    if (before === null) return false;
    const moved = await this.#files.move(from, to, { overwrite: false });
    if (moved === "exists") throw nameTaken(from, to);
    if (moved !== "unsure") return moved === "moved";
    return (await this.#files.status(to))?.inode === before.inode;
  }

  touch(path: string, modifiedMs: number): Promise<boolean> {
    return this.#files.touch(path, modifiedMs);
  }

  async remove(path: string): Promise<void> {
    await this.#files.remove(path, { recursive: false });
  }

  async removeTree(directory: string): Promise<void> {
    await this.#files.remove(directory, { recursive: true });
  }

  async syncDirectory(): Promise<void> {}

  async stage(path: string): Promise<StagedFile> {
    const localPath = await this.#cache.stagingPath(posix.basename(path));
    let published = false;
    return {
      localPath,
      publish: async () => {
        const { size } = await stat(localPath);
        published = true;
        await this.#put(path, { stream: () => createReadStream(localPath), sizeBytes: size });
        const status = await this.#files.status(path);
        if (status?.sizeBytes !== size) throw shortWrite(path, { size, status });
        // the table's next reader finds it on this machine
        await this.#cache.adopt(this.#version(path, status), localPath);
        return { sizeBytes: status.sizeBytes, modifiedMs: status.modifiedMs };
      },
      discard: async () => {
        await this.#cache.forget(localPath);
        if (published) await this.remove(path);
      },
    };
  }

  async localPaths(paths: readonly string[]): Promise<string[]> {
    const statuses = await this.#statuses(paths);
    const versions = paths.map((path) => {
      const status = statuses.get(path);
      if (status === undefined) throw fileMissing(path);
      return this.#version(path, status);
    });
    const local = await this.#cache.use(versions, async (version, to) => {
      const path = version.uri.slice(this.#uri.length);
      if (!(await this.#files.download(path, to))) throw fileMissing(path);
      const { size } = await stat(to);
      if (size !== version.sizeBytes) throw fileMissing(path);
    });
    this.#scope.getStore()?.push(...local);
    return local;
  }

  async scoped<T>(work: () => Promise<T>): Promise<T> {
    const given: string[] = [];
    try {
      return await this.#scope.run(given, work);
    } finally {
      this.#cache.release(given);
    }
  }

  /** Of those that are there. */
  async #statuses(paths: readonly string[]): Promise<Map<string, HdfsStatus>> {
    const found = new Map<string, HdfsStatus>();
    const folders = Map.groupBy(new Set(paths), (path) => posix.dirname(path));
    await Promise.all(
      [...folders].map(async ([folder, inIt]) => {
        if (inIt.length >= LIST_FROM) {
          const wanted = new Set(inIt);
          for (const status of (await this.#files.list(folder)) ?? []) {
            const path = posix.join(folder, status.name);
            if (wanted.has(path)) found.set(path, status);
          }
          return;
        }
        for (const path of inIt) {
          const status = await this.#files.status(path);
          if (status) found.set(path, status);
        }
      }),
    );
    return found;
  }

  #version(path: string, { sizeBytes, modifiedMs }: HdfsStatus): FileVersion {
    return { uri: this.uriOf(path), sizeBytes, modifiedMs };
  }

  /** Writes the whole file, whether it is there or not. */
  async #put(path: string, body: Body): Promise<void> {
    const temporary = await this.#writeTemporary(path, body, { durable: true });
    const moved = await this.#files.move(temporary, path, { overwrite: true });
    if (moved !== "moved" && moved !== "unsure") throw temporaryLost(temporary);
  }

  async #writeTemporary(path: string, body: Body, options: { durable: boolean }): Promise<string> {
    await this.#sweep(posix.dirname(path));
    const temporary = temporaryBeside(path);
    await this.#files.write(temporary, body, options);
    return temporary;
  }

  async #sweep(folder: string): Promise<void> {
    if (this.#swept.has(folder)) return;
    if (this.#swept.size >= MAX_SWEPT) this.#swept.clear();
    this.#swept.add(folder);
    for (const { name, modifiedMs } of (await this.#files.list(folder)) ?? []) {
      if (!name.startsWith(TEMPORARY) || modifiedMs + TEMPORARY_EXPIRY_MS > Date.now()) continue;
      await this.#files.remove(posix.join(folder, name), { recursive: false });
    }
  }
}

function temporaryBeside(path: string): string {
  return posix.join(posix.dirname(path), TEMPORARY + randomUUID());
}

function bodyOf(bytes: Uint8Array): Body {
  return { stream: () => Readable.from([bytes]), sizeBytes: bytes.length };
}

function fileMissing(path: string): GridlakeError {
  return new GridlakeError("HUDI_FILE_MISSING", `${path} is gone, or was changed while it was read`, {
    remedy: "if a clean or a rollback took it, refresh and try again; else restore the file",
    retry: "after-refresh",
    details: { path },
  });
}

function temporaryLost(path: string): GridlakeError {
  return new GridlakeError(
    "HDFS_FILE_LOST",
    `${path}, which only this writer knows, was removed by another`,
    {
      remedy: `keep others from removing ${TEMPORARY}* files of the table while it is written`,
      retry: "later",
      details: { path },
    },
  );
}

function nameTaken(from: string, to: string): GridlakeError {
  return new GridlakeError("HDFS_NAME_TAKEN", `${from} can't be renamed to ${to}: that name is taken`, {
    remedy: "see who made it: renamed files get names of their own",
    details: { from, to },
  });
}

function shortWrite(path: string, seen: { size: number; status: HdfsStatus | null }): GridlakeError {
  const has = seen.status === null ? "nothing" : `${seen.status.sizeBytes} bytes`;
  return new GridlakeError("HDFS_SHORT_WRITE", `${path} was given ${seen.size} bytes, and HDFS has ${has}`, {
    remedy: "see whether another writer uses the name; the write is not part of the table",
    retry: "later",
    details: { path, sizeBytes: seen.size },
  });
}
