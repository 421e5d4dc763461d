import * as fc from "fast-check";

/**
 * Decisions taken from a list of numbers, so that a generator can be written as plain code and still shrinks: a shorter
 * list and smaller numbers make a simpler thing. 0 is the simplest choice, and what a list that has run out gives.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** In [0, limit). */
  below(limit: number): number {
    return this.#next() % limit;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === times - 1;
  }

  of<T>(...items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }

  /** Between `least` and all of the items, in their order. */
  some<T>(items: readonly T[], least: number, most = items.length): T[] {
    const left = [...items];
    const count = least + this.below(Math.max(1, Math.min(most, left.length) - least + 1));
    while (left.length > count) left.splice(left.length - 1 - this.below(left.length), 1);
    return left;
  }

  /** A value of an arbitrary, the same for the same number. */
  sample<T>(arbitrary: fc.Arbitrary<T>): T {
    return fc.sample(arbitrary, { numRuns: 1, seed: this.#next() })[0] as T;
  }

  #next(): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number;
  }
}

export const choiceNumbers: fc.Arbitrary<number[]> = fc.array(fc.nat(0xff_ff_ff), {
  minLength: 80,
  maxLength: 240,
  size: "max",
});
