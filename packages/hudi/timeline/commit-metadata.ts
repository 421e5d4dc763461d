import { GridlakeError } from "@gridlake/kernel";

/** What a commit did to one file group. The names are those of Hudi's commit files. */
export interface WriteStat {
  fileId: string;
  /** Relative to the table: the base file, or the log file. */
  path: string;
  /** The instant of the base file that this one follows; "null" for a new file group. */
  prevCommit: string;
  prevBaseFile: string | null;
  partitionPath: string;
  numWrites: number;
  numInserts: number;
  numUpdateWrites: number;
  numDeletes: number;
  totalWriteBytes: number;
  fileSizeInBytes: number;
  totalWriteErrors: number;
  /** Of a write to log files: the number in the name of the last one. */
  logVersion?: number;
  /** Where in that file the write began, in bytes. */
  logOffset?: number;
  /** The name of the base file that the log file changes; "" when there is none. */
  baseFile?: string;
  /** The names of the log files. */
  logFiles?: string[];
  /** Of a compaction: how many log files were merged into the base file, and their bytes. */
  totalLogFilesCompacted?: number;
  totalLogSizeCompacted?: number;
}

/** The body of a commit file. */
export interface CommitMetadata {
  partitionToWriteStats: Record<string, WriteStat[]>;
  /** Whether it is the result of a compaction. */
  compacted: boolean;
  /** What the writer adds, and under `schema` the Avro schema of the table's own columns. */
  extraMetadata: Record<string, string>;
  operationType: string;
  /** Of a replace commit: the file groups that are gone. */
  partitionToReplaceFileIds?: Record<string, string[]>;
}

/** As layout 1 has it. */
export function encodeCommitJson(metadata: CommitMetadata): Buffer {
  return Buffer.from(JSON.stringify(metadata));
}

/** @throws HUDI_TIMELINE_CORRUPT naming the file. */
export function decodeCommitJson(bytes: Buffer, file: string): CommitMetadata {
  try {
    return wholeMetadata(JSON.parse(bytes.toString("utf8")) as Partial<CommitMetadata>);
  } catch (cause) {
    throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${file} is not commit metadata`, {
      remedy: "restore the file, or roll the instant back",
      details: { file },
      cause,
    });
  }
}

/** What an engine left out, filled in. */
export function wholeMetadata(metadata: Partial<CommitMetadata>): CommitMetadata {
  return {
    ...metadata,
    partitionToWriteStats: metadata.partitionToWriteStats ?? {},
    compacted: metadata.compacted ?? false,
    extraMetadata: metadata.extraMetadata ?? {},
    operationType: metadata.operationType ?? "UNKNOWN",
  };
}
