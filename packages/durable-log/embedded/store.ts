import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { GIB, GridlakeError, MIB } from "@gridlake/kernel";
import { notFound } from "../errors.ts";
import { checkFile, checkMapSize } from "./page-file/check.ts";
import { encodeFormat, FORMAT_KEY, FORMAT_VERSION, PAGE_BYTES } from "./layout.ts";

type Database = RootDatabase<Buffer, Buffer>;

export function storeFile(dir: string): string {
  return join(dir, "data.mdb");
}

const COMMON = {
  encoding: "binary",
  keyEncoding: "binary",
  pageSize: PAGE_BYTES,
  // every commit syncs its pages, then its meta page, and only then is it visible and its promise resolved;
  // with overlapping syncs a commit would be visible before it is durable
  overlappingSync: false,
} as const;

/**
 * Pages read through the map stay in the process's resident memory until it is unmapped, so a log that is read
 * through would count as memory in full. After this many bytes the file is mapped anew.
 */
const REMAP_BYTES = 128 * MIB;

/** The open file of a log. */
export class Store {
  readonly #openDatabase: () => Database;
  #database: Database;
  #touchedBytes = 0;
  #remapping: Promise<void> | undefined;
  #failure: GridlakeError | undefined;
  #closed = false;

  private constructor(openDatabase: () => Database) {
    this.#openDatabase = openDatabase;
    this.#database = openDatabase();
  }

  /**
   * Opens the file for writing, and makes it when it is missing. The caller holds the writer lock.
   * @throws LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED, LOG_OPEN_FAILED
   */
  static async openForWriting(dir: string, options: { maxBytes: number }): Promise<Store> {
    const file = storeFile(dir);
    if (!existsSync(file)) await createFile(dir);
    checkFile(file);
    // address space only: the file grows by what is written, and what was mapped never moves
    const mapSize = Math.ceil((options.maxBytes * 1.5 + GIB) / PAGE_BYTES) * PAGE_BYTES;
    return checkFormat(dir, new Store(() => openFile(file, { mapSize })));
  }

  /** @throws LOG_NOT_FOUND, LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED, LOG_OPEN_FAILED */
  static async openForReading(dir: string): Promise<Store> {
    const file = storeFile(dir);
    if (!existsSync(file)) throw notFound(dir);
    // the writer's own map size, or what it writes later would lie outside of ours
    const store = new Store(() => openFile(file, { mapSize: checkMapSize(file), readOnly: true }));
    // holds the newest state still while a writer may be at work
    const pin = store.database.useReadTransaction();
    try {
      checkFile(file);
    } catch (error) {
      pin.done();
      await store.close();
      throw error;
    }
    pin.done();
    return checkFormat(dir, store);
  }

  /** For commits, and within `read`. @throws LOG_OPEN_FAILED when it could not be mapped anew */
  get database(): Database {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#database;
  }

  /** Counts bytes that were read through the map. */
  touch(bytes: number): void {
    this.#touchedBytes += bytes;
  }

  get worn(): boolean {
    return this.#touchedBytes >= REMAP_BYTES && this.#failure === undefined && !this.#closed;
  }

  /** Reads within one turn of the event loop, at a moment when no other map is being put in place. */
  async read<T>(use: () => T): Promise<T> {
    while (this.#remapping !== undefined) await this.#remapping;
    return use();
  }

  /** Maps the file anew. Nothing may be waiting for its commit. */
  async remap(): Promise<void> {
    this.#remapping ??= this.#remap().finally(() => (this.#remapping = undefined));
    await this.#remapping;
  }

  async #remap(): Promise<void> {
    try {
      await this.#database.close();
      this.#database = this.#openDatabase();
      this.#touchedBytes = 0;
    } catch (error) {
      this.#failure = error as GridlakeError;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#remapping !== undefined) await this.#remapping;
    if (this.#failure === undefined) await this.#database.close();
  }
}

/** The file appears whole under its name, whenever a kill comes; so one that is cut off is damaged. */
async function createFile(dir: string): Promise<void> {
  const draft = join(dir, "new.mdb");
  removeDraft(draft);
  const database = openFile(draft, { mapSize: GIB });
  await database.put(FORMAT_KEY, encodeFormat());
  await database.close();
  renameSync(draft, storeFile(dir));
  removeDraft(draft);
  syncFolder(dir);
  syncFolder(dirname(resolve(dir)));
}

function removeDraft(draft: string): void {
  rmSync(draft, { force: true });
  rmSync(`${draft}-lock`, { force: true });
}

function openFile(file: string, options: { mapSize: number; readOnly?: true }): Database {
  try {
    return open({ ...COMMON, ...options, path: file });
  } catch (cause) {
    throw new GridlakeError("LOG_OPEN_FAILED", `${file} cannot be opened: ${(cause as Error).message}`, {
      remedy: "check the folder's permissions, the disk, and the limit on address space (ulimit -v)",
      details: { file, ...options },
      status: 503,
      cause,
    });
  }
}

async function checkFormat(dir: string, store: Store): Promise<Store> {
  const row = store.database.get(FORMAT_KEY);
  const version = row?.length === 4 ? row.readUInt32BE() : undefined;
  if (version === FORMAT_VERSION) return store;
  await store.close();
  const found = version === undefined ? "no log" : `a log of format ${version}`;
  throw new GridlakeError(
    "LOG_FORMAT_UNSUPPORTED",
    `${dir} holds ${found}, this version reads ${FORMAT_VERSION}`,
    {
      remedy: "open it with the version that wrote it, or give another folder",
      details: { dir, version },
    },
  );
}

function syncFolder(dir: string): void {
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
