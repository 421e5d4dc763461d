import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";

/** The bytes of one log file. */
export interface LogSource {
  /** For errors. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Exactly these bytes. @throws HUDI_FILE_MISSING when the file ends before. */
  read(from: number, length: number): Promise<Buffer>;
}

/**
 * How much is read at least. A file's first block and its headers lie in one such window nearly always; on HDFS each
 * window is a request.
 */
const WINDOW_BYTES = 64 * 1024;

/** A file of a storage, its first `sizeBytes` bytes: a writer may be appending to it. */
export function openLog(
  storage: Storage,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): LogSource {
  let window: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  return {
    path,
    sizeBytes,
    async read(from, length) {
      const inside = from >= window.from && from + length <= window.from + window.bytes.length;
      if (!inside) {
        const wanted = Math.min(Math.max(length, WINDOW_BYTES), sizeBytes - from);
        const bytes = await storage.readRange(path, { from, length: wanted });
        if (bytes === null || bytes.length < wanted) throw logMissing(path);
        if (length > WINDOW_BYTES) return bytes.subarray(0, length);
        window = { from, bytes };
      }
      return window.bytes.subarray(from - window.from, from - window.from + length);
    },
  };
}

export function logOfBytes(path: string, bytes: Buffer): LogSource {
  return {
    path,
    sizeBytes: bytes.length,
    read: async (from, length) => {
      if (from + length > bytes.length) throw logMissing(path);
      return bytes.subarray(from, from + length);
    },
  };
}

export function logMissing(path: string): GridlakeError {
  return new GridlakeError("HUDI_FILE_MISSING", `the log file ${path} is gone, or shorter than it was`, {
    remedy: "if a clean or a rollback took it, refresh and try again; else restore the file",
    retry: "after-refresh",
    details: { path },
  });
}
