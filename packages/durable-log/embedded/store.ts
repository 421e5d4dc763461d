import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { GIB, GridlakeError } from "@gridlake/kernel";
import { encodeFormat, FORMAT_KEY, FORMAT_VERSION, PAGE_BYTES } from "./layout.ts";
import { unsupportedFormat } from "./options.ts";

export type Store = RootDatabase<Buffer, Buffer>;

const FILE_NAME = "data.mdb";

export function storeFile(dir: string): string {
  return join(dir, FILE_NAME);
}

const COMMON = {
  encoding: "binary",
  keyEncoding: "binary",
  pageSize: PAGE_BYTES,
  // every commit syncs its pages, then its meta page, and only then is it visible and its promise resolved;
  // with overlapping syncs a commit would be visible before it is durable
  overlappingSync: false,
} as const;

/** Opens the file for writing, and makes it when it is missing. The caller holds the writer lock. */
export async function openStore(dir: string, options: { maxBytes: number }): Promise<Store> {
  const created = !existsSync(storeFile(dir));
  // address space only: the file grows by what is written. One map for life, so no buffer ever moves
  const mapSize = Math.ceil((options.maxBytes * 1.5 + GIB) / PAGE_BYTES) * PAGE_BYTES;
  const store: Store = open({ ...COMMON, path: storeFile(dir), mapSize });
  if (created) {
    await store.put(FORMAT_KEY, encodeFormat());
    // LMDB syncs the file; that the file exists is the folders' to remember
    syncFolder(dir);
    syncFolder(dirname(resolve(dir)));
  }
  return checkFormat(dir, store);
}

/** @throws LOG_NOT_FOUND, LOG_FORMAT_UNSUPPORTED */
export async function openStoreReadOnly(dir: string): Promise<Store> {
  if (!existsSync(storeFile(dir))) {
    throw new GridlakeError("LOG_NOT_FOUND", `${dir} holds no log`, {
      remedy: "give the folder of a log that has been written",
      details: { dir },
    });
  }
  return checkFormat(dir, open({ ...COMMON, path: storeFile(dir), readOnly: true }));
}

async function checkFormat(dir: string, store: Store): Promise<Store> {
  const found = store.get(FORMAT_KEY);
  const version = found?.length === 4 ? found.readUInt32BE() : undefined;
  if (version === FORMAT_VERSION) return store;
  await store.close();
  throw unsupportedFormat(dir, version);
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
