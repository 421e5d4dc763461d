import { MAX_PARTITIONS } from "../errors.ts";
import type { Position } from "../log.ts";
import type { PartitionRow } from "./layout.ts";

export function placeOf(position: Required<Position>): string {
  return `${position.topic}/${position.partition}`;
}

/** The partition rows as the last synced commit left them. */
export class Partitions {
  readonly #byPlace = new Map<string, PartitionRow>();
  readonly #byId = new Map<number, PartitionRow>();
  #bytes = 0;
  #nextId = 0;

  constructor(rows: readonly PartitionRow[]) {
    for (const row of rows) this.#set(row);
  }

  /** What all records take in the file. */
  get bytes(): number {
    return this.#bytes;
  }

  find(position: Required<Position>): PartitionRow | undefined {
    return this.#byPlace.get(placeOf(position));
  }

  all(): PartitionRow[] {
    return [...this.#byId.values()];
  }

  /** How many partitions a topic has: at least one, as partition 0 of any topic can be read and waited for. */
  count(topic: string): number {
    let count = 1;
    for (const row of this.#byId.values()) {
      if (row.topic === topic) count = Math.min(MAX_PARTITIONS, Math.max(count, row.partition + 1));
    }
    return count;
  }

  draft(): Draft {
    return new Draft(this, this.#nextId);
  }

  /** What a draft held is synced now. */
  adopt(draft: Draft): PartitionRow[] {
    for (const row of draft.rows) this.#set(row);
    return draft.rows;
  }

  #set(row: PartitionRow): void {
    this.#bytes += row.bytes - (this.#byId.get(row.id)?.bytes ?? 0);
    this.#byId.set(row.id, row);
    this.#byPlace.set(placeOf(row), row);
    this.#nextId = Math.max(this.#nextId, row.id + 1);
  }
}

/** The rows as one commit is going to leave them; nothing of it counts until the commit is synced. */
export class Draft {
  readonly #base: Partitions;
  readonly #changed = new Map<string, PartitionRow>();
  #nextId: number;

  constructor(base: Partitions, nextId: number) {
    this.#base = base;
    this.#nextId = nextId;
  }

  get rows(): PartitionRow[] {
    return [...this.#changed.values()];
  }

  /** The row to change; a new one for a position that was never written. */
  row(position: Required<Position>): PartitionRow {
    const place = placeOf(position);
    let row = this.#changed.get(place);
    if (row === undefined) {
      const base = this.#base.find(position);
      row = base === undefined ? { ...position, id: this.#nextId, first: 0, next: 0, bytes: 0 } : { ...base };
      if (base === undefined) this.#nextId += 1;
      this.#changed.set(place, row);
    }
    return row;
  }
}
