import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { GridlakeError, hasCode, MIB } from "@gridlake/kernel";

export interface Reservation {
  /** The file is in place: it counts by itself from now on. */
  filled(): void;
  /** It will not come. Harmless after `filled`. */
  leave(): void;
}

interface Copy {
  path: string;
  sizeBytes: number;
  usedMs: number;
  inUse: boolean;
}

/** When something must leave, so much more does, that the next file needs no look at all of them. */
const SPARE = 0.1;
/** So long a look at the folder holds good, this process's own files added. */
const LOOK_MS = 2_000;

/**
 * The bytes of a folder, kept below a bound. What other processes add is seen at the next look, so the folder can be over the bound by
 * what they bring in between two looks.
 */
export class EvictionRoom {
  readonly #files: string;
  readonly #maxBytes: number;
  readonly #beforeEviction: () => Promise<void>;
  /** Bytes of files that are on their way. */
  #reserved = 0;
  #look = { bytes: 0, atMs: -Infinity };
  /** One reservation at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({
    files,
    maxBytes,
    beforeEviction,
  }: {
    files: string;
    maxBytes: number;
    /** Gives up what is only seemingly in use. */
    beforeEviction: () => Promise<void>;
  }) {
    this.#files = files;
    this.#maxBytes = maxBytes;
    this.#beforeEviction = beforeEviction;
  }

  /** @throws STORAGE_CACHE_FULL */
  async reserve(bytes: number): Promise<Reservation> {
    const room = await this.tryReserve(bytes);
    if (room) return room;
    throw new GridlakeError(
      "STORAGE_CACHE_FULL",
      `a file of ${mebibytes(bytes)} has no room in the cache of ${mebibytes(this.#maxBytes)}: the rest of it is in use`,
      {
        remedy: "raise cache.maxBytes, or read less at once (name partitions)",
        retry: "later",
        status: 503,
        details: { bytes, maxBytes: this.#maxBytes },
      },
    );
  }

  /** Null when there is no room for it. */
  tryReserve(bytes: number): Promise<Reservation | null> {
    const turn = this.#turn.then(() => this.#reserveNow(bytes));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #reserveNow(bytes: number): Promise<Reservation | null> {
    if (!(await this.#makeRoom(bytes))) return null;
    this.#reserved += bytes;
    let open = true;
    const leave = () => {
      if (open) this.#reserved -= bytes;
      open = false;
    };
    const filled = () => {
      if (open) this.#look.bytes += bytes;
      leave();
    };
    return { filled, leave };
  }

  async #makeRoom(bytes: number): Promise<boolean> {
    const wanted = bytes + this.#reserved;
    if (wanted > this.#maxBytes) return false;
    if ((await this.#seen()) + wanted <= this.#maxBytes) return true;
    await this.#beforeEviction();
    const goal = Math.max(0, this.#maxBytes * (1 - SPARE) - wanted);
    const copies = (await this.#copies()).sort((a, b) => a.usedMs - b.usedMs);
    let used = total(copies);
    for (const copy of copies) {
      if (used <= goal) break;
      if (copy.inUse) continue;
      await rm(copy.path, { force: true });
      used -= copy.sizeBytes;
    }
    this.#look = { bytes: used, atMs: performance.now() };
    return used + wanted <= this.#maxBytes;
  }

  /** What the folder holds, looked at a moment ago at most. */
  async #seen(): Promise<number> {
    if (performance.now() - this.#look.atMs > LOOK_MS) {
      this.#look = { bytes: total(await this.#copies()), atMs: performance.now() };
    }
    return this.#look.bytes;
  }

  async #copies(): Promise<Copy[]> {
    const names = await readdir(this.#files).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    });
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#files, name);
        const status = await stat(path).catch((error: unknown) => {
          if (hasCode(error, "ENOENT")) return null; // another process evicted it
          throw error;
        });
        return status && { path, sizeBytes: status.size, usedMs: status.atimeMs, inUse: status.nlink > 1 };
      }),
    );
    return found.filter((copy) => copy !== null);
  }
}

function total(copies: readonly Copy[]): number {
  return copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
