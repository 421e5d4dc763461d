import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { GIB, GridlakeError } from "@gridlake/kernel";
import { checkFile, checkMetaPages } from "./file-check.ts";
import { encodeFormat, FORMAT_KEY, FORMAT_VERSION, PAGE_BYTES } from "./layout.ts";

export type Store = RootDatabase<Buffer, Buffer>;

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
 * Opens the file for writing, and makes it when it is missing. The caller holds the writer lock.
 * @throws LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED, LOG_OPEN_FAILED
 */
export async function openStore(dir: string, options: { maxBytes: number }): Promise<Store> {
  const file = storeFile(dir);
  if (!existsSync(file)) await createFile(dir);
  checkFile(file);
  // address space only: the file grows by what is written. One map for life, so nothing that was mapped moves
  const mapSize = Math.ceil((options.maxBytes * 1.5 + GIB) / PAGE_BYTES) * PAGE_BYTES;
  return checkFormat(dir, openFile(file, { mapSize }));
}

/** The file appears whole under its name, whenever a kill comes; so one that is cut off is damaged. */
async function createFile(dir: string): Promise<void> {
  const draft = join(dir, "new.mdb");
  removeDraft(draft);
  const store = openFile(draft, { mapSize: GIB });
  await store.put(FORMAT_KEY, encodeFormat());
  await store.close();
  renameSync(draft, storeFile(dir));
  removeDraft(draft);
  syncFolder(dir);
  syncFolder(dirname(resolve(dir)));
}

function removeDraft(draft: string): void {
  rmSync(draft, { force: true });
  rmSync(`${draft}-lock`, { force: true });
}

/** @throws LOG_NOT_FOUND, LOG_CORRUPT, LOG_FORMAT_UNSUPPORTED, LOG_OPEN_FAILED */
export async function openStoreReadOnly(dir: string): Promise<Store> {
  const file = storeFile(dir);
  if (!existsSync(file)) {
    throw new GridlakeError("LOG_NOT_FOUND", `${dir} holds no log`, {
      remedy: "give the folder of a log that has been written",
      details: { dir },
    });
  }
  // the writer's own map size, or what it writes later would lie outside of ours
  const store = openFile(file, { mapSize: checkMetaPages(file).mapSize, readOnly: true });
  // holds the newest state still while a writer may be at work
  const pin = store.useReadTransaction();
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

function openFile(file: string, options: { mapSize: number; readOnly?: true }): Store {
  try {
    return open({ ...COMMON, ...options, path: file });
  } catch (cause) {
    throw new GridlakeError("LOG_OPEN_FAILED", `${file} cannot be opened: ${(cause as Error).message}`, {
      remedy: "check the folder's permissions, the disk, and the limit on address space (ulimit -v)",
      details: { file, ...options },
      cause,
    });
  }
}

async function checkFormat(dir: string, store: Store): Promise<Store> {
  const row = store.get(FORMAT_KEY);
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

export function makeFolder(dir: string): void {
  mkdirSync(dir, { recursive: true });
}

function syncFolder(dir: string): void {
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
