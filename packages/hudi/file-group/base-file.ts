/** The least and the greatest value of a column in a file, as text; a bound, not necessarily a value that occurs. */
export interface ValueRange {
  min: string;
  max: string;
}

/** One version of a file group: all its rows as of `instant`. Never changes once written. */
export interface BaseFile {
  partition: string;
  fileId: string;
  instant: string;
  name: string;
  /** Relative to the table. */
  path: string;
  /** Null when it was found by listing and not yet asked for. */
  sizeBytes: number | null;
  /** Per record key column; null when not yet read from the footer. A column without an entry has no known range. */
  keyRanges: ReadonlyMap<string, ValueRange> | null;
}
