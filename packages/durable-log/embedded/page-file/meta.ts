import type { GridlakeError } from "@gridlake/kernel";
import { PAGE_BYTES } from "../layout.ts";
import { META, PAGE_HEAD_BYTES, pageHead, type PageFile, u64 } from "./pages.ts";

const MAGIC = 0xbeefc0de;
const VERSION = 2;
const META_BYTES = 168;
/** No file that we make asks for more address space than this; more is a damaged number. */
const MAX_MAP_BYTES = 2 ** 46;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
/** Integer keys, and that the path names a file, not a folder. */
const FREE_TREE_FLAGS = 0x4008;
/** Beside a writer, the meta pages may change between two reads; so many times they are read again. */
const MAX_READS = 100;

export interface Tree {
  flags: number;
  depth: number;
  branchPages: number;
  leafPages: number;
  overflowPages: number;
  entries: number;
  /** Undefined for an empty tree. */
  root: number | undefined;
}

/** One state of the file. */
export interface Meta {
  txnid: number;
  mapSize: number;
  lastPage: number;
  free: Tree;
  main: Tree;
}

/**
 * The newest state. LMDB takes the meta page with the higher number, so a damaged number could bring an older state
 * back; therefore both pages are held against each other, and each against the root page that it names.
 * @throws LOG_CORRUPT
 */
export function newestMeta(file: PageFile): Meta {
  let failure: GridlakeError | undefined;
  for (let attempt = 0; attempt < MAX_READS; attempt += 1) {
    const even = readMeta(file, 0);
    const odd = readMeta(file, 1);
    failure = notInTurns(file, even, odd) ?? notItsRoot(file, even) ?? notItsRoot(file, odd);
    if (failure === undefined) return even.txnid > odd.txnid ? even : odd;
    // a commit came in between, and may have used the older root's page again: look once more
    if (readMeta(file, 0).txnid === even.txnid && readMeta(file, 1).txnid === odd.txnid) break;
  }
  throw failure ?? file.corrupt("its meta pages don't stand still", {});
}

/** The map that the file's writer has, or had. @throws LOG_CORRUPT */
export function mapSizeOf(file: PageFile): number {
  return Math.max(readMeta(file, 0).mapSize, readMeta(file, 1).mapSize);
}

/** Commits take the two pages in turns, so their numbers follow each other. */
function notInTurns(file: PageFile, even: Meta, odd: Meta): GridlakeError | undefined {
  const inTurns = even.txnid % 2 === 0 && odd.txnid % 2 === 1 && Math.abs(even.txnid - odd.txnid) === 1;
  if (inTurns || (even.txnid === 0 && odd.txnid === 0)) return undefined;
  return file.corrupt(`the meta pages say transactions ${even.txnid} and ${odd.txnid}`, {});
}

/** Each state's root page was written by that state's transaction or an earlier one. */
function notItsRoot(file: PageFile, { txnid, main }: Meta): GridlakeError | undefined {
  if (main.root === undefined) return undefined;
  const root = pageHead(file.read(main.root, PAGE_HEAD_BYTES));
  if (root.page === main.root && root.txnid <= txnid) return undefined;
  return file.corrupt(`page ${main.root} is not the root of transaction ${txnid}`, { page: main.root });
}

function readMeta(file: PageFile, page: number): Meta {
  file.requirePages(0, 2);
  const bytes = file.read(page, META_BYTES);
  const meta = {
    mapSize: u64(bytes, 40),
    free: readTree(bytes, 48),
    main: readTree(bytes, 96),
    lastPage: u64(bytes, 144),
    txnid: u64(bytes, 152),
  };
  const whole =
    (pageHead(bytes).flags & META) !== 0 &&
    bytes.readUInt32LE(24) === MAGIC &&
    (bytes.readUInt32LE(28) & 0xffff) === VERSION &&
    bytes.readUInt32LE(48) === PAGE_BYTES &&
    meta.free.flags === FREE_TREE_FLAGS &&
    meta.main.flags === 0 &&
    meta.mapSize <= MAX_MAP_BYTES &&
    (meta.lastPage + 1) * PAGE_BYTES <= meta.mapSize;
  if (!whole) throw file.corrupt(`meta page ${page} is not one of ours`, { page });
  return meta;
}

function readTree(bytes: Buffer, at: number): Tree {
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
