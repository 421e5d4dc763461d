import type { PipelineWatch, Serving } from "@gridlake/pipeline";
import { instantOf } from "./instant.ts";
import { nullableNumberOf } from "./value.ts";

/**
 * The instant of the newest reading: what "now" means to an indicator, since data may be replayed from any year.
 * Kept for as long as the pipeline commits no further micro-batch, so that it is never older than what can be read.
 */
export class NewestEvent {
  readonly #serving: Serving;
  readonly #watch: PipelineWatch;
  #kept: { sequence: number; ms: Promise<number | null> } | undefined;

  constructor(serving: Serving, watch: PipelineWatch) {
    this.#serving = serving;
    this.#watch = watch;
  }

  /** In ms since the epoch; null when there is no reading. */
  ms(): Promise<number | null> {
    // asked before the query runs: a batch that is committed meanwhile makes the next call ask again
    const { sequence } = this.#watch.state();
    if (this.#kept?.sequence === sequence) return this.#kept.ms;
    const kept = { sequence, ms: this.#query() };
    this.#kept = kept;
    kept.ms.catch(() => {
      if (this.#kept === kept) this.#kept = undefined;
    });
    return kept.ms;
  }

  async #query(): Promise<number | null> {
    // The day's table is small; its newest day bounds the scan of the readings, the largest table there is. The
    // bound goes in as a value, because only then does the scan skip row groups by their ts.
    const [day] = await this.#serving.rows(
      "SELECT epoch_ms(max(window_start)) AS day_ms FROM dws_energy_day",
    );
    const sinceMs = day === undefined ? null : nullableNumberOf(day, "day_ms");
    const bound = sinceMs === null ? "" : "WHERE ts >= CAST($1 AS TIMESTAMPTZ)";
    const [newest] = await this.#serving.rows(
      `SELECT epoch_ms(max(ts)) AS newest_ms FROM dwd_reading ${bound}`,
      sinceMs === null ? [] : [instantOf(sinceMs)],
    );
    return newest === undefined ? null : nullableNumberOf(newest, "newest_ms");
  }
}
