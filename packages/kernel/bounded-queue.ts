import { GridlakeError } from "./errors.ts";

/** First in, first out, with a named bound: a full queue refuses, it never grows and never drops. */
export class BoundedQueue<T> {
  readonly name: string;
  readonly capacity: number;
  #items: T[] = [];
  #head = 0;

  constructor(options: { name: string; capacity: number }) {
    this.name = options.name;
    this.capacity = options.capacity;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** @throws QUEUE_FULL when `capacity` items wait; retry later. */
  push(item: T): void {
    if (!this.tryPush(item)) {
      throw new GridlakeError("QUEUE_FULL", `the queue ${this.name} holds ${this.capacity} items`, {
        remedy: "slow down and send again",
        retry: "later",
        status: 503,
      });
    }
  }

  /** False when the queue is full. */
  tryPush(item: T): boolean {
    if (this.size >= this.capacity) return false;
    this.#items.push(item);
    return true;
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    // compact only once half is spent, so that shifting stays O(1) on average
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
