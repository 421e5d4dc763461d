/** One record as it is written: opaque bytes, and what the writer says of them. */
export interface LogRecord {
  value: Uint8Array;
  /** Small, text only; the log keeps them beside the value. */
  headers?: Readonly<Record<string, string>>;
  /** When the writer took it in, in ms since the epoch, UTC. Kept as given: the log stamps nothing. */
  timestampMs: number;
}

export interface StoredRecord extends LogRecord {
  headers: Readonly<Record<string, string>>;
  /** From 0 in each partition of a topic, without gaps. */
  offset: number;
}

export interface Position {
  topic: string;
  /** @default 0 */
  partition?: number;
}

/**
 * The topic log. Laws:
 * L2: when `append` resolves, the records are synced to disk and survive any kill.
 * Order: within a partition, offsets follow the order of the `append` calls; a call's records are contiguous and
 *   are all there or none.
 * Bounds: what waits for its sync is bounded (LOG_BUSY), what is kept is bounded (LOG_FULL).
 */
export interface Log {
  /** @throws LOG_BUSY (retry later), LOG_FULL, LOG_RECORD_TOO_LARGE, LOG_CLOSED */
  append(position: Position, records: readonly LogRecord[]): Promise<{ first: number; last: number }>;
  /**
   * Synced records with an offset in (after, …), in order; `after: -1` is the beginning.
   * At least one record if there is one, whatever `maxBytes`. Empty at the end of the log.
   * @throws LOG_OFFSET_OUT_OF_RANGE when `after + 1` has been trimmed away.
   */
  read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]>;
  /** The first offset still kept and the offset that the next record will get; equal when nothing is kept. */
  bounds(position: Position): Promise<{ first: number; next: number }>;
  /** Resolves true once a record with an offset > `after` is readable, false after `timeoutMs` or when aborted. */
  waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean>;
  /** Forgets the records with an offset ≤ `upTo`. */
  trim(position: Position, options: { upTo: number }): Promise<void>;
  partitions(topic: string): Promise<number>;
  /** Syncs what was taken in, then closes. */
  close(): Promise<void>;
}
