import { type Clock, SECOND_MS, systemClock } from "@gridlake/kernel";

const WINDOW_SECONDS = 10;

/** Events per second over the last ten whole seconds. */
export class Throughput {
  readonly #clock: Clock;
  readonly #buckets = new Map<number, number>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  add(events: number): void {
    const second = this.#second();
    this.#buckets.set(second, (this.#buckets.get(second) ?? 0) + events);
    for (const old of this.#buckets.keys()) if (old < second - WINDOW_SECONDS) this.#buckets.delete(old);
  }

  perSecond(): number {
    const second = this.#second();
    let sum = 0;
    for (const [at, events] of this.#buckets) if (at < second && at >= second - WINDOW_SECONDS) sum += events;
    return sum / WINDOW_SECONDS;
  }

  #second(): number {
    return Math.floor(this.#clock.nowMs() / SECOND_MS);
  }
}
