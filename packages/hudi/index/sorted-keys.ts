import { packKeys } from "./bloom-filter.ts";

/** Record keys in the order of their UTF-8 bytes, which is the order of a file's bounds. */
export class SortedKeys {
  readonly #keys: readonly Buffer[];
  readonly #packed: Buffer;
  /** Where each key begins in `#packed`, and where the last ends. */
  readonly #starts: readonly number[];

  constructor(keys: Iterable<string>) {
    this.#keys = [...keys].map((key) => Buffer.from(key)).sort((a, b) => Buffer.compare(a, b));
    this.#packed = packKeys(this.#keys);
    const starts = [0];
    for (const key of this.#keys) starts.push((starts.at(-1) ?? 0) + 4 + key.length);
    this.#starts = starts;
  }

  /** The keys in [min, max] as a filter takes them; null bounds none. */
  within({ min, max }: { min: Buffer | null; max: Buffer | null }): Buffer {
    const from = min === null ? 0 : this.#first((key) => Buffer.compare(key, min) >= 0);
    const to = max === null ? this.#keys.length : this.#first((key) => Buffer.compare(key, max) > 0);
    return this.#packed.subarray(this.#starts[from], this.#starts[Math.max(from, to)]);
  }

  /** The number of the first key that is so; all after it are so too. */
  #first(isSo: (key: Buffer) => boolean): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const key = this.#keys[middle];
      if (key && isSo(key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
