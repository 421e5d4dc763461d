/** One child of a directory. */
export interface Entry {
  name: string;
  isDirectory: boolean;
}

export interface FileStatus {
  sizeBytes: number;
  /** Of the last write, in ms since the epoch. */
  modifiedMs: number;
}

/** A file being written by a tool that only knows this machine's disk (DuckDB); nobody sees it as `path` is until then published. */
export interface StagedFile {
  /** Where to write it. */
  readonly localPath: string;
  /** Makes it durable under its name. Its directory's entry is durable after `syncDirectory`. */
  publish(): Promise<FileStatus>;
  /** Forgets it. */
  discard(): Promise<void>;
}

/**
 * What a table needs from a file system. Paths are absolute, with `/`. Laws, held by the contract suite:
 * Create: `createIfAbsent` is atomic: of any number of callers one gets true, and no reader sees half a file.
 * Replace: a reader of a replaced file sees the old bytes or the new ones.
 * Durable: what a durable call made survives a power failure once the call has resolved.
 */
export interface Storage {
  /** The path as other engines name it, with the scheme of the file system: `hdfs://master:9000/lake/t`, `file:/lake/t`. */
  uriOf(path: string): string;
  /** Children of a directory, in no order; none when it does not exist. */
  list(directory: string): Promise<Entry[]>;
  /** Null when there is no such file. */
  status(path: string): Promise<FileStatus | null>;
  /** Null when there is no such file. */
  read(path: string): Promise<Buffer | null>;
  /** Bytes [from, from + length) of a file, as many as there are. Null when there is no such file. */
  readRange(path: string, range: { from: number; length: number }): Promise<Buffer | null>;
  /**
   * Makes parents as needed. False, and nothing done, when the file is there already.
   * `durable: false` leaves the sync to a later `syncDirectory` of the same directory. @default durable true
   */
  createIfAbsent(path: string, bytes: Uint8Array, options?: { durable?: boolean }): Promise<boolean>;
  /** Writes the whole file, whether it is there or not; durable. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file and gives its bytes; of any number of callers one gets them, the others null. */
  take(path: string): Promise<Buffer | null>;
  /**
   * Gives a file another name, which must be free, in one step. False when there is no such file: of any number of callers
   * of this and of `take` one gets it. Survives a power failure once both directories are synced.
   */
  rename(from: string, to: string): Promise<boolean>;
  /** Sets a file's `modifiedMs`. False when there is no such file, and none is made. */
  touch(path: string, modifiedMs: number): Promise<boolean>;
  /** No error when it is not there. */
  remove(path: string): Promise<void>;
  /** A directory and all that is in it; no error when it is not there. */
  removeTree(directory: string): Promise<void>;
  /** The names in it, as they are now, survive a power failure. */
  syncDirectory(directory: string): Promise<void>;
  stage(path: string): Promise<StagedFile>;
  /**
   * Paths on this machine's disk holding the same bytes, in the same order; of one file always the same path while it is valid. Of a remote
   * storage they are copies, valid until the end of the `scoped` work in which they were asked for; outside of any, for
   * the time of its option. Later they may be evicted: then a read of them fails; it never gives other bytes.
   */
  localPaths(paths: readonly string[]): Promise<string[]>;
  /** Does the work, and gives up the local paths that it was given by then. */
  scoped<T>(work: () => Promise<T>): Promise<T>;
}
