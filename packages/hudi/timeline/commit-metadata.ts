import { GridlakeError } from "@gridlake/kernel";

/** What a commit did to one file group. The names are those of Hudi's commit files. */
export interface WriteStat {
  fileId: string;
  /** Relative to the table. */
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
}

/** The body of a commit file. */
export interface CommitMetadata {
  partitionToWriteStats: Record<string, WriteStat[]>;
  compacted: boolean;
  /** What the writer adds, and under `schema` the Avro schema of the table's own columns. */
  extraMetadata: Record<string, string>;
  operationType: string;
  /** Of a replace commit: the file groups that are gone. */
  partitionToReplaceFileIds?: Record<string, string[]>;
}

export function encodeCommitMetadata(metadata: CommitMetadata): Buffer {
  return Buffer.from(JSON.stringify(metadata));
}

/** @throws HUDI_TIMELINE_CORRUPT naming the file. */
export function decodeCommitMetadata(bytes: Buffer, file: string): CommitMetadata {
  try {
    const metadata = JSON.parse(bytes.toString("utf8")) as Partial<CommitMetadata>;
    return {
      ...metadata,
      partitionToWriteStats: metadata.partitionToWriteStats ?? {},
      compacted: metadata.compacted ?? false,
      extraMetadata: metadata.extraMetadata ?? {},
      operationType: metadata.operationType ?? "UNKNOWN",
    };
  } catch (cause) {
    throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${file} is not commit metadata`, {
      remedy: "restore the file, or roll the instant back",
      details: { file },
      cause,
    });
  }
}
