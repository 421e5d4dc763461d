// LMDB trusts its pages: a damaged page number makes it read, or write, anywhere. So before LMDB works on the file,
// this goes through it and refuses what is not a tree of its own. It reads the meta, branch and leaf pages and the heads
// of the overflow pages, about 1 % of a log of large records; the records' own bytes are left to their checksums.
import { PAGE_BYTES } from "../layout.ts";
import { mapSizeOf, newestMeta } from "./meta.ts";
import { PageOwners } from "./owners.ts";
import { PageFile, u64 } from "./pages.ts";
import { TreeWalk } from "./tree-walk.ts";

/** What the file holds, in whole pages. */
export interface FileUse {
  usedBytes: number;
  /** Waits to be used again. */
  freeBytes: number;
}

/**
 * Nobody writes the file meanwhile, or the caller holds a read transaction, which keeps the newest state in place.
 * @throws LOG_CORRUPT saying where and what
 */
export function checkFile(path: string): FileUse {
  return withFile(path, (file) => {
    const meta = newestMeta(file);
    const owners = new PageOwners(file, meta.lastPage);
    new TreeWalk(file, owners, meta.main).run(meta);
    const lists: Buffer[] = [];
    new TreeWalk(file, owners, meta.free, (list) => lists.push(list)).run(meta);
    const used = owners.count;
    for (const list of lists) claimFree(file, owners, list);
    return { usedBytes: (2 + used) * PAGE_BYTES, freeBytes: (owners.count - used) * PAGE_BYTES };
  });
}

/** The map that the file's writer has, or had, in bytes. @throws LOG_CORRUPT */
export function checkMapSize(path: string): number {
  return withFile(path, mapSizeOf);
}

/** A page that is free and in use would be written over. */
function claimFree(file: PageFile, owners: PageOwners, list: Buffer): void {
  const count = list.length < 8 ? -1 : u64(list, 0);
  if (count < 0 || (count + 1) * 8 > list.length) throw file.corrupt("its free list is damaged", {});
  for (let index = 1; index <= count; index += 1) {
    const entry = Number(list.readBigInt64LE(index * 8));
    if (entry > 0) owners.claim(entry, 1);
    if (entry >= 0) continue;
    index += 1;
    if (index > count) throw file.corrupt("its free list is damaged", {});
    owners.claim(u64(list, index * 8), -entry);
  }
}

function withFile<T>(path: string, use: (file: PageFile) => T): T {
  const file = new PageFile(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
