import type { LiveDelta } from "@gridlake/pipeline";

/**
 * The newest deltas of one model, for clients that come back. Law: every delta with a sequence > `since` that the
 * feed gave is in the ring and whole, so a client that has seen `since` or later misses nothing.
 */
export class DeltaRing {
  readonly #maxDeltas: number;
  readonly #maxRows: number;
  readonly #deltas: LiveDelta[] = [];
  #rows = 0;
  #since: number;
  #latest: number;

  /** `since`: the last sequence before the ring began to listen. */
  constructor(options: { since: number; maxDeltas: number; maxRows: number }) {
    this.#since = options.since;
    this.#latest = options.since;
    this.#maxDeltas = options.maxDeltas;
    this.#maxRows = options.maxRows;
  }

  /** The newest sequence that the ring knows of. */
  get latest(): number {
    return this.#latest;
  }

  push(delta: LiveDelta): void {
    this.#latest = delta.sequence;
    if (!delta.complete) {
      // nobody can come back over rows that were not sent
      this.#deltas.length = 0;
      this.#rows = 0;
      this.#since = delta.sequence;
      return;
    }
    this.#deltas.push(delta);
    this.#rows += rowsOf(delta);
    while (this.#deltas.length > this.#maxDeltas || this.#rows > this.#maxRows) {
      const oldest = this.#deltas.shift();
      if (oldest === undefined) return;
      this.#rows -= rowsOf(oldest);
      this.#since = oldest.sequence;
    }
  }

  /** The deltas with a sequence > `seen`, or `null` when some of them are gone or `seen` lies in no past of ours. */
  after(seen: number): readonly LiveDelta[] | null {
    if (seen < this.#since || seen > this.#latest) return null;
    return this.#deltas.filter((delta) => delta.sequence > seen);
  }
}

export function rowsOf(delta: LiveDelta): number {
  return delta.upserts.length + delta.deletes.length;
}
