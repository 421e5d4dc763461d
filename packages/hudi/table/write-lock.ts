import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { HOODIE } from "../timeline/timeline.ts";
import { isGone, type ProcessIdentity, thisProcess } from "./process-identity.ts";

export interface LockOptions {
  /** How long to wait for another writer, in ms. @default 5,000 */
  waitMs?: number;
  /**
   * A lock not renewed for so long is a dead writer's, in ms; renewed at a third of it. That of a dead process of this
   * machine (Linux) is seen to be one at once. @default 60,000
   */
  expiryMs?: number;
}

const DEFAULT_WAIT_MS = 5 * SECOND_MS;
const DEFAULT_EXPIRY_MS = MINUTE_MS;
const POLL_MS = 50;
/** Locks of other engines say no expiry: such a one is dead when its file is this old. */
const FOREIGN_EXPIRY_MS = 10 * MINUTE_MS;

interface LockBody {
  owner: string;
  process: ProcessIdentity | null;
  expiresAtMs: number;
}

/**
 * One writer at a time, by a file that only one can create: `.hoodie/lock`, where Hudi's FileSystemBasedLockProvider
 * has its own, so that Spark and Flink set up with that provider wait for us and we for them.
 */
export class WriteLock {
  readonly #storage: Storage;
  readonly #path: string;
  readonly #owner = randomUUID();
  readonly #expiryMs: number;
  readonly #clock: Clock;
  #process: ProcessIdentity | null = null;
  #lost: unknown = null;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #isRenewed = false;

  private constructor(storage: Storage, basePath: string, clock: Clock, options: LockOptions) {
    this.#storage = storage;
    this.#path = `${basePath}/${HOODIE}/lock`;
    this.#expiryMs = options.expiryMs ?? DEFAULT_EXPIRY_MS;
    this.#clock = clock;
  }

  /** @throws HUDI_WRITE_CONFLICT when another writer holds it for all of `waitMs`; retry after a refresh. */
  static async acquire(
    { storage, basePath, clock }: { storage: Storage; basePath: string; clock: Clock },
    options: LockOptions = {},
  ): Promise<WriteLock> {
    const lock = new WriteLock(storage, basePath, clock, options);
    lock.#process = await thisProcess();
    const deadline = performance.now() + (options.waitMs ?? DEFAULT_WAIT_MS);
    while (!(await lock.#tryAcquire())) {
      if (performance.now() >= deadline) throw lock.#conflict("another writer holds its lock");
      await sleep(POLL_MS);
    }
    lock.#renewal = setInterval(() => (lock.#renewing = lock.#renew()), lock.#expiryMs / 3).unref();
    return lock;
  }

  /** To be called before the step that makes a write visible. @throws HUDI_WRITE_CONFLICT when the lock was lost. */
  async assertHeld(): Promise<void> {
    const held = this.#lost === null && (await this.#read())?.owner === this.#owner;
    if (!held) throw this.#conflict("its lock expired and another writer took it");
  }

  async release(): Promise<void> {
    clearInterval(this.#renewal);
    await this.#renewing;
    if ((await this.#read())?.owner === this.#owner) {
      const taken = await this.#storage.take(this.#path);
      // a lock taken over between the two steps is another's: back with it
      if (taken && parseBody(taken)?.owner !== this.#owner) await this.#create(taken);
    }
    if (this.#isRenewed) await this.#storage.remove(this.#renewedPath(this.#owner));
  }

  async #tryAcquire(): Promise<boolean> {
    if (await this.#create(this.#body())) return true;
    return (await this.#isExpired(this.#path)) && this.#takeOver();
  }

  /** One at a time: else the slower of two, who has seen the expired lock too, would take the faster one's away. */
  async #takeOver(): Promise<boolean> {
    const turn = `${this.#path}.takeover`;
    if (!(await this.#create(this.#body(), turn))) {
      if (await this.#isExpired(turn)) await this.#storage.remove(turn);
      return false;
    }
    try {
      if (!(await this.#isExpired(this.#path))) return false;
      const taken = await this.#storage.take(this.#path);
      if (taken !== null) await this.#removeRenewal(taken);
      return await this.#create(this.#body());
    } finally {
      await this.#storage.remove(turn);
    }
  }

  /** In a file of its own: were it the lock's, a holder that was held up here would write over its successor's. */
  async #renew(): Promise<void> {
    try {
      await this.assertHeld();
      this.#isRenewed = true;
      await this.#storage.replace(this.#renewedPath(this.#owner), this.#body());
      // other engines go by the lock's own age
      await this.#storage.touch(this.#path, this.#clock.nowMs());
    } catch (error) {
      this.#lost = error;
    }
  }

  async #removeRenewal(lock: Buffer): Promise<void> {
    const owner = parseBody(lock)?.owner;
    if (owner !== undefined) await this.#storage.remove(this.#renewedPath(owner));
  }

  #renewedPath(owner: string): string {
    return `${this.#path}.${owner}`;
  }

  /** False also when there is none. */
  async #isExpired(path: string): Promise<boolean> {
    const bytes = await this.#storage.read(path);
    if (bytes === null) return false;
    const body = parseBody(bytes);
    if (body) {
      if (body.process !== null && (await isGone(body.process))) return true;
      if (body.expiresAtMs > this.#clock.nowMs()) return false;
      const renewed = await this.#storage.read(this.#renewedPath(body.owner));
      const expiresAtMs = renewed === null ? null : parseBody(renewed)?.expiresAtMs;
      return (expiresAtMs ?? 0) <= this.#clock.nowMs();
    }
    const status = await this.#storage.status(path);
    return status !== null && status.modifiedMs + FOREIGN_EXPIRY_MS <= this.#clock.nowMs();
  }

  async #read(): Promise<LockBody | null> {
    const bytes = await this.#storage.read(this.#path);
    return bytes && parseBody(bytes);
  }

  #create(bytes: Uint8Array, path = this.#path): Promise<boolean> {
    // not synced: a lock need not outlive the machine's power
    return this.#storage.createIfAbsent(path, bytes, { durable: false });
  }

  #body(): Buffer {
    const body: LockBody = {
      owner: this.#owner,
      process: this.#process,
      expiresAtMs: this.#clock.nowMs() + this.#expiryMs,
    };
    return Buffer.from(JSON.stringify(body));
  }

  #conflict(why: string): GridlakeError {
    return new GridlakeError("HUDI_WRITE_CONFLICT", `${this.#path}: ${why}`, {
      remedy: "refresh and commit again",
      retry: "after-refresh",
      status: 409,
      details: { path: this.#path },
      ...(this.#lost === null ? {} : { cause: this.#lost }),
    });
  }
}

/** Null for a lock that is not ours to read. */
function parseBody(bytes: Buffer): LockBody | null {
  try {
    const body = JSON.parse(bytes.toString("utf8")) as Partial<LockBody> | null;
    return typeof body?.owner === "string" && typeof body.expiresAtMs === "number"
      ? (body as LockBody)
      : null;
  } catch {
    return null; // another engine's format
  }
}
