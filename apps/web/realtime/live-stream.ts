import { SECOND_MS } from "@gridlake/kernel/units.ts";

/** A row of a live model as the stream sends it; DECIMAL values are text. */
export type LiveRow = Readonly<Record<string, string | number | boolean | null>>;

export interface LiveDelta {
  sequence: number;
  upserts: readonly LiveRow[];
  /** Keys of the rows that are gone. */
  deletes: readonly LiveRow[];
}

/** `waiting`: interrupted, and tried again by itself. */
export type StreamState = "connecting" | "live" | "waiting" | "closed";

/** What is used of the browser's EventSource. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

interface LiveStreamOptions {
  url: string;
  onDelta(delta: LiveDelta): void;
  /** What was loaded before may lack changes: load anew. Also said once at each beginning. */
  onReset(): void;
  onState(state: StreamState): void;
  /** @default the browser's EventSource */
  open?(url: string): EventStream;
}

const CLOSED = 2;
const FIRST_PAUSE_MS = SECOND_MS;
/** Longest pause between two attempts. */
const LONGEST_PAUSE_MS = 30 * SECOND_MS;

/**
 * One model's changes as server-sent events. While the browser reconnects by itself, it tells the server the last
 * event it saw, and the server sends what was missed, or `reset`. Where the browser gives up (an answer that is not
 * 200, as with a session that has ended), this opens a new stream after a growing pause, and that one begins with a reset.
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  #source: EventStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
    this.#connect();
    options.onState("connecting");
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
    this.#options.onState("closed");
  }

  #connect(): void {
    const {
      url,
      open = (at: string): EventStream => new EventSource(at),
      onDelta,
      onReset,
      onState,
    } = this.#options;
    const source = open(url);
    this.#source = source;
    let begun = false;
    source.addEventListener("open", () => {
      this.#pauseMs = FIRST_PAUSE_MS;
      onState("live");
      // the browser's own reconnections resume this stream, so only the first opening is a beginning
      if (!begun) onReset();
      begun = true;
    });
    source.addEventListener("delta", ({ data }) => onDelta(JSON.parse(String(data)) as LiveDelta));
    source.addEventListener("reset", () => onReset());
    source.addEventListener("error", () => {
      onState("waiting");
      if (source.readyState === CLOSED) this.#connectLater();
    });
  }

  #connectLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
