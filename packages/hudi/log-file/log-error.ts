import { GridlakeError } from "@gridlake/kernel";

/** Where in a log file something is wrong. */
export interface LogPlace {
  /** The file's path. */
  file: string;
  /** In bytes from its beginning. */
  offset: number;
}

/** Bytes of a log file that are no block, or a block's content that is not what its type says. */
export function logCorrupt({ file, offset }: LogPlace, what: string, cause?: unknown): GridlakeError {
  return new GridlakeError("HUDI_LOG_CORRUPT", `${file} is corrupt at byte ${offset}: ${what}`, {
    remedy:
      "restore the file; or read the table as of an instant before it, or its base files alone, where that is enough",
    details: { file, offset },
    cause,
  });
}

/** A block that is whole, and of a kind that this library does not read. */
export function logUnsupported({ file, offset }: LogPlace, what: string, remedy: string): GridlakeError {
  return new GridlakeError("HUDI_LOG_UNSUPPORTED", `${file} has at byte ${offset} ${what}`, {
    remedy,
    details: { file, offset },
  });
}

export function partialUpdate({ file, offset }: LogPlace): GridlakeError {
  return new GridlakeError(
    "HUDI_LOG_PARTIAL_UPDATE",
    `${file} has at byte ${offset} rows that give only some of the columns`,
    {
      remedy:
        "compact the table with the engine that wrote them; in Spark set hoodie.spark.sql.merge.into.partial.updates=false",
      details: { file, offset },
    },
  );
}
