import type { Position } from "../log.ts";
import { checkSomeRecord } from "../record.ts";
import type { Write } from "./group-commit.ts";
import { type EncodedRecord, footprintBytes, seal } from "./layout.ts";
import type { Draft } from "./partitions.ts";
import type { Store } from "./store.ts";

/** What a waiting record holds in memory beside its value, roughly; it bounds how many tiny ones may wait. */
export const RECORD_OVERHEAD_BYTES = 256;

/** The records of one `append`: contiguous, and all there or none. */
export class AppendWrite implements Write {
  readonly bytes: number;
  readonly footprint: number;
  readonly settled: Promise<{ first: number; last: number }>;
  readonly #store: Store;
  readonly #where: Required<Position>;
  readonly #records: readonly EncodedRecord[];
  #offsets = { first: 0, last: 0 };
  #resolve!: (offsets: { first: number; last: number }) => void;
  #reject!: (error: unknown) => void;

  /** @throws LOG_RECORD_INVALID when there is no record */
  constructor(
    store: Store,
    where: Required<Position>,
    content: { encoded: readonly EncodedRecord[]; bytes: number },
  ) {
    checkSomeRecord(content.encoded);
    this.#store = store;
    this.#where = where;
    this.#records = content.encoded;
    this.bytes = content.bytes;
    this.footprint = content.encoded.reduce((sum, { row }) => sum + footprintBytes(row.length), 0);
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  stage(draft: Draft): void {
    const row = draft.row(this.#where);
    const first = row.next;
    for (const record of this.#records) {
      void this.#store.database.put(seal(record, { id: row.id, offset: row.next }), record.row);
      row.next += 1;
    }
    row.bytes += this.footprint;
    this.#offsets = { first, last: row.next - 1 };
  }

  synced(): void {
    this.#resolve(this.#offsets);
  }

  failed(error: unknown): void {
    this.#reject(error);
  }
}
