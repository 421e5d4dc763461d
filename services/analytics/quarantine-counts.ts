import type { PipelineWatch, Serving } from "@gridlake/pipeline";
import { numberOf, textOf } from "./value.ts";

/** Lines in quarantine of one topic, for one reason. */
export interface QuarantineCount {
  topic: string;
  reason: string;
  lines: number;
}

/** What is in quarantine, counted once for each micro-batch that somebody asks after. */
export class QuarantineCounts {
  readonly #serving: Serving;
  readonly #watch: PipelineWatch;
  #kept: { sequence: number; counts: Promise<QuarantineCount[]> } | undefined;

  constructor(serving: Serving, watch: PipelineWatch) {
    this.#serving = serving;
    this.#watch = watch;
  }

  /** By topic, then reason. */
  counts(): Promise<QuarantineCount[]> {
    const { sequence } = this.#watch.state();
    if (this.#kept?.sequence === sequence) return this.#kept.counts;
    const kept = { sequence, counts: this.#query() };
    this.#kept = kept;
    kept.counts.catch(() => {
      if (this.#kept === kept) this.#kept = undefined;
    });
    return kept.counts;
  }

  async #query(): Promise<QuarantineCount[]> {
    const rows = await this.#serving.rows(
      "SELECT topic, reason, count(*) AS lines FROM dwd_quarantine GROUP BY topic, reason ORDER BY topic, reason",
    );
    return rows.map((row) => ({
      topic: textOf(row, "topic"),
      reason: textOf(row, "reason"),
      lines: numberOf(row, "lines"),
    }));
  }
}
