import { type Entry, type FileStatus, LocalStorage, type StagedFile, type Storage } from "@gridlake/hudi";

/** The local disk, where one change fails, before or after it was made; all others go well. */
export class FailingStorage implements Storage {
  readonly #inner: Storage = new LocalStorage();
  #left = Number.POSITIVE_INFINITY;
  #after = false;

  /** Fails at the n-th change from now, from 0. */
  failAt(n: number, { after }: { after: boolean }): void {
    this.#left = n;
    this.#after = after;
  }

  /** Whether the failure is still to come; it then never does. */
  takeBack(): boolean {
    const isToCome = this.#left >= 0;
    this.#left = Number.POSITIVE_INFINITY;
    return isToCome;
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

  async #change<R>(call: () => Promise<R>): Promise<R> {
    this.#left -= 1;
    const fails = this.#left === -1;
    if (fails && !this.#after) throw new Error("the disk failed before the change");
    const result = await call();
    if (fails) throw new Error("the disk failed after the change");
    return result;
  }
}
