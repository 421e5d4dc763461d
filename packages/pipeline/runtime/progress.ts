import { type Clock, GridlakeError, systemClock } from "@gridlake/kernel";
import type { Model } from "../ir/index.ts";
import type { ModelFreshness, PipelineFailure, TopicState } from "../ports.ts";
import type { MicroBatchResult, TopicBatch } from "./micro-batch.ts";

/** What the engine has done since it started, as far as it is not kept in its database. */
export class Progress {
  readonly #clock: Clock;
  readonly #startedMs: number;
  /** By topic: when the port took in the newest record that a micro-batch holds. */
  readonly #takenMs = new Map<string, number>();
  readonly #changedMs = new Map<string, number>();
  readonly #replaced = new Map<string, number>();
  #checkpointFailures = 0;
  #checkpointError: PipelineFailure | null = null;
  #checkpointMs: number | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
  }

  microBatch(batches: readonly TopicBatch[], { changes }: Pick<MicroBatchResult, "changes">): void {
    for (const { topic, records } of batches) {
      const last = records.at(-1);
      if (last !== undefined) this.#takenMs.set(topic.name, last.timestampMs);
    }
    for (const [model, { newRows, oldRows }] of changes) {
      if (newRows + oldRows === 0) continue;
      this.#changedMs.set(model, this.#clock.nowMs());
      this.#replaced.set(model, (this.#replaced.get(model) ?? 0) + oldRows);
    }
  }

  checkpointWritten(tookMs: number): void {
    this.#checkpointMs = Math.round(tookMs);
    this.#checkpointError = null;
  }

  checkpointFailed(error: unknown): void {
    this.#checkpointFailures += 1;
    this.#checkpointError = failureOf(error);
  }

  get checkpoint(): { durationMs: number | null; failures: number; error: PipelineFailure | null } {
    return {
      durationMs: this.#checkpointMs,
      failures: this.#checkpointFailures,
      error: this.#checkpointError,
    };
  }

  /** Every record that waits came after the last that was taken in, so none of them has waited longer than this. */
  lagMs({ topic, next, end }: Pick<TopicState, "topic" | "next" | "end">): number | null {
    if (next >= end) return 0;
    const takenMs = this.#takenMs.get(topic);
    return takenMs === undefined ? null : Math.max(0, this.#clock.nowMs() - takenMs);
  }

  rowsReplaced(model: string): number {
    return this.#replaced.get(model) ?? 0;
  }

  freshness({ name, freshnessMs }: Pick<Model, "name" | "freshnessMs">): ModelFreshness {
    const changedMs = this.#changedMs.get(name);
    const ageMs = this.#clock.nowMs() - (changedMs ?? this.#startedMs);
    return {
      promisedMs: freshnessMs,
      changedAt: changedMs === undefined ? null : new Date(changedMs).toISOString(),
      isStale: freshnessMs === null ? null : ageMs > freshnessMs,
    };
  }
}

/** An error as the state tells it. */
export function failureOf(error: unknown): PipelineFailure {
  const code = error instanceof GridlakeError ? error.code : "PIPELINE_FAILED";
  return { code, message: error instanceof Error ? error.message : String(error) };
}
