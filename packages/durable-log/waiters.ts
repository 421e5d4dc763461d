interface Waiter {
  after: number;
  wake: (there: boolean) => void;
}

/** Who waits for a record beyond an offset, per partition ("topic/partition"). */
export class Waiters {
  readonly #byPlace = new Map<string, Set<Waiter>>();

  wait(place: string, options: { after: number; timeoutMs: number; signal?: AbortSignal }): Promise<boolean> {
    const { after, timeoutMs, signal } = options;
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        after,
        wake: (there) => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          const waiting = this.#byPlace.get(place);
          waiting?.delete(waiter);
          if (waiting?.size === 0) this.#byPlace.delete(place);
          resolve(there);
        },
      };
      const abort = (): void => waiter.wake(false);
      const timer = setTimeout(abort, timeoutMs);
      signal?.addEventListener("abort", abort, { once: true });
      const waiting = this.#byPlace.get(place) ?? new Set();
      this.#byPlace.set(place, waiting.add(waiter));
    });
  }

  /** Wakes those of `place` whose record is below `next`. */
  reached(place: string, next: number): void {
    for (const waiter of this.#byPlace.get(place) ?? []) {
      if (waiter.after + 1 < next) waiter.wake(true);
    }
  }

  /** Whether anybody waits there. */
  waiting(place: string): boolean {
    return this.#byPlace.has(place);
  }

  close(): void {
    for (const waiting of this.#byPlace.values()) {
      for (const waiter of waiting) waiter.wake(false);
    }
  }
}
