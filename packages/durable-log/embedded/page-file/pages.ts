// The pages of an LMDB file as plain reads see them, never through a map (little endian):
//
//   file      => meta page 0 | meta page 1 | pages 2 … last                      the newer meta page holds
//   page head => pgno:u64 txnid:u64 pad:u16 flags:u16 ( lower:u16 upper:u16 | overflowPages:u32 )
//   meta page => head magic:u32 version:u32 address:u64 mapSize:u64 free:tree main:tree lastPage:u64 txnid:u64 bootId:i64
//   tree      => pad:u32 flags:u16 depth:u16 branchPages:u64 leafPages:u64 overflowPages:u64 entries:u64 root:u64
//   branch and leaf page => head offset:u16[] … node[]
//   node      => sizeLow:u16 sizeHigh:u16 flags:u16 keyLength:u16 key data
//                 in a branch, size and flags are the child's pgno:u48
//                 in a leaf, flags 1 say that data is pgno:u64 txnid:u64 pages:u64 of overflow pages
//   overflow pages => head data …                                             one head for the whole run
//   free list entry (the free tree's data) => count:u64 ( 0:i64 | pgno:i64 | −pages:i64 pgno:i64 )[]
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { GridlakeError } from "@gridlake/kernel";
import { PAGE_BYTES } from "../layout.ts";

export const PAGE_HEAD_BYTES = 24;

export const BRANCH = 1;
export const LEAF = 2;
export const OVERFLOW = 4;
export const META = 8;

export interface PageHead {
  page: number;
  txnid: number;
  flags: number;
  /** Of branch and leaf pages: the node index ends, and the nodes begin, so many bytes behind the head. */
  lower: number;
  upper: number;
  overflowPages: number;
}

export class PageFile {
  readonly file: string;
  readonly #handle: number;
  #bytes = 0;

  constructor(file: string) {
    this.file = file;
    this.#handle = openSync(file, "r");
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** The first `length` bytes from a page on. @throws LOG_CORRUPT when the file ends before the last of these pages */
  read(page: number, length: number): Buffer {
    this.requirePages(page, Math.ceil(length / PAGE_BYTES));
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length;) {
      const part = readSync(this.#handle, bytes, read, length - read, page * PAGE_BYTES + read);
      if (part === 0) throw this.corrupt(`it ends within page ${page}`, { page });
      read += part;
    }
    return bytes;
  }

  /** @throws LOG_CORRUPT when the file ends before the last of these pages */
  requirePages(first: number, pages: number): void {
    const end = (first + pages) * PAGE_BYTES;
    if (end <= this.#bytes) return;
    // beside a writer it may have grown
    this.#bytes = fstatSync(this.#handle).size;
    if (end <= this.#bytes) return;
    throw this.corrupt(`it ends after ${this.#bytes} bytes, before the end of page ${first + pages - 1}`, {
      page: first + pages - 1,
      bytes: this.#bytes,
    });
  }

  corrupt(what: string, details: Record<string, unknown>): GridlakeError {
    return corruptFile(this.file, what, details);
  }
}

export function pageHead(bytes: Buffer): PageHead {
  return {
    page: u64(bytes, 0),
    txnid: u64(bytes, 8),
    flags: bytes.readUInt16LE(18),
    lower: bytes.readUInt16LE(20),
    upper: bytes.readUInt16LE(22),
    overflowPages: bytes.readUInt32LE(20),
  };
}

// beyond 2^53 it is damaged anyway: no such page, size or transaction exists
export function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

export function corruptFile(file: string, what: string, details: Record<string, unknown>): GridlakeError {
  return new GridlakeError("LOG_CORRUPT", `${file}: ${what}`, {
    remedy: "check the disk, and put the file back from a copy; what the lake holds is not touched",
    details: { file, ...details },
  });
}
