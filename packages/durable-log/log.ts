/** One record as it is written: opaque bytes, and what the writer says of them. */
export interface LogRecord {
  value: Uint8Array;
  /** Small (64 KiB − 1 as JSON), text only; the log keeps them beside the value. */
  headers?: Readonly<Record<string, string>>;
  /** When the writer took it in, in whole ms since the epoch, UTC. Kept as given: the log stamps nothing. */
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
  /**
   * What its readers take a record for: `lines`, as many of them as its writer likes; `line`, a single one, so that a body of
   * lines is cut first (`splitLines`).
   */
  readonly recordUnit: "lines" | "line";
  /**
   * Takes one record or more, as copies.
   * @throws LOG_BUSY (retry later), LOG_FULL (retry later), LOG_RECORD_TOO_LARGE, LOG_RECORD_INVALID,
   *   LOG_POSITION_INVALID (a topic is 1 to 249 of A-Z a-z 0-9 . _ -, a partition is below 1,024), LOG_CLOSED,
   *   LOG_FAILED (a sync failed: nothing more is taken in until a new start), LOG_UNAVAILABLE (retry later: the records may
   *   be there or not)
   */
  append(position: Position, records: readonly LogRecord[]): Promise<{ first: number; last: number }>;
  /**
   * Synced records with an offset in (after, …), in order; `after: -1` is the beginning.
   * At least one record if there is one, whatever `maxBytes` (which counts values). Empty at the end of the log.
   * The values are the caller's own: nothing changes them later.
   * @throws LOG_OFFSET_OUT_OF_RANGE when `after + 1` has been trimmed away, or lies beyond the next offset: a position
   *   ahead of the log belongs to another log, LOG_CORRUPT, LOG_CLOSED, LOG_UNAVAILABLE
   */
  read(
    position: Position,
    range: { after: number; maxRecords: number; maxBytes: number },
  ): Promise<StoredRecord[]>;
  /** The first offset still kept and the offset that the next record will get; equal when nothing is kept. */
  bounds(position: Position): Promise<{ first: number; next: number }>;
  /**
   * Resolves true once a record with an offset > `after` is readable, false after `timeoutMs`, when aborted, or when
   * the log is closed.
   */
  waitFor(
    position: Position,
    options: { after: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean>;
  /** Forgets the records with an offset ≤ `upTo`; their room is used again. Offsets never are. */
  trim(position: Position, options: { upTo: number }): Promise<void>;
  /**
   * One more than the highest partition that was written, or that the topic was made with; 1 for a topic that is not there.
   */
  partitions(topic: string): Promise<number>;
  /** Syncs what was taken in, then closes. */
  close(): Promise<void>;
}
