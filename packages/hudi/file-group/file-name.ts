/** The parts of `<fileId>_<writeToken>_<instant>.parquet`. */
export interface BaseFileName {
  fileId: string;
  /** Task, stage and attempt of the writer; ours: the number of the file in its commit, then 0-0. */
  writeToken: string;
  instant: string;
}

const NAME = /^([^_]+)_(\d+-\d+-\d+)_(\d{14}|\d{17})\.parquet$/;

/** Null for whatever else lies in a partition. */
export function parseBaseFileName(name: string): BaseFileName | null {
  const [, fileId, writeToken, instant] = NAME.exec(name) ?? [];
  return fileId && writeToken && instant ? { fileId, writeToken, instant } : null;
}

export function baseFileName({ fileId, writeToken, instant }: BaseFileName): string {
  return `${fileId}_${writeToken}_${instant}.parquet`;
}
