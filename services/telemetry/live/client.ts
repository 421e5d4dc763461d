import type { Writable } from "node:stream";
import type { LiveEvent, LiveFilter } from "./event.ts";
import { heartbeat, resetEvent } from "./event.ts";

/** Heartbeats that a client may leave unread before it is taken for dead. */
const MAX_MISSED_HEARTBEATS = 4;

/**
 * One reader of a stream. What it does not read in time waits here, up to `maxPendingRows`; beyond that the wait is
 * cut and one `reset` stands for all of it, so that a slow client costs bounded memory and still ends up right.
 */
export class LiveClient {
  readonly filter: LiveFilter;
  /** What the stream held when the client joined; it has all up to here. */
  readonly joinedAt: number;
  readonly #stream: Writable;
  readonly #maxPendingRows: number;
  #pending: LiveEvent[] = [];
  #pendingRows = 0;
  #blocked = false;
  #cutAt: number | null = null;
  #missed = 0;

  constructor(stream: Writable, options: { filter: LiveFilter; joinedAt: number; maxPendingRows: number }) {
    this.filter = options.filter;
    this.joinedAt = options.joinedAt;
    this.#stream = stream;
    this.#maxPendingRows = options.maxPendingRows;
    stream.on("drain", () => this.#drain());
  }

  /** `sequence` is the newest of the stream, for a cut. */
  send(event: LiveEvent, sequence: number): void {
    if (!this.#blocked) return this.#write(event.text);
    if (this.#cutAt !== null || this.#pendingRows + event.rows > this.#maxPendingRows) {
      this.#pending = [];
      this.#pendingRows = 0;
      this.#cutAt = sequence;
      return;
    }
    this.#pending.push(event);
    this.#pendingRows += event.rows;
  }

  /** Tells the client that we live, and hangs up on one that has stopped reading. */
  beat(sequence: number): void {
    if (!this.#blocked) return this.#write(heartbeat(sequence));
    this.#missed += 1;
    if (this.#missed > MAX_MISSED_HEARTBEATS) this.#stream.destroy();
  }

  end(): void {
    // a client that does not read would keep the socket open
    if (this.#blocked) this.#stream.destroy();
    else this.#stream.end();
  }

  #write(text: string): void {
    this.#blocked = !this.#stream.write(text);
  }

  #drain(): void {
    this.#blocked = false;
    this.#missed = 0;
    if (this.#cutAt !== null) {
      const sequence = this.#cutAt;
      this.#cutAt = null;
      return this.#write(resetEvent(sequence));
    }
    while (!this.#blocked) {
      const next = this.#pending.shift();
      if (next === undefined) return;
      this.#pendingRows -= next.rows;
      this.#write(next.text);
    }
  }
}
