import type { BaseFile } from "./base-file.ts";

/** A file of changes to a file slice. Ours never change once written; those of engines that append do. */
export interface LogFile {
  partition: string;
  fileId: string;
  /** In its name: up to table version 6 the instant of the slice's base file, later that of the delta commit that wrote it. */
  instant: string;
  /** From 1 on, counted per file group and instant. */
  version: number;
  writeToken: string;
  name: string;
  /** Relative to the table. */
  path: string;
  /** Null when it was found by listing, or may have grown since. */
  sizeBytes: number | null;
}

/** What a file group holds as of an instant: the rows of a base file, as changed by log files. */
export interface FileSlice {
  partition: string;
  fileId: string;
  /** The instant of the base file; without one that in the name of the first log file. */
  baseInstant: string;
  /** Null when the slice began with log files. */
  base: BaseFile | null;
  /** In merge order. Files whose every block is of a later or an uncommitted write may be among them. */
  logs: readonly LogFile[];
}
