/** The parts of `<fileId>_<writeToken>_<instant>.parquet`. */
export interface BaseFileName {
  fileId: string;
  /** Task, stage and attempt of the writer; ours: the number of the file in its commit, then what tells its `Attempt`. */
  writeToken: string;
  instant: string;
}

/** The parts of `.<fileId>_<instant>.log.<version>_<writeToken>`. */
export interface LogFileName extends BaseFileName {
  version: number;
}

const BASE = /^([^_]+)_(\d+-\d+-\d+)_(\d{14}|\d{17})\.parquet$/;
// very old writers leave the token out; change data of Hudi's CDC feature has a suffix and is not among a slice's logs
const LOG = /^\.([^_]+)_(\d{14}|\d{17})\.log\.(\d+)(?:_(\d+-\d+-\d+))?$/;
const NO_TOKEN = "0-0-0";

/** Null for whatever else lies in a partition. */
export function parseBaseFileName(name: string): BaseFileName | null {
  const [, fileId, writeToken, instant] = BASE.exec(name) ?? [];
  return fileId && writeToken && instant ? { fileId, writeToken, instant } : null;
}

export function baseFileName({ fileId, writeToken, instant }: BaseFileName): string {
  return `${fileId}_${writeToken}_${instant}.parquet`;
}

/** Null for whatever else lies in a partition. */
export function parseLogFileName(name: string): LogFileName | null {
  const [, fileId, instant, version, writeToken = NO_TOKEN] = LOG.exec(name) ?? [];
  return fileId && instant && version ? { fileId, instant, version: Number(version), writeToken } : null;
}

export function logFileName({ fileId, instant, version, writeToken }: LogFileName): string {
  return `.${fileId}_${instant}.log.${version}_${writeToken}`;
}
