import { GIB } from "@gridlake/kernel";
import type { FileSlice } from "../../file-group/file-slice.ts";

/** Which file slices a plan takes. */
export interface CompactionStrategy {
  /** Slices with fewer log files are left alone. @default 1 */
  minLogFiles?: number;
  /** Which slices come first: those with the most bytes in log files, or with the most log files. @default "log-bytes" */
  order?: "log-bytes" | "log-files";
  /**
   * How many bytes one plan may read and write. Of the slices in order those are taken until the bound is reached, at
   * least one. @default 8,589,934,592 (8 GiB)
   */
  maxBytes?: number;
}

/** A file slice with log files, and what it would cost to merge. */
export interface CompactionCandidate {
  slice: FileSlice;
  /** Of its base file; 0 without one. */
  baseBytes: number;
  logBytes: number;
}

const DEFAULT_STRATEGY: Required<CompactionStrategy> = {
  minLogFiles: 1,
  order: "log-bytes",
  maxBytes: 8 * GIB,
};

/** Bytes that a merge reads. */
export function bytesIn({ baseBytes, logBytes }: CompactionCandidate): number {
  return baseBytes + logBytes;
}

/** Bytes that a merge is expected to write: as many as the base file has, for most changes replace rows. */
export function bytesOut({ baseBytes, logBytes }: CompactionCandidate): number {
  return baseBytes === 0 ? logBytes : baseBytes;
}

/** Parts the candidates into those that a plan takes, in the order of their worth, and those that it leaves for later. */
export function choose(
  candidates: readonly CompactionCandidate[],
  strategy: CompactionStrategy = {},
): { chosen: CompactionCandidate[]; left: CompactionCandidate[] } {
  const { minLogFiles, order, maxBytes } = { ...DEFAULT_STRATEGY, ...strategy };
  const worth = (one: CompactionCandidate) => (order === "log-bytes" ? one.logBytes : one.slice.logs.length);
  const ordered = candidates.toSorted((a, b) => worth(b) - worth(a) || byGroup(a, b));
  const chosen: CompactionCandidate[] = [];
  const left: CompactionCandidate[] = [];
  let budget = maxBytes;
  for (const one of ordered) {
    if (one.slice.logs.length >= minLogFiles && (budget > 0 || chosen.length === 0)) {
      chosen.push(one);
      budget -= bytesIn(one) + bytesOut(one);
    } else {
      left.push(one);
    }
  }
  return { chosen, left };
}

/** So that the same table gives the same plan. */
function byGroup({ slice: a }: CompactionCandidate, { slice: b }: CompactionCandidate): number {
  return a.partition === b.partition ? (a.fileId < b.fileId ? -1 : 1) : a.partition < b.partition ? -1 : 1;
}
