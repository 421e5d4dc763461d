import { type Answer, lines, send } from "./operator.fixture.ts";

const FIRST_MS = Date.parse("2026-03-01T00:00:00Z");
const MINUTE_MS = 60_000;
const LINES = 500;

/** Sends batch after batch of one device's readings until it is told to end or nobody answers any more. */
export class Load {
  /** Readings that were acknowledged; the instants are the first so many minutes, unless a batch was refused. */
  acknowledged = 0;
  /** Answers that were no acknowledgement. */
  readonly refusals: Answer[] = [];
  readonly #options: { url: string; token: string; device: string };
  readonly #running: Promise<void>;
  #minute = 0;
  #isOver = false;

  constructor(options: { url: string; token: string; device: string }) {
    this.#options = options;
    this.#running = this.#run();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { url, token, device } = this.#options;
    while (!this.#isOver) {
      const batch = Array.from({ length: LINES }, () => {
        this.#minute += 1;
        const ts = new Date(FIRST_MS + this.#minute * MINUTE_MS).toISOString();
        return { device, ts, seq: this.#minute, energy_wh: this.#minute * 10 };
      });
      const answer = await send(url, lines(batch), { token }).catch(() => null);
      if (answer === null) return;
      if (answer.status === 200) this.acknowledged += LINES;
      else this.refusals.push(answer);
    }
  }
}
