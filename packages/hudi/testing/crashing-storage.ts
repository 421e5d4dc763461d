import type { Entry, FileStatus, StagedFile, Storage } from "../storage/storage.ts";

/** The process died: nothing that it still tries has an effect. */
export class Crash extends Error {}

/**
 * A storage whose process dies at its n-th change, from 0, either just before the change or just after it. From then on
 * every call fails.
 */
export class CrashingStorage implements Storage {
  readonly #inner: Storage;
  readonly #after: boolean;
  #left: number;

  constructor(inner: Storage, { at, after }: { at: number; after: boolean }) {
    this.#inner = inner;
    this.#left = at;
    this.#after = after;
  }

  get crashed(): boolean {
    return this.#left < 0;
  }

  list(directory: string): Promise<Entry[]> {
    return this.#look(() => this.#inner.list(directory));
  }
  status(path: string): Promise<FileStatus | null> {
    return this.#look(() => this.#inner.status(path));
  }
  read(path: string): Promise<Buffer | null> {
    return this.#look(() => this.#inner.read(path));
  }
  readRange(path: string, range: { from: number; length: number }): Promise<Buffer | null> {
    return this.#look(() => this.#inner.readRange(path, range));
  }
  localPaths(paths: readonly string[]): Promise<string[]> {
    return this.#look(() => this.#inner.localPaths(paths));
  }
  scoped<T>(work: () => Promise<T>): Promise<T> {
    return this.#inner.scoped(work);
  }
  uriOf(path: string): string {
    return this.#inner.uriOf(path);
  }
  createIfAbsent(path: string, bytes: Uint8Array, options?: { durable?: boolean }): Promise<boolean> {
    return this.#change(() => this.#inner.createIfAbsent(path, bytes, options));
  }
  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#change(() => this.#inner.replace(path, bytes));
  }
  take(path: string): Promise<Buffer | null> {
    return this.#change(() => this.#inner.take(path));
  }
  rename(from: string, to: string): Promise<boolean> {
    return this.#change(() => this.#inner.rename(from, to));
  }
  touch(path: string, modifiedMs: number): Promise<boolean> {
    return this.#change(() => this.#inner.touch(path, modifiedMs));
  }
  remove(path: string): Promise<void> {
    return this.#change(() => this.#inner.remove(path));
  }
  removeTree(directory: string): Promise<void> {
    return this.#change(() => this.#inner.removeTree(directory));
  }
  syncDirectory(directory: string): Promise<void> {
    return this.#change(() => this.#inner.syncDirectory(directory));
  }
  async stage(path: string): Promise<StagedFile> {
    const staged = await this.#change(() => this.#inner.stage(path));
    return {
      localPath: staged.localPath,
      publish: () => this.#change(() => staged.publish()),
      discard: () => this.#change(() => staged.discard()),
    };
  }

  async #look<R>(call: () => Promise<R>): Promise<R> {
    if (this.crashed) throw new Crash("dead");
    return call();
  }

  async #change<R>(call: () => Promise<R>): Promise<R> {
    if (this.crashed) throw new Crash("dead");
    this.#left -= 1;
    if (this.crashed && !this.#after) throw new Crash("died before the change");
    const result = await call();
    if (this.crashed) throw new Crash("died after the change");
    return result;
  }
}
