import { KIB } from "@gridlake/kernel";
import type { Position } from "../log.ts";
import type { Write } from "./group-commit.ts";
import { footprintBytes } from "./layout.ts";
import type { Draft } from "./partitions.ts";
import type { SnapshotReader } from "./reader.ts";
import type { Store } from "./store.ts";

/** One transaction removes at most this many records. */
export const MAX_TRIM_RECORDS = 4_096;
/** What the kernel maps around a page that is looked at. */
const MAPPED_AROUND_BYTES = 64 * KIB;

/** The next part of a trim: forgets up to MAX_TRIM_RECORDS records from the head on, none beyond `upTo`. */
export class TrimWrite implements Write {
  readonly bytes = 0;
  readonly settled: Promise<void>;
  readonly #store: Store;
  readonly #reader: SnapshotReader;
  readonly #where: Required<Position>;
  readonly #upTo: number;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(store: Store, reader: SnapshotReader, target: { where: Required<Position>; upTo: number }) {
    this.#store = store;
    this.#reader = reader;
    this.#where = target.where;
    this.#upTo = target.upTo;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  stage(draft: Draft): void {
    const row = draft.row(this.#where);
    // another trim of the same commit may have gone ahead of the file's own state; the next part takes it up
    const keys = [...this.#reader.keys(row, { from: row.first, upTo: this.#upTo, limit: MAX_TRIM_RECORDS })];
    for (const { key, fields } of keys) {
      void this.#store.database.remove(key);
      // deleting a record looks at its first page
      this.#store.touch(MAPPED_AROUND_BYTES);
      row.first = fields.offset + 1;
      row.bytes -= footprintBytes(fields.length);
    }
  }

  synced(): void {
    this.#resolve();
  }

  failed(error: unknown): void {
    this.#reject(error);
  }
}
