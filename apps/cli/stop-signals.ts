import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import type { Context } from "./context.ts";

/** What a clean stop may take. With what ends the process, it stays below ten seconds. */
export const STOP_LIMIT_MS = 9 * SECOND_MS;

/** The stop signals of a command that serves: the first asks for a clean stop, the second ends it at once. */
export class StopSignals {
  readonly #asked = Promise.withResolvers<NodeJS.Signals>();
  readonly #forced = Promise.withResolvers<never>();
  readonly #forget: () => void;

  constructor(context: Context) {
    let count = 0;
    this.#forget = context.onStopSignal((signal) => {
      count += 1;
      if (count === 1) this.#asked.resolve(signal);
      else this.#forced.reject(cutShort(`a second ${signal}`));
    });
    // whoever waits gets it through the race; nobody may be waiting
    this.#forced.promise.catch(() => {});
  }

  /** Resolves at the first signal. */
  get asked(): Promise<NodeJS.Signals> {
    return this.#asked.promise;
  }

  /** As `work`, unless a second signal cuts it short. @throws CLI_STOP_CUT_SHORT */
  unlessForced<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#forced.promise]);
  }

  /** Stops. @throws CLI_STOP_CUT_SHORT when a second signal comes or `limitMs` are over, else what `stop` throws. */
  async stopWithin(stop: () => Promise<void>, limitMs = STOP_LIMIT_MS): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(cutShort(`${limitMs} ms were over`)), limitMs);
    try {
      await this.unlessForced(Promise.race([stop(), late.promise]));
    } finally {
      clearTimeout(timer);
      this.#forget();
    }
  }
}

function cutShort(why: string): GridlakeError {
  return new GridlakeError("CLI_STOP_CUT_SHORT", `ended before the stop was done: ${why}`, {
    remedy: "nothing acknowledged is lost; the next start goes on where the log ends",
  });
}
