import { DAY_MS, MINUTE_MS, SECOND_MS } from "@gridlake/kernel/units.ts";
import { ChangedRange, type Range } from "./changed-range.ts";
import type { LiveDelta, LiveRow } from "./live-stream.ts";
import { Minutes, type Minute } from "./minutes.ts";

/** What is kept and shown: the last 24 h of data. */
export const KEPT_MS = DAY_MS;
/** Changed rows that may wait for the next frame; beyond that they are dropped and everything is loaded anew. */
export const MAX_WAITING_ROWS = 20_000;
/** Shortest pause between the end of a snapshot and the next that a reset asks for. */
export const SNAPSHOT_PAUSE_MS = SECOND_MS;
/** Pause before a snapshot that failed is tried again. */
export const RETRY_PAUSE_MS = 5 * SECOND_MS;

/** The name under which the sum of all feeders is kept. */
export const TOTAL = "";

export interface CurveAnswer {
  /** End of the interval, exclusive; null before the first reading. */
  toMs: number | null;
  curves: ReadonlyMap<string, readonly Minute[]>;
}

interface LoadFeedOptions {
  /** Curves of the named feeders, or with none of {@link TOTAL}; without a range the last 24 h of data. */
  fetch(feeders: readonly string[], range: Range | null, signal: AbortSignal): Promise<CurveAnswer>;
  /** Calls back at the next frame of the screen. */
  nextFrame(callback: () => void): void;
  /** The curves have changed; at most once a frame, and after every load. */
  onChange(): void;
  onError(error: unknown): void;
}

/**
 * Load curves that stay true while changes stream in: a snapshot, then the changes, applied once a frame.
 *
 * A chosen feeder's rows carry its new values and are set as they come. The sum of all feeders can't be kept that way
 * without holding every feeder's minutes; so the minutes that changed are read again from the platform, paced, which
 * costs the same for any number of feeders.
 */
export class LoadFeed {
  readonly #options: LoadFeedOptions;
  readonly #changedTotal: ChangedRange;
  #feeders: readonly string[] = [];
  #curves = new Map<string, Minutes>();
  #newestMs = -Infinity;
  #waiting: LiveDelta[] = [];
  #waitingRows = 0;
  #framed = false;
  #loading: AbortController | undefined;
  /** Runs while the next snapshot has to wait. */
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Changes were missed that no snapshot has made good yet. */
  #stale = false;

  constructor(options: LoadFeedOptions) {
    this.#options = options;
    this.#changedTotal = new ChangedRange({
      read: (range, signal) => this.#readTotal(range, signal),
      onError: options.onError,
    });
  }

  /** Start of the newest minute; -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  minutesOf(feeder: string): readonly Minute[] {
    return this.#curves.get(feeder)?.all ?? [];
  }

  /** Which curves are kept: of these feeders, or with none the sum of all. */
  choose(feeders: readonly string[]): void {
    this.#feeders = feeders;
    void this.reload();
  }

  /**
   * Changes were missed: loads everything anew, after what is under way and paced. A pipeline that runs fast may
   * reset more often than a snapshot takes, so a reset never abandons one.
   */
  reset(): void {
    this.#stale = true;
    if (this.#loading === undefined && this.#pause === undefined) void this.reload();
  }

  /** Loads everything anew, now; changes that come meanwhile are applied on top. */
  async reload(): Promise<void> {
    this.end();
    this.#stale = false;
    const mine = new AbortController();
    this.#loading = mine;
    try {
      const answer = await this.#options.fetch(this.#feeders, null, mine.signal);
      if (mine.signal.aborted) return;
      this.#loading = undefined;
      this.#pauseFor(SNAPSHOT_PAUSE_MS);
      this.#adopt(answer);
      this.#requestFrame();
    } catch (error) {
      if (mine.signal.aborted) return;
      this.#loading = undefined;
      this.#stale = true;
      this.#options.onError(error);
      this.#pauseFor(RETRY_PAUSE_MS);
    }
  }

  take(delta: LiveDelta): void {
    this.#waiting.push(delta);
    this.#waitingRows += delta.upserts.length + delta.deletes.length;
    if (this.#waitingRows <= MAX_WAITING_ROWS) return this.#requestFrame();
    // a page in the background gets no frames; a snapshot costs less than what has piled up
    this.#forgetWaiting();
    this.reset();
  }

  /** Abandons what is under way and what waits. */
  end(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#loading?.abort();
    this.#loading = undefined;
    this.#changedTotal.clear();
    this.#forgetWaiting();
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#waitingRows = 0;
  }

  #pauseFor(pauseMs: number): void {
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#stale) void this.reload();
    }, pauseMs);
  }

  #adopt(answer: CurveAnswer): void {
    this.#newestMs = answer.toMs === null ? -Infinity : answer.toMs - MINUTE_MS;
    this.#curves = new Map();
    for (const [feeder, minutes] of answer.curves) {
      this.#curveOf(feeder).replace({ fromMs: -Infinity, toMs: Infinity }, minutes);
    }
    this.#options.onChange();
  }

  #curveOf(feeder: string): Minutes {
    const curve = this.#curves.get(feeder) ?? new Minutes();
    this.#curves.set(feeder, curve);
    return curve;
  }

  #requestFrame(): void {
    if (this.#framed) return;
    this.#framed = true;
    this.#options.nextFrame(() => {
      this.#framed = false;
      // while a snapshot is under way the changes wait for it
      if (this.#loading === undefined && this.#waiting.length > 0) this.#apply();
    });
  }

  #apply(): void {
    const deltas = this.#waiting;
    this.#forgetWaiting();
    for (const { upserts, deletes } of deltas) {
      for (const row of deletes) this.#change(row, null);
      for (const row of upserts) this.#change(row, minuteOf(row));
    }
    this.#trim();
    this.#options.onChange();
  }

  #change(row: LiveRow, minute: Minute | null): void {
    const atMs = Date.parse(String(row["window_start"]));
    if (minute !== null) this.#newestMs = Math.max(this.#newestMs, atMs);
    if (this.#feeders.length === 0) return this.#changedTotal.touch(atMs);
    const feeder = String(row["feeder"]);
    if (!this.#feeders.includes(feeder)) return;
    if (minute === null) this.#curveOf(feeder).delete(atMs);
    else this.#curveOf(feeder).set(minute);
  }

  async #readTotal(changed: Range, signal: AbortSignal): Promise<void> {
    // a minute that has left the window is nobody's concern any more
    const range = { fromMs: Math.max(changed.fromMs, this.#keptFromMs()), toMs: changed.toMs };
    if (range.fromMs >= range.toMs) return;
    const answer = await this.#options.fetch([], range, signal);
    if (signal.aborted) return;
    this.#curveOf(TOTAL).replace(range, answer.curves.get(TOTAL) ?? []);
    this.#trim();
    this.#options.onChange();
  }

  #keptFromMs(): number {
    return this.#newestMs + MINUTE_MS - KEPT_MS;
  }

  #trim(): void {
    for (const curve of this.#curves.values()) curve.trim(this.#keptFromMs());
  }
}

/** Null when the row has no load: no device of the feeder sent one in that minute. */
function minuteOf(row: LiveRow): Minute | null {
  if (row["active_power_w"] === null) return null;
  return {
    atMs: Date.parse(String(row["window_start"])),
    powerW: Number(row["active_power_w"]),
    devices: Number(row["devices"]),
  };
}
