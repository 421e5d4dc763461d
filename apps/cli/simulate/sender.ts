import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10 * SECOND_MS;
const REQUEST_TIMEOUT_MS = MINUTE_MS;

export interface SenderOptions {
  /** Of the platform: `http://127.0.0.1:8080`. */
  url: string;
  /** The device token; called again after a 401. */
  token: () => Promise<string>;
  /** Requests that wait for their answer at one time. @default 4 */
  maxInFlight?: number;
  /** How long one batch is tried before the run fails. @default 10 minutes */
  giveUpAfterMs?: number;
  signal?: AbortSignal;
}

export interface SenderCounts {
  lines: number;
  bytes: number;
  batches: number;
  /** Attempts that were answered with 429 or 503, or lost on the way. */
  retries: number;
  /** The last batch's id, to wait for. */
  lastBatch: string | null;
}

/**
 * Sends batches at least once: the same bytes again and again until they are acknowledged. What is refused for good
 * (any other answer) ends the run, for nothing may be dropped silently.
 */
export class Sender {
  readonly counts: SenderCounts = { lines: 0, bytes: 0, batches: 0, retries: 0, lastBatch: null };
  readonly #options: Required<Omit<SenderOptions, "signal">> & Pick<SenderOptions, "signal">;
  readonly #inFlight = new Set<Promise<void>>();
  #token: Promise<string> | undefined;
  #failure: unknown;

  constructor(options: SenderOptions) {
    this.#options = { maxInFlight: 4, giveUpAfterMs: 10 * MINUTE_MS, ...options };
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Resolves once the batch is on its way; the wait is what slows the generator down. @throws what a batch failed with */
  async send(lines: readonly string[]): Promise<void> {
    while (this.#inFlight.size >= this.#options.maxInFlight) await Promise.race(this.#inFlight);
    this.#assertFit();
    const body = Buffer.from(lines.join("\n"));
    const delivery: Promise<void> = this.#deliver(body, lines.length)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(delivery));
    this.#inFlight.add(delivery);
  }

  /** Resolves once everything is acknowledged. */
  async drain(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#assertFit();
  }

  #assertFit(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #deliver(body: Buffer, lines: number): Promise<void> {
    const giveUpAt = Date.now() + this.#options.giveUpAfterMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const outcome = await this.#attempt(body);
      if ("batch" in outcome) {
        this.counts.lines += lines;
        this.counts.bytes += body.length;
        this.counts.batches += 1;
        this.counts.lastBatch = outcome.batch;
        return;
      }
      this.counts.retries += 1;
      if (Date.now() >= giveUpAt) throw gaveUp(this.#options, outcome.why);
      // half of it by chance, so that many simulators do not come back in step
      const waitMs = Math.max(outcome.afterMs ?? 0, pauseMs / 2 + (Math.random() * pauseMs) / 2);
      await sleep(waitMs, undefined, { signal: this.#options.signal });
    }
  }

  async #attempt(body: Buffer): Promise<{ batch: string } | { why: string; afterMs?: number }> {
    this.#token ??= this.#options.token();
    const token = await this.#token;
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(`${this.#options.url}/ingest/readings`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
        body: new Uint8Array(body.buffer, body.byteOffset, body.length),
        signal: timeLimit(this.#options.signal),
      });
      text = await reply.text();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      return { why: (error as Error).message };
    }
    if (reply.status === 200) return { batch: (JSON.parse(text) as { batch: string }).batch };
    const why = `${reply.status} ${text.slice(0, 300)}`;
    if (reply.status === 401) {
      this.#token = undefined;
      return { why };
    }
    if (reply.status !== 429 && reply.status !== 503 && reply.status !== 502 && reply.status !== 504) {
      throw new GridlakeError("SIMULATE_REFUSED", `the platform refuses a batch: ${why}`, {
        remedy: "see the code in the answer",
        details: { status: reply.status },
      });
    }
    const seconds = Number(reply.headers.get("retry-after") ?? 0);
    return { why, afterMs: Math.min((Number.isFinite(seconds) ? seconds : 0) * SECOND_MS, LONGEST_PAUSE_MS) };
  }
}

function timeLimit(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

function gaveUp(options: { url: string; giveUpAfterMs: number }, why: string): GridlakeError {
  const minutes = Math.round(options.giveUpAfterMs / MINUTE_MS);
  return new GridlakeError(
    "SIMULATE_GAVE_UP",
    `no answer that acknowledges a batch in ${minutes} minutes: ${why}`,
    {
      remedy: `see whether the platform at ${options.url} is ready`,
      retry: "later",
    },
  );
}
