// LMDB trusts its pages: a damaged page number makes it read, or write, anywhere. So before LMDB maps the file, this
// walks it with plain reads and refuses what is not a tree of its own. It reads meta, branch and leaf pages and the
// heads of overflow pages; the records' own bytes are left to their checksums.
//
//   file      => meta page 0 | meta page 1 | pages 2 … last            (little endian; the newer meta page holds)
//   page head => pgno:u64 txnid:u64 pad:u16 flags:u16 ( lower:u16 upper:u16 | overflowPages:u32 )
//   meta      => head magic:u32 version:u32 address:u64 mapSize:u64 tree(free) tree(main) lastPage:u64 txnid:u64 bootId
//   tree      => pad:u32 flags:u16 depth:u16 branchPages:u64 leafPages:u64 overflowPages:u64 entries:u64 root:u64
//   leaf and branch page => head offset:u16[] … node[]
//   node      => sizeLow:u16 sizeHigh:u16 flags:u16 keyLength:u16 key data
//                 branch: size and flags are the child's pgno:u48; leaf with flag 1: data is pgno:u64 txnid:u64 pages:u64
//   free tree => txnid:u64 → count:u64 entry:i64[]   where 0 is unused and −n says that the next entry starts n pages
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { GridlakeError } from "@gridlake/kernel";
import { PAGE_BYTES } from "./layout.ts";

const MAGIC = 0xbeefc0de;
const VERSION = 2;
const HEAD_BYTES = 24;
const NODE_BYTES = 8;
const META_BYTES = 168;
/** No file that we make asks for more address space than this; more is a damaged number. */
const MAX_MAP_BYTES = 2 ** 46;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const META = 8;
// integer keys, and that the path names a file, not a folder
const FREE_TREE_FLAGS = 0x4008;

interface Tree {
  flags: number;
  depth: number;
  branchPages: number;
  leafPages: number;
  overflowPages: number;
  entries: number;
  /** Undefined for an empty tree. */
  root: number | undefined;
}

interface Meta {
  txnid: number;
  mapSize: number;
  lastPage: number;
  free: Tree;
  main: Tree;
}

/** Beside a writer, the meta pages may change between two reads; so many times they are read again. */
const MAX_META_READS = 100;

/** What a whole file tells; sizes in bytes. */
export interface FileState {
  mapSize: number;
  usedBytes: number;
  freeBytes: number;
}

/**
 * Nobody writes the file meanwhile, or the caller holds a read transaction, which keeps the newest state in place.
 * @throws LOG_CORRUPT saying where and what
 */
export function checkFile(file: string): FileState {
  const handle = openSync(file, "r");
  try {
    return new FileCheck(file, handle).run();
  } finally {
    closeSync(handle);
  }
}

/** What the meta pages say of the map. @throws LOG_CORRUPT */
export function checkMetaPages(file: string): { mapSize: number } {
  const handle = openSync(file, "r");
  try {
    return new FileCheck(file, handle).metaPages();
  } finally {
    closeSync(handle);
  }
}

class FileCheck {
  readonly #file: string;
  readonly #handle: number;
  readonly #fileBytes: number;
  #meta!: Meta;
  /** One bit a page: seen in use or on the free list. */
  #claimed!: Uint8Array;
  #claimedPages = 0;

  constructor(file: string, handle: number) {
    this.#file = file;
    this.#handle = handle;
    this.#fileBytes = fstatSync(handle).size;
  }

  metaPages(): { mapSize: number } {
    return { mapSize: Math.max(this.#readMeta(0).mapSize, this.#readMeta(1).mapSize) };
  }

  run(): FileState {
    this.#meta = this.#newestMeta();
    this.#claimed = new Uint8Array(Math.ceil((this.#meta.lastPage + 1) / 8));
    this.#walkTree(this.#meta.main, "records", () => {});
    const used = this.#claimedPages;
    const lists: Buffer[] = [];
    this.#walkTree(this.#meta.free, "free list", (data) => lists.push(data));
    const treePages = this.#claimedPages;
    for (const list of lists) this.#claimFree(list);
    return {
      mapSize: this.#meta.mapSize,
      usedBytes: (used + 2) * PAGE_BYTES,
      freeBytes: (this.#claimedPages - treePages) * PAGE_BYTES,
    };
  }

  /** A damaged number must not make the older meta page look like the newer one. */
  #newestMeta(): Meta {
    let failure: GridlakeError | undefined;
    for (let attempt = 0; attempt < MAX_META_READS; attempt += 1) {
      const even = this.#readMeta(0);
      const odd = this.#readMeta(1);
      failure = this.#notInTurns(even, odd) ?? this.#notItsRoot(even) ?? this.#notItsRoot(odd);
      if (failure === undefined) return even.txnid > odd.txnid ? even : odd;
      // a commit came in between, and may have used the older root's page again: look once more
      const still = this.#readMeta(0).txnid === even.txnid && this.#readMeta(1).txnid === odd.txnid;
      if (still) break;
    }
    throw failure ?? this.#corrupt("its meta pages don't stand still", {});
  }

  /** Commits take the two pages in turns, so their numbers follow each other. */
  #notInTurns(even: Meta, odd: Meta): GridlakeError | undefined {
    const inTurns = even.txnid % 2 === 0 && odd.txnid % 2 === 1 && Math.abs(even.txnid - odd.txnid) === 1;
    if (inTurns || (even.txnid === 0 && odd.txnid === 0)) return undefined;
    return this.#corrupt(`the meta pages say transactions ${even.txnid} and ${odd.txnid}`, {});
  }

  /** Each state's root page was written by that state's transaction or an earlier one. */
  #notItsRoot({ txnid, main }: Meta): GridlakeError | undefined {
    if (main.root === undefined) return undefined;
    const root = this.#read(main.root, HEAD_BYTES);
    if (u64(root, 0) === main.root && u64(root, 8) <= txnid) return undefined;
    return this.#corrupt(`page ${main.root} is not the root of transaction ${txnid}`, { page: main.root });
  }

  #readMeta(page: number): Meta {
    if (this.#fileBytes < 2 * PAGE_BYTES) {
      throw this.#corrupt(`it ends after ${this.#fileBytes} bytes, within its meta pages`, {
        bytes: this.#fileBytes,
      });
    }
    const bytes = this.#read(page, META_BYTES);
    const free = tree(bytes, 48);
    const main = tree(bytes, 96);
    const mapSize = u64(bytes, 40);
    const lastPage = u64(bytes, 144);
    const whole =
      (bytes.readUInt16LE(18) & META) !== 0 &&
      bytes.readUInt32LE(24) === MAGIC &&
      (bytes.readUInt32LE(28) & 0xffff) === VERSION &&
      bytes.readUInt32LE(48) === PAGE_BYTES &&
      free.flags === FREE_TREE_FLAGS &&
      main.flags === 0 &&
      mapSize <= MAX_MAP_BYTES &&
      (lastPage + 1) * PAGE_BYTES <= mapSize;
    if (!whole) throw this.#corrupt(`meta page ${page} is not one of ours`, { page });
    return { txnid: u64(bytes, 152), mapSize, lastPage, free, main };
  }

  #walkTree(expected: Tree, name: string, onData: (data: Buffer) => void): void {
    const found = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 };
    if (expected.root !== undefined) {
      const walk = {
        depth: expected.depth,
        name,
        found,
        onData,
        lastKey: undefined,
        integerKeys: expected.flags !== 0,
      };
      this.#walkPage(walk, { page: expected.root, level: 1, newest: this.#meta.txnid });
    }
    for (const count of ["branchPages", "leafPages", "overflowPages", "entries"] as const) {
      if (found[count] === expected[count]) continue;
      throw this.#corrupt(
        `the tree of ${name} has ${found[count]} ${count}, its meta page says ${expected[count]}`,
        {},
      );
    }
  }

  #walkPage(walk: Walk, at: { page: number; level: number; newest: number }): void {
    const { page, level } = at;
    this.#claim(page, 1);
    const bytes = this.#read(page, PAGE_BYTES);
    const kind = level === walk.depth ? LEAF : BRANCH;
    const txnid = u64(bytes, 8);
    const lower = bytes.readUInt16LE(20);
    const upper = bytes.readUInt16LE(22);
    const fits = lower % 2 === 0 && lower <= upper && upper <= PAGE_BYTES - HEAD_BYTES;
    const count = lower / 2;
    // a parent is written again whenever its child is, so no child is newer
    if (
      u64(bytes, 0) !== page ||
      bytes.readUInt16LE(18) !== kind ||
      txnid > at.newest ||
      !fits ||
      count === 0
    ) {
      throw this.#damaged(page, walk);
    }
    walk.found[kind === LEAF ? "leafPages" : "branchPages"] += 1;
    for (let index = 0; index < count; index += 1) {
      const offset = bytes.readUInt16LE(HEAD_BYTES + index * 2);
      const start = HEAD_BYTES + offset;
      if (offset < upper || start + NODE_BYTES > PAGE_BYTES) throw this.#damaged(page, walk);
      const dataStart = start + NODE_BYTES + bytes.readUInt16LE(start + 6);
      if (dataStart > PAGE_BYTES) throw this.#damaged(page, walk);
      const key = bytes.subarray(start + NODE_BYTES, dataStart);
      // the first key of a branch page stands for everything below it and is not kept
      if (kind === LEAF || index > 0) this.#checkOrder(walk, key, { page, leaf: kind === LEAF });
      if (kind === LEAF) {
        this.#leafNode(walk, bytes, { page, start, dataStart });
      } else {
        const child = bytes.readUInt32LE(start) + bytes.readUInt16LE(start + 4) * 2 ** 32;
        this.#walkPage(walk, { page: child, level: level + 1, newest: txnid });
      }
    }
  }

  /** A branch's key is no higher than what follows below it, and above all that came before. */
  #checkOrder(walk: Walk, key: Buffer, at: { page: number; leaf: boolean }): void {
    const { lastKey } = walk;
    if (walk.integerKeys && key.length !== 8) throw this.#damaged(at.page, walk);
    if (lastKey !== undefined) {
      const order = walk.integerKeys ? u64(lastKey.key, 0) - u64(key, 0) : Buffer.compare(lastKey.key, key);
      if (order > 0 || (order === 0 && lastKey.leaf)) throw this.#damaged(at.page, walk);
    }
    walk.lastKey = { key, leaf: at.leaf };
  }

  #leafNode(walk: Walk, bytes: Buffer, at: { page: number; start: number; dataStart: number }): void {
    const size = bytes.readUInt16LE(at.start) + bytes.readUInt16LE(at.start + 2) * 65_536;
    const flags = bytes.readUInt16LE(at.start + 4);
    walk.found.entries += 1;
    if (flags === 0 && at.dataStart + size <= PAGE_BYTES) {
      walk.onData(bytes.subarray(at.dataStart, at.dataStart + size));
      return;
    }
    if (flags !== 1 || at.dataStart + 24 > PAGE_BYTES) throw this.#damaged(at.page, walk);
    const first = u64(bytes, at.dataStart);
    const pages = u64(bytes, at.dataStart + 16);
    if (pages !== Math.ceil((HEAD_BYTES + size) / PAGE_BYTES)) throw this.#damaged(at.page, walk);
    this.#claim(first, pages);
    this.#requireInFile(first, pages);
    const keepsData = walk.name !== "records";
    const head = this.#read(first, keepsData ? HEAD_BYTES + size : HEAD_BYTES);
    const owned = u64(head, 0) === first && u64(head, 8) === u64(bytes, at.dataStart + 8);
    if (!owned || head.readUInt16LE(18) !== OVERFLOW || head.readUInt32LE(20) !== pages) {
      throw this.#damaged(first, walk);
    }
    walk.found.overflowPages += pages;
    if (keepsData) walk.onData(head.subarray(HEAD_BYTES));
  }

  #claimFree(list: Buffer): void {
    const count = list.length < 8 ? -1 : u64(list, 0);
    if (count < 0 || (count + 1) * 8 > list.length)
      throw this.#corrupt("an entry of the free list is damaged", {});
    for (let index = 1; index <= count; index += 1) {
      const entry = Number(list.readBigInt64LE(index * 8));
      if (entry === 0) continue;
      if (entry > 0) {
        this.#claim(entry, 1);
      } else {
        index += 1;
        if (index > count) throw this.#corrupt("an entry of the free list is damaged", {});
        this.#claim(u64(list, index * 8), -entry);
      }
    }
  }

  /** A page has one owner. */
  #claim(first: number, pages: number): void {
    if (first < 2 || pages < 1 || first + pages - 1 > this.#meta.lastPage) {
      throw this.#corrupt(`pages ${first} and ${pages - 1} more lie outside of it`, { page: first });
    }
    for (let page = first; page < first + pages; page += 1) {
      const bit = 1 << (page & 7);
      if ((this.#claimed[page >> 3]! & bit) !== 0)
        throw this.#corrupt(`page ${page} has two owners`, { page });
      this.#claimed[page >> 3]! |= bit;
    }
    this.#claimedPages += pages;
  }

  #requireInFile(first: number, pages: number): void {
    if ((first + pages) * PAGE_BYTES <= this.#fileBytes) return;
    throw this.#corrupt(
      `it ends after ${this.#fileBytes} bytes, before the end of page ${first + pages - 1}`,
      {
        page: first + pages - 1,
        bytes: this.#fileBytes,
      },
    );
  }

  #read(page: number, length: number): Buffer {
    this.#requireInFile(page, Math.ceil(length / PAGE_BYTES));
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const part = readSync(this.#handle, bytes, read, length - read, page * PAGE_BYTES + read);
      if (part === 0) throw this.#corrupt(`it ends within page ${page}`, { page });
      read += part;
    }
    return bytes;
  }

  #damaged(page: number, { name }: Walk): GridlakeError {
    return this.#corrupt(`page ${page} of the tree of ${name} is damaged`, { page });
  }

  #corrupt(what: string, details: Record<string, unknown>): GridlakeError {
    return corruptFile(this.#file, what, details);
  }
}

interface Walk {
  readonly depth: number;
  readonly name: string;
  readonly integerKeys: boolean;
  readonly found: { branchPages: number; leafPages: number; overflowPages: number; entries: number };
  readonly onData: (data: Buffer) => void;
  lastKey: { key: Buffer; leaf: boolean } | undefined;
}

function tree(bytes: Buffer, at: number): Tree {
  return {
    flags: bytes.readUInt16LE(at + 4),
    depth: bytes.readUInt16LE(at + 6),
    branchPages: u64(bytes, at + 8),
    leafPages: u64(bytes, at + 16),
    overflowPages: u64(bytes, at + 24),
    entries: u64(bytes, at + 32),
    root: bytes.readBigUInt64LE(at + 40) === NO_PAGE ? undefined : u64(bytes, at + 40),
  };
}

// beyond 2^53 it is damaged anyway: no such page, size or transaction exists
function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

export function corruptFile(
  file: string,
  what: string,
  details: Record<string, unknown>,
  cause?: unknown,
): GridlakeError {
  return new GridlakeError("LOG_CORRUPT", `${file}: ${what}`, {
    remedy: "check the disk, and put the file back from a copy; what the lake holds is not touched",
    details: { file, ...details },
    cause,
  });
}
