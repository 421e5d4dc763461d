/** What was read of a file last: many are asked of one file after the other, and all of them are too much to keep. */
export class LastFile<T> {
  readonly #read: (path: string) => Promise<T>;
  #last: { path: string; content: Promise<T> } | null = null;

  constructor(read: (path: string) => Promise<T>) {
    this.#read = read;
  }

  of(path: string): Promise<T> {
    if (this.#last?.path !== path) this.#last = { path, content: this.#read(path) };
    return this.#last.content;
  }
}
