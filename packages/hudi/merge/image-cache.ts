import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { GIB, GridlakeError, hasCode, HOUR_MS, MINUTE_MS } from "@gridlake/kernel";

export interface ImageCacheOptions {
  /** @default one for each user of the machine, below os.tmpdir() */
  directory?: string;
  /** Images are taken away, the longest unused first, once there are more bytes than this. @default 4 GiB */
  maxBytes?: number;
  /**
   * An image that was handed out stays at least so long, even beyond `maxBytes`: SQL that names it may be about to run.
   * @default 30 minutes
   */
  leaseMs?: number;
}

const DEFAULT_MAX_BYTES = 4 * GIB;
const DEFAULT_LEASE_MS = 30 * MINUTE_MS;
/** So much of the bound is made room for at once, and may be added before the next look. */
const SWEEP_PART = 16;
/** What a process that died left half written is taken away after. */
const ABANDONED_MS = HOUR_MS;
const TEMPORARY = "making-";

/**
 * Files on this machine's disk that are made from others and can be made again, shared by all processes of a user.
 * A file is named for a digest of all that it depends on, so it never changes: whoever finds the name has the content.
 * It gets its name when it is finished (rename), so nobody sees half a file, and two who make the same replace one
 * with the other. Its time of modification is when it was last handed out.
 */
export class ImageCache {
  /** Where SQL that names images must be allowed to read. */
  readonly directory: string;
  readonly #maxBytes: number;
  readonly #leaseMs: number;
  readonly #making = new Map<string, Promise<string[]>>();
  #unswept = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | null = null;

  constructor({ directory, maxBytes, leaseMs }: ImageCacheOptions = {}) {
    this.directory = directory ?? join(tmpdir(), `gridlake-hudi-images-${userInfo().uid}`);
    this.#maxBytes = maxBytes ?? DEFAULT_MAX_BYTES;
    this.#leaseMs = leaseMs ?? DEFAULT_LEASE_MS;
  }

  /**
   * The paths of the images of these kinds (`rows`, `mask`) that depend on `key`. When one is missing, `make` is called
   * with paths to write them all to; of callers at the same time in one process only one makes them.
   */
  async get(
    key: readonly unknown[],
    kinds: readonly string[],
    make: (paths: string[]) => Promise<void>,
  ): Promise<string[]> {
    const digest = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 40);
    const paths = kinds.map((kind) => join(this.directory, `${digest}.${kind}.parquet`));
    if (await this.#handOut(paths)) return paths;
    let making = this.#making.get(digest);
    if (!making) {
      making = this.#make(paths, make).finally(() => this.#making.delete(digest));
      this.#making.set(digest, making);
    }
    return making;
  }

  /** False when one is missing. */
  async #handOut(paths: readonly string[]): Promise<boolean> {
    const now = new Date();
    try {
      await Promise.all(paths.map((path) => utimes(path, now, now)));
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  async #make(paths: string[], make: (paths: string[]) => Promise<void>): Promise<string[]> {
    await this.#ready();
    const temporary = paths.map(() => join(this.directory, `${TEMPORARY}${randomUUID()}.parquet`));
    try {
      await make(temporary);
      for (const [i, path] of paths.entries()) {
        const from = temporary[i] ?? "";
        this.#unswept += (await stat(from)).size;
        await rename(from, path);
      }
    } finally {
      await Promise.all(temporary.map((path) => rm(path, { force: true })));
    }
    await this.#sweep();
    return paths;
  }

  /** The directory is the user's own: what lies in it is read as the table's rows. */
  async #ready(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const { uid } = await stat(this.directory);
    const me = userInfo().uid;
    if (me !== -1 && uid !== me) {
      throw new GridlakeError("HUDI_IMAGES_FOREIGN", `${this.directory} belongs to another user`, {
        remedy: "name another directory for the images of log files",
        details: { directory: this.directory },
      });
    }
    await chmod(this.directory, 0o700);
  }

  async #sweep(): Promise<void> {
    if (this.#unswept < this.#maxBytes / SWEEP_PART) return;
    this.#sweeping ??= this.#evict().finally(() => (this.#sweeping = null));
    await this.#sweeping;
  }

  async #evict(): Promise<void> {
    this.#unswept = 0;
    const now = Date.now();
    const images: { path: string; size: number; usedMs: number }[] = [];
    for (const name of await readdir(this.directory)) {
      const path = join(this.directory, name);
      const found = await stat(path).catch(() => null); // another process was faster
      if (!found) continue;
      if (!name.startsWith(TEMPORARY)) images.push({ path, size: found.size, usedMs: found.mtimeMs });
      else if (now - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
    let bytes = images.reduce((total, { size }) => total + size, 0);
    if (bytes <= this.#maxBytes) return;
    images.sort((a, b) => a.usedMs - b.usedMs);
    const enough = this.#maxBytes * (1 - 1 / SWEEP_PART);
    for (const { path, size, usedMs } of images) {
      if (bytes <= enough || now - usedMs < this.#leaseMs) return;
      await rm(path, { force: true });
      bytes -= size;
    }
  }
}

let shared: ImageCache | undefined;

/** The cache of a process that names no other. */
export function sharedImages(): ImageCache {
  return (shared ??= new ImageCache());
}
