import { KIB, MIB } from "@gridlake/kernel";

/** How large base files get, and how much is rewritten to get there. */
export interface FileSizing {
  /** A base file is filled up to about so many bytes. @default 33,554,432 (32 MiB) */
  maxFileBytes?: number;
  /** A base file below so many bytes takes new rows in, by being rewritten. @default 8,388,608 (8 MiB) */
  smallFileBytes?: number;
  /**
   * A small file is rewritten only when it is at most so many times larger than the rows it takes in, or below
   * 256 KiB: the bound of what a commit writes beyond its own rows. @default 8
   */
  maxAmplification?: number;
}

export const DEFAULT_SIZING: Required<FileSizing> = {
  maxFileBytes: 32 * MIB,
  smallFileBytes: 8 * MIB,
  maxAmplification: 8,
};

/** Rewriting a file of this size costs about as much as the commit itself. */
const ALWAYS_PACK_BYTES = 256 * KIB;

export interface PackingGroup<G> {
  group: G;
  sizeBytes: number;
  /** The commit rewrites it anyway. */
  touched: boolean;
}

/** So many of the partition's new rows go into this group, or into a new one. */
export interface Packed<G> {
  group: G | null;
  rows: number;
}

/** Shares a partition's new rows out: into files that are rewritten anyway, into small files, the rest into new ones. */
export function pack<G>(
  rows: number,
  bytesPerRow: number,
  groups: readonly PackingGroup<G>[],
  sizing: Required<FileSizing>,
): Packed<G>[] {
  const { maxFileBytes, smallFileBytes, maxAmplification } = sizing;
  const incoming = rows * bytesPerRow;
  const small = Math.min(smallFileBytes, Math.max(ALWAYS_PACK_BYTES, incoming * maxAmplification));
  const candidates = groups
    .filter((one) => one.sizeBytes < (one.touched ? maxFileBytes : small))
    // the fullest first: it is the soonest to be left alone
    .sort((a, b) => Number(b.touched) - Number(a.touched) || b.sizeBytes - a.sizeBytes);
  const packed: Packed<G>[] = [];
  let left = rows;
  for (const { group, sizeBytes } of candidates) {
    const taken = Math.min(left, Math.floor((maxFileBytes - sizeBytes) / bytesPerRow));
    if (taken <= 0) continue;
    packed.push({ group, rows: taken });
    left -= taken;
    if (left === 0) return packed;
  }
  const files = Math.max(1, Math.ceil((left * bytesPerRow) / maxFileBytes));
  for (let i = files; i > 0 && left > 0; i -= 1) {
    const share = Math.ceil(left / i);
    packed.push({ group: null, rows: share });
    left -= share;
  }
  return packed;
}
