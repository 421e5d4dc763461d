import { type Clock, GridlakeError, MIB } from "@gridlake/kernel";
import type { PipelineWatch } from "@gridlake/pipeline";

/** How often the pipeline is asked where it is; between two answers the last one holds. */
const LOOK_EVERY_MS = 50;
/** Appends are summed up to this, so that what is remembered of them is bounded by maxBytes over this. */
const SEGMENT_BYTES = MIB;

/**
 * Refuses readings while the pipeline is too far behind: what is acknowledged shall become visible soon, and the log
 * shall not fill with what nobody works off. Bytes are counted from the start of this process; records from the log.
 */
export class Backpressure {
  readonly #watch: PipelineWatch;
  readonly #clock: Clock;
  readonly #topic: string;
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #segments: { upTo: number; bytes: number }[] = [];
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #next = 0;
  #end = 0;
  #bytes = 0;

  constructor(options: {
    watch: PipelineWatch;
    clock: Clock;
    topic: string;
    maxRecords: number;
    maxBytes: number;
  }) {
    this.#watch = options.watch;
    this.#clock = options.clock;
    this.#topic = options.topic;
    this.#maxRecords = options.maxRecords;
    this.#maxBytes = options.maxBytes;
  }

  appended(offset: number, bytes: number): void {
    this.#bytes += bytes;
    this.#end = Math.max(this.#end, offset + 1);
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes < SEGMENT_BYTES) {
      last.bytes += bytes;
      last.upTo = Math.max(last.upTo, offset);
    } else this.#segments.push({ upTo: offset, bytes });
  }

  /** Appended and not yet in the pipeline, as far as the last look tells. */
  lag(): { records: number; bytes: number } {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#lookedAtMs >= LOOK_EVERY_MS) {
      this.#lookedAtMs = nowMs;
      this.#look();
    }
    return { records: Math.max(0, this.#end - this.#next), bytes: this.#bytes };
  }

  /** @throws INGEST_PIPELINE_BEHIND */
  check(): void {
    const { records, bytes } = this.lag();
    if (records <= this.#maxRecords && bytes <= this.#maxBytes) return;
    throw new GridlakeError("INGEST_PIPELINE_BEHIND", "the pipeline is behind by more than its bound", {
      remedy: "send the same bytes again after a pause",
      retry: "later",
      details: { records, bytes, retryAfterSeconds: 1 },
      status: 503,
    });
  }

  #look(): void {
    const state = this.#watch.state().topics.find(({ topic }) => topic === this.#topic);
    if (state === undefined) return;
    this.#next = state.next;
    this.#end = Math.max(this.#end, state.end);
    let worked = 0;
    while (worked < this.#segments.length && (this.#segments[worked]?.upTo ?? 0) < state.next) {
      this.#bytes -= this.#segments[worked]?.bytes ?? 0;
      worked += 1;
    }
    this.#segments.splice(0, worked);
  }
}
