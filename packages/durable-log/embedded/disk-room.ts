import { statfsSync } from "node:fs";

/** A look at the file system is this old at most. */
const LOOK_MS = 250;

/**
 * What the file system has left. LMDB tells a full disk only by a failed write, after which the log must be opened
 * again; so appends are refused before it comes to that.
 */
export class DiskRoom {
  readonly #dir: string;
  #free = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(dir: string) {
    this.#dir = dir;
  }

  freeBytes(): number {
    const now = performance.now();
    if (now - this.#lookedAt > LOOK_MS) {
      const { bavail, bsize } = statfsSync(this.#dir);
      this.#free = bavail * bsize;
      this.#lookedAt = now;
    }
    return this.#free;
  }
}
