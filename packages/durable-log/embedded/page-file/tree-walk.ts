import type { GridlakeError } from "@gridlake/kernel";
import { PAGE_BYTES } from "../layout.ts";
import type { Meta, Tree } from "./meta.ts";
import type { PageOwners } from "./owners.ts";
import { BRANCH, LEAF, OVERFLOW, PAGE_HEAD_BYTES, type PageFile, pageHead, u64 } from "./pages.ts";

const NODE_HEAD_BYTES = 8;
const OVERFLOW_REF_BYTES = 24;
const IN_OVERFLOW_PAGES = 1;

/** Goes through one tree, and holds every page and node of it to the form that LMDB takes for granted. */
export class TreeWalk {
  readonly #file: PageFile;
  readonly #owners: PageOwners;
  readonly #tree: Tree;
  readonly #integerKeys: boolean;
  /** Gets each entry's data; without it, the data in overflow pages is not even read. */
  readonly #onData: ((data: Buffer) => void) | undefined;
  readonly #found = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 };
  #lastKey: { key: Buffer; inLeaf: boolean } | undefined;

  constructor(file: PageFile, owners: PageOwners, tree: Tree, onData?: (data: Buffer) => void) {
    this.#file = file;
    this.#owners = owners;
    this.#tree = tree;
    this.#integerKeys = tree.flags !== 0;
    this.#onData = onData;
  }

  /** @throws LOG_CORRUPT */
  run({ txnid }: Meta): void {
    if (this.#tree.root !== undefined) this.#page({ page: this.#tree.root, level: 1, newest: txnid });
    for (const count of ["branchPages", "leafPages", "overflowPages", "entries"] as const) {
      const [found, expected] = [this.#found[count], this.#tree[count]];
      if (found === expected) continue;
      throw this.#file.corrupt(`a tree has ${found} ${count}, its meta page says ${expected}`, {
        found,
        expected,
      });
    }
  }

  #page({ page, level, newest }: { page: number; level: number; newest: number }): void {
    this.#owners.claim(page, 1);
    const bytes = this.#file.read(page, PAGE_BYTES);
    const head = pageHead(bytes);
    const kind = level === this.#tree.depth ? LEAF : BRANCH;
    const { lower, upper } = head;
    const indexed = lower > 0 && lower % 2 === 0 && lower <= upper && upper <= PAGE_BYTES - PAGE_HEAD_BYTES;
    // a parent is written again whenever its child is, so no child is newer
    if (head.page !== page || head.flags !== kind || head.txnid > newest || !indexed)
      throw this.#damaged(page);
    this.#found[kind === LEAF ? "leafPages" : "branchPages"] += 1;
    for (let index = 0; index < lower / 2; index += 1) {
      const offset = bytes.readUInt16LE(PAGE_HEAD_BYTES + index * 2);
      const start = PAGE_HEAD_BYTES + offset;
      if (offset < upper || start + NODE_HEAD_BYTES > PAGE_BYTES) throw this.#damaged(page);
      const dataStart = start + NODE_HEAD_BYTES + bytes.readUInt16LE(start + 6);
      if (dataStart > PAGE_BYTES) throw this.#damaged(page);
      const key = bytes.subarray(start + NODE_HEAD_BYTES, dataStart);
      // the first key of a branch page stands for everything below it and is not kept
      if (kind === LEAF || index > 0) this.#order(page, { key, inLeaf: kind === LEAF });
      if (kind === LEAF) this.#leafNode(bytes, { page, start, dataStart });
      else this.#page({ page: childPage(bytes, start), level: level + 1, newest: head.txnid });
    }
  }

  /** A branch's key is no higher than what follows below it, and above all that came before. */
  #order(page: number, next: { key: Buffer; inLeaf: boolean }): void {
    if (this.#integerKeys && next.key.length !== 8) throw this.#damaged(page);
    const last = this.#lastKey;
    if (last !== undefined) {
      const order = this.#integerKeys
        ? u64(last.key, 0) - u64(next.key, 0)
        : Buffer.compare(last.key, next.key);
      if (order > 0 || (order === 0 && last.inLeaf)) throw this.#damaged(page);
    }
    this.#lastKey = next;
  }

  #leafNode(bytes: Buffer, at: { page: number; start: number; dataStart: number }): void {
    const { page, start, dataStart } = at;
    const size = bytes.readUInt16LE(start) + bytes.readUInt16LE(start + 2) * 65_536;
    const flags = bytes.readUInt16LE(start + 4);
    this.#found.entries += 1;
    if (flags === 0 && dataStart + size <= PAGE_BYTES) {
      this.#onData?.(bytes.subarray(dataStart, dataStart + size));
    } else if (flags === IN_OVERFLOW_PAGES && dataStart + OVERFLOW_REF_BYTES <= PAGE_BYTES) {
      this.#overflow(size, {
        first: u64(bytes, dataStart),
        txnid: u64(bytes, dataStart + 8),
        pages: u64(bytes, dataStart + 16),
      });
    } else {
      throw this.#damaged(page);
    }
  }

  #overflow(size: number, at: { first: number; txnid: number; pages: number }): void {
    const { first, txnid, pages } = at;
    if (pages !== Math.ceil((PAGE_HEAD_BYTES + size) / PAGE_BYTES)) throw this.#damaged(first);
    this.#owners.claim(first, pages);
    this.#file.requirePages(first, pages);
    const bytes = this.#file.read(first, PAGE_HEAD_BYTES + (this.#onData === undefined ? 0 : size));
    const head = pageHead(bytes);
    const named = head.page === first && head.txnid === txnid && head.overflowPages === pages;
    if (!named || head.flags !== OVERFLOW) throw this.#damaged(first);
    this.#found.overflowPages += pages;
    this.#onData?.(bytes.subarray(PAGE_HEAD_BYTES));
  }

  #damaged(page: number): GridlakeError {
    return this.#file.corrupt(`page ${page} is damaged`, { page });
  }
}

function childPage(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start) + bytes.readUInt16LE(start + 4) * 2 ** 32;
}
