import { SECOND_MS } from "@gridlake/kernel";

const EVERY_MS = 2 * SECOND_MS;

export interface ProgressState {
  /** The instant that the readings have reached. */
  ts: string;
  sent: number;
  inFlight: number;
  retries: number;
}

/** Prints one line each two seconds; the rate is that since the line before. */
export class Progress {
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #at = performance.now();

  constructor(print: (text: string) => void, state: () => ProgressState) {
    this.#timer = setInterval(() => {
      const { ts, sent, inFlight, retries } = state();
      const now = performance.now();
      const rate = ((sent - this.#sent) / (now - this.#at)) * SECOND_MS;
      this.#sent = sent;
      this.#at = now;
      print(
        `${ts || "starting"}  ${count(sent)} readings  ${count(Math.round(rate))}/s  in flight ${inFlight}  retries ${retries}\n`,
      );
    }, EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** 1234567 → 1,234,567 */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
