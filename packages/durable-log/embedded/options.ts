import { GIB, GridlakeError, MIB } from "@gridlake/kernel";

export interface EmbeddedLogOptions {
  /** The folder of this log; made when it is missing. */
  dir: string;
  /** What all records may take on disk; beyond it `append` throws LOG_FULL. @default 16 GiB */
  maxBytes?: number;
  /** What may wait for its sync; beyond it `append` throws LOG_BUSY. @default 64 MiB */
  maxUnsyncedBytes?: number;
  /** One record's value; beyond it `append` throws LOG_RECORD_TOO_LARGE. @default 16 MiB */
  maxRecordBytes?: number;
  /** What one synced transaction takes in at most. @default 16 MiB */
  maxCommitBytes?: number;
  /** What stays free on the file system; `append` throws LOG_FULL rather than go below it. @default 256 MiB */
  minFreeBytes?: number;
}

export type EmbeddedLogLimits = Required<Omit<EmbeddedLogOptions, "dir">>;

/** @throws LOG_CONFIG_INVALID naming the option and its value. */
export function withDefaults(options: EmbeddedLogOptions): EmbeddedLogLimits {
  const limits: EmbeddedLogLimits = {
    maxBytes: options.maxBytes ?? 16 * GIB,
    maxUnsyncedBytes: options.maxUnsyncedBytes ?? 64 * MIB,
    maxRecordBytes: options.maxRecordBytes ?? 16 * MIB,
    maxCommitBytes: options.maxCommitBytes ?? 16 * MIB,
    minFreeBytes: options.minFreeBytes ?? 256 * MIB,
  };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new GridlakeError("LOG_CONFIG_INVALID", `${name} is ${value}`, {
      remedy: "give a whole number of bytes above 0",
      details: { name, value },
    });
  }
  return limits;
}
