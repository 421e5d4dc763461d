import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel/units.ts";

/** [fromMs, toMs). */
export interface Range {
  fromMs: number;
  toMs: number;
}

/** Shortest pause between the end of one reading and the next. */
export const READ_PAUSE_MS = SECOND_MS;

interface ChangedRangeOptions {
  /** Reads the range again and puts it in place. */
  read(range: Range, signal: AbortSignal): Promise<void>;
  onError(error: unknown): void;
}

/** Minutes that have changed and are to be read again: gathered into one range, read one at a time and paced. */
export class ChangedRange {
  readonly #options: ChangedRangeOptions;
  #changed: Range | null = null;
  #reading: AbortController | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ChangedRangeOptions) {
    this.#options = options;
  }

  /** The minute at `atMs` has changed. Reading begins at once, or when the one under way and its pause are over. */
  touch(atMs: number): void {
    this.#widen({ fromMs: atMs, toMs: atMs + MINUTE_MS });
    // after the caller's other touches of this turn
    if (this.#reading === undefined) this.#pause ??= setTimeout(() => void this.#read(), 0);
  }

  /** Forgets what has changed, and abandons the reading under way. */
  clear(): void {
    this.#changed = null;
    this.#reading?.abort();
    this.#reading = undefined;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #widen({ fromMs, toMs }: Range): void {
    this.#changed = {
      fromMs: Math.min(fromMs, this.#changed?.fromMs ?? fromMs),
      toMs: Math.max(toMs, this.#changed?.toMs ?? toMs),
    };
  }

  async #read(): Promise<void> {
    this.#pause = undefined;
    const range = this.#changed;
    if (range === null) return;
    this.#changed = null;
    const mine = new AbortController();
    this.#reading = mine;
    try {
      await this.#options.read(range, mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      this.#options.onError(error);
      this.#widen(range);
    }
    if (mine.signal.aborted) return;
    this.#reading = undefined;
    this.#pause = setTimeout(() => void this.#read(), READ_PAUSE_MS);
  }
}
