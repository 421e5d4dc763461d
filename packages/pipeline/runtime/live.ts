import { GridlakeError } from "@gridlake/kernel";
import type { LiveDelta, LiveFeed } from "../ports.ts";

/** Hands each micro-batch's changes to whoever subscribed; keeps nothing itself. */
export class LiveHub implements LiveFeed {
  readonly models: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #listeners = new Map<string, Set<{ hear: (delta: LiveDelta) => void }>>();
  readonly #onFailure: (error: unknown) => void;

  constructor(options: {
    live: readonly string[];
    known: Iterable<string>;
    /** Told what a listener threw; the listener hears nothing more. */
    onFailure: (error: unknown) => void;
  }) {
    this.models = options.live;
    this.#known = new Set(options.known);
    this.#onFailure = options.onFailure;
  }

  subscribe(model: string, listener: (delta: LiveDelta) => void): () => void {
    if (!this.models.includes(model)) {
      const known = this.#known.has(model);
      throw new GridlakeError(
        known ? "MODEL_NOT_LIVE" : "MODEL_UNKNOWN",
        `${model} publishes no live changes`,
        {
          remedy: known ? `set live: true in its header` : `live models are ${this.models.join(", ")}`,
          status: 404,
        },
      );
    }
    const listeners = this.#listeners.get(model) ?? new Set();
    this.#listeners.set(model, listeners);
    const subscription = { hear: listener };
    listeners.add(subscription);
    return () => listeners.delete(subscription);
  }

  hasListeners(model: string): boolean {
    return (this.#listeners.get(model)?.size ?? 0) > 0;
  }

  publish(delta: LiveDelta): void {
    const listeners = this.#listeners.get(delta.model);
    for (const subscription of listeners ?? []) {
      try {
        subscription.hear(delta);
      } catch (error) {
        // the micro-batch is committed: one listener's fault must not end the engine
        listeners?.delete(subscription);
        this.#onFailure(error);
      }
    }
  }
}
