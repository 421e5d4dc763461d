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
    lock.#renewal = setInterval(() => void lock.#renew(), lock.#expiryMs / 3).unref();
    return lock;
  }

  /** To be called before the step that makes a write visible. @throws HUDI_WRITE_CONFLICT when the lock was lost. */
  async assertHeld(): Promise<void> {
    const held = this.#lost === null && (await this.#read())?.owner === this.#owner;
    if (!held) throw this.#conflict("its lock expired and another writer took it");
  }

  async release(): Promise<void> {
    clearInterval(this.#renewal);
    if ((await this.#read())?.owner !== this.#owner) return;
    const taken = await this.#storage.take(this.#path);
    // a lock taken over between the two steps is another's: back with it
    if (taken && parseBody(taken)?.owner !== this.#owner) await this.#create(taken);
  }

  async #tryAcquire(): Promise<boolean> {
    if (await this.#create(this.#body())) return true;
    const seen = await this.#storage.read(this.#path);
    if (seen === null || !(await this.#isExpired(seen))) return false;
    const taken = await this.#storage.take(this.#path);
    if (taken && !taken.equals(seen)) await this.#create(taken); // another writer was faster
    return this.#create(this.#body());
  }

  async #renew(): Promise<void> {
    try {
      await this.assertHeld();
      await this.#storage.replace(this.#path, this.#body());
    } catch (error) {
      this.#lost = error;
    }
  }

  async #isExpired(bytes: Buffer): Promise<boolean> {
    const body = parseBody(bytes);
    if (body)
      return body.expiresAtMs <= this.#clock.nowMs() || (body.process !== null && isGone(body.process));
    const status = await this.#storage.status(this.#path);
    return status !== null && status.modifiedMs + FOREIGN_EXPIRY_MS <= this.#clock.nowMs();
  }

  async #read(): Promise<LockBody | null> {
    const bytes = await this.#storage.read(this.#path);
    return bytes && parseBody(bytes);
  }

  #create(bytes: Uint8Array): Promise<boolean> {
    // not synced: a lock need not outlive the machine's power
    return this.#storage.createIfAbsent(this.#path, bytes, { durable: false });
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
