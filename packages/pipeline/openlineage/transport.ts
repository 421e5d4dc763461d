import { appendFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import type { LineageEvent } from "./events.ts";

/** Where events go. */
export interface LineageTransport {
  /** @throws LINEAGE_REFUSED, LINEAGE_UNREACHABLE */
  send(event: LineageEvent): Promise<void>;
}

/** One event a line, behind those that are there. */
export class FileTransport implements LineageTransport {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async send(event: LineageEvent): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify(event)}\n`);
  }
}

const ATTEMPTS = 3;
const TIMEOUT_MS = 10 * SECOND_MS;

/** Posts each event to an OpenLineage endpoint (of Marquez: `http://…/api/v1/lineage`). */
export class HttpTransport implements LineageTransport {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #pauseMs: number;

  /** @param options.pauseMs before another attempt, doubled each time. @default 1000 */
  constructor(options: { url: string; apiKey?: string; pauseMs?: number }) {
    this.#url = options.url;
    this.#headers = {
      "content-type": "application/json",
      ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    };
    this.#pauseMs = options.pauseMs ?? SECOND_MS;
  }

  async send(event: LineageEvent): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#post(event);
      if (failure === null) return;
      if (failure.retry !== "later" || attempt === ATTEMPTS) throw failure;
      await pause(this.#pauseMs * 2 ** (attempt - 1));
    }
  }

  async #post(event: LineageEvent): Promise<GridlakeError | null> {
    let reply: Response;
    try {
      reply = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // what it says does not matter, but a connection is free only once it was read
      await reply.arrayBuffer();
    } catch (cause) {
      return new GridlakeError("LINEAGE_UNREACHABLE", `nothing answers at ${this.#url}`, {
        remedy: "look whether lineage.url is right and the endpoint runs",
        retry: "later",
        cause,
      });
    }
    if (reply.ok) return null;
    return new GridlakeError("LINEAGE_REFUSED", `${this.#url} answers ${reply.status}`, {
      remedy: "look whether lineage.url and lineage.apiKey are right",
      retry: reply.status >= 500 || reply.status === 429 ? "later" : "never",
      details: { status: reply.status },
    });
  }
}

/** What a stop gives the events that wait. */
const CLOSE_MS = 2 * SECOND_MS;
/** Events that wait; a further one is given up. */
const QUEUE_LIMIT = 1_000;

/** Sends events one after the other, beside the work that they tell of, which never waits for them. */
export class LineageEmitter {
  readonly #transport: LineageTransport;
  readonly #onFailure: (error: unknown) => void;
  readonly #queue: LineageEvent[] = [];
  #sending: Promise<void> | null = null;
  #lost = 0;

  /** @param onFailure told of each event that is given up; must not throw */
  constructor(transport: LineageTransport, onFailure: (error: unknown) => void) {
    this.#transport = transport;
    this.#onFailure = onFailure;
  }

  /** Events given up since the start. */
  get lost(): number {
    return this.#lost;
  }

  emit(events: readonly LineageEvent[]): void {
    for (const event of events) {
      if (this.#queue.length < QUEUE_LIMIT) this.#queue.push(event);
      else this.#giveUp(queueFull());
    }
    if (this.#queue.length > 0) this.#sending ??= this.#drain();
  }

  /** Resolves when nothing waits any more, at the latest after `withinMs`; what is left then is given up. */
  async close(withinMs = CLOSE_MS): Promise<void> {
    const late = new AbortController();
    const limit = pause(withinMs, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#sending, limit]);
    late.abort();
    this.#lost += this.#queue.splice(0).length;
  }

  async #drain(): Promise<void> {
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift())
      await this.#transport.send(event).catch((error: unknown) => this.#giveUp(error));
    // in the same turn in which the queue was seen to be empty
    this.#sending = null;
  }

  #giveUp(error: unknown): void {
    this.#lost += 1;
    this.#onFailure(error);
  }
}

function queueFull(): GridlakeError {
  return new GridlakeError("LINEAGE_QUEUE_FULL", `${QUEUE_LIMIT} lineage events wait already`, {
    remedy: "look whether the endpoint of lineage.url is slow",
    retry: "later",
  });
}
