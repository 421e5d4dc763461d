import { SECOND_MS } from "@gridlake/kernel";

/** What the brokers' disks have left is asked again after this long, while somebody appends. */
const ASK_EVERY_MS = 2 * SECOND_MS;

/** Knows what is free on the brokers' disks, as of a moment ago; an append waits for no answer. */
export class DiskRoom {
  readonly #ask: () => Promise<number | undefined>;
  #freeBytes = Number.POSITIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(ask: () => Promise<number | undefined>) {
    this.#ask = ask;
  }

  freeBytes(): number {
    const now = performance.now();
    if (this.#asking === undefined && now - this.#askedAt > ASK_EVERY_MS) {
      this.#askedAt = now;
      this.#asking = this.#refresh();
    }
    return this.#freeBytes;
  }

  /** Waits for an answer that is under way. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  async #refresh(): Promise<void> {
    try {
      this.#freeBytes = (await this.#ask()) ?? Number.POSITIVE_INFINITY;
    } catch {
      // brokers that are away are told of by the append itself
    } finally {
      this.#asking = undefined;
    }
  }
}
