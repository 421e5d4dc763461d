import type { Entry, FileStatus, StagedFile, Storage } from "../storage/storage.ts";

type Change = "createIfAbsent" | "replace" | "take" | "rename" | "remove" | "stage";

/** A storage whose process is held up just before a change, once, until it is let go; meanwhile it changes nothing, its timers neither. */
export class HeldStorage implements Storage {
  readonly #inner: Storage;
  #isNext: ((change: Change, path: string) => boolean) | null = null;
  #reached: () => void = () => {};
  #release: () => void = () => {};
  #held: Promise<void> = Promise.resolve();

  constructor(inner: Storage) {
    this.#inner = inner;
  }

  /** Holds the next such change. Resolves when it is reached; `letGo` lets it go on. */
  hold(isIt: (change: Change, path: string) => boolean): Promise<void> {
    this.#isNext = isIt;
    return new Promise((resolve) => (this.#reached = resolve));
  }

  letGo(): void {
    this.#release();
  }

  uriOf(path: string): string {
    return this.#inner.uriOf(path);
  }
  list(directory: string): Promise<Entry[]> {
    return this.#inner.list(directory);
  }
  status(path: string): Promise<FileStatus | null> {
    return this.#inner.status(path);
  }
  read(path: string): Promise<Buffer | null> {
    return this.#inner.read(path);
  }
  readRange(path: string, range: { from: number; length: number }): Promise<Buffer | null> {
    return this.#inner.readRange(path, range);
  }
  localPaths(paths: readonly string[]): Promise<string[]> {
    return this.#inner.localPaths(paths);
  }
  scoped<T>(work: () => Promise<T>): Promise<T> {
    return this.#inner.scoped(work);
  }
  async createIfAbsent(path: string, bytes: Uint8Array, options?: { durable?: boolean }): Promise<boolean> {
    await this.#pass("createIfAbsent", path);
    return this.#inner.createIfAbsent(path, bytes, options);
  }
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.#pass("replace", path);
    return this.#inner.replace(path, bytes);
  }
  async take(path: string): Promise<Buffer | null> {
    await this.#pass("take", path);
    return this.#inner.take(path);
  }
  async rename(from: string, to: string): Promise<boolean> {
    await this.#pass("rename", to);
    return this.#inner.rename(from, to);
  }
  async touch(path: string, modifiedMs: number): Promise<boolean> {
    await this.#held;
    return this.#inner.touch(path, modifiedMs);
  }
  async remove(path: string): Promise<void> {
    await this.#pass("remove", path);
    return this.#inner.remove(path);
  }
  removeTree(directory: string): Promise<void> {
    return this.#inner.removeTree(directory);
  }
  syncDirectory(directory: string): Promise<void> {
    return this.#inner.syncDirectory(directory);
  }
  async stage(path: string): Promise<StagedFile> {
    await this.#pass("stage", path);
    return this.#inner.stage(path);
  }

  async #pass(change: Change, path: string): Promise<void> {
    if (this.#isNext?.(change, path) === true) {
      this.#isNext = null;
      this.#held = new Promise<void>((resolve) => (this.#release = resolve));
      this.#reached();
    }
    await this.#held;
  }
}
