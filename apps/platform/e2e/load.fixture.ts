import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@gridlake/kernel";
import { type Answer, lines, send } from "./operator.fixture.ts";

const FIRST_MS = Date.parse("2026-03-01T00:00:00Z");
const LINES = 500;

export interface LoadOptions {
  url: string;
  token: string;
  device: string;
  /** Between two batches. @default 0 */
  pauseMs?: number;
}

/** Sends batch after batch of one device's readings, one a second of its own time, until it is told to end or nobody answers any more. */
export class Load {
  /** Readings that were acknowledged; the instants are the first so many seconds, unless a batch was refused. */
  acknowledged = 0;
  /** Answers that were no acknowledgement. */
  readonly refusals: Answer[] = [];
  readonly #options: LoadOptions;
  readonly #running: Promise<void>;
  #second = 0;
  #isOver = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { url, token, device, pauseMs = 0 } = this.#options;
    while (!this.#isOver) {
      const batch = Array.from({ length: LINES }, () => {
        this.#second += 1;
        const ts = new Date(FIRST_MS + this.#second * SECOND_MS).toISOString();
        return { device, ts, seq: this.#second, energy_wh: this.#second * 10 };
      });
      const answer = await send(url, lines(batch), { token }).catch(() => null);
      if (answer === null) return;
      if (answer.status === 200) this.acknowledged += LINES;
      else this.refusals.push(answer);
      if (pauseMs > 0) await sleep(pauseMs);
    }
  }
}
