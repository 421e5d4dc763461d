import { setImmediate as immediate } from "node:timers/promises";
import { GridlakeError } from "@gridlake/kernel";
import { full } from "../errors.ts";
import { encodePartition, partitionKey } from "./layout.ts";
import type { Draft, Partitions } from "./partitions.ts";
import type { Store } from "./store.ts";

/** One caller's change. It is staged whole or not at all, and settled once it is synced or refused. */
export interface Write {
  /** Memory it holds while it waits. */
  readonly bytes: number;
  /** Puts its operations into the open transaction; throws before the first of them or not at all. */
  stage(draft: Draft): void;
  synced(): void;
  failed(error: unknown): void;
}

/**
 * L2: a write is settled only after the transaction that holds it is synced. While one transaction syncs, the writes
 * that come in gather for the next, so the cost of a sync is shared by all who wait for it.
 */
export class GroupCommit {
  readonly #store: Store;
  readonly #partitions: Partitions;
  readonly #maxCommitBytes: number;
  readonly #onSynced: (draft: Draft) => void;
  #waiting: Write[] = [];
  #running: Promise<void> | undefined;
  #failure: GridlakeError | undefined;

  constructor(options: {
    store: Store;
    partitions: Partitions;
    maxCommitBytes: number;
    onSynced: (draft: Draft) => void;
  }) {
    this.#store = options.store;
    this.#partitions = options.partitions;
    this.#maxCommitBytes = options.maxCommitBytes;
    this.#onSynced = options.onSynced;
  }

  /** @throws LOG_FAILED once a sync has failed: what the disk then holds is known only after a new start. */
  submit(write: Write): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting.push(write);
    this.#running ??= this.#run();
  }

  /** Maps the file anew if it is time, when no commit runs. */
  maintain(): void {
    if (this.#store.worn) this.#running ??= this.#run();
  }

  /** Resolves once everything submitted is settled. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#store.worn) await this.#remap();
    while (this.#waiting.length > 0) {
      // what this turn of the event loop submits shares the transaction; those who were just acknowledged and write
      // again at once are among them
      await immediate();
      await this.#commit(this.#take());
      if (this.#store.worn) await this.#remap();
    }
    this.#running = undefined;
  }

  async #remap(): Promise<void> {
    try {
      await this.#store.remap();
    } catch (error) {
      this.#failure = error as GridlakeError;
    }
  }

  #take(): Write[] {
    let bytes = 0;
    let count = 0;
    for (const write of this.#waiting) {
      bytes += write.bytes;
      if (count > 0 && bytes > this.#maxCommitBytes) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    if (this.#failure !== undefined) {
      for (const write of writes) write.failed(this.#failure);
      return;
    }
    const draft = this.#partitions.draft();
    const staged: Write[] = [];
    try {
      await this.#store.database.batch(() => {
        for (const write of writes) {
          try {
            write.stage(draft);
            staged.push(write);
          } catch (error) {
            write.failed(error);
          }
        }
        for (const row of draft.rows)
          void this.#store.database.put(partitionKey(row.id), encodePartition(row));
      });
    } catch (error) {
      const failure = await commitFailure(error);
      if (failure.code !== "LOG_FULL") this.#failure = failure;
      for (const write of staged) write.failed(failure);
      return;
    }
    this.#partitions.adopt(draft);
    for (const write of staged) write.synced();
    this.#onSynced(draft);
  }
}

/** The file system has no room: the transaction is undone, and the log stands as before. */
const NO_ROOM = /MDB_MAP_FULL|MDB_TXN_FULL|No space left|Disk quota exceeded|File too large/;

async function commitFailure(error: unknown): Promise<GridlakeError> {
  const cause = await causeOf(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (NO_ROOM.test(message)) return full(`no room to write: ${message}`, {}, cause);
  return new GridlakeError("LOG_FAILED", `the log could not be synced: ${message}`, {
    remedy: "check the disk, then start again: what was acknowledged is kept",
    status: 503,
    cause,
  });
}

/** lmdb tells the cause of a failed commit through a second promise, which rejects. */
async function causeOf(error: unknown): Promise<unknown> {
  try {
    await (error as { commitError?: Promise<never> }).commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}
