import { GridlakeError } from "@gridlake/kernel";
import type { LiveDelta, LiveFeed } from "../ports.ts";

/** Hands each micro-batch's changes to whoever subscribed; keeps nothing itself. */
export class LiveHub implements LiveFeed {
  readonly models: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #listeners = new Map<string, Set<(delta: LiveDelta) => void>>();

  constructor(options: { live: readonly string[]; known: Iterable<string> }) {
    this.models = options.live;
    this.#known = new Set(options.known);
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
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  hasListeners(model: string): boolean {
    return (this.#listeners.get(model)?.size ?? 0) > 0;
  }

  publish(delta: LiveDelta): void {
    for (const listener of this.#listeners.get(delta.model) ?? []) listener(delta);
  }
}
