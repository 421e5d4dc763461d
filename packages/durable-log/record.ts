import { GridlakeError } from "@gridlake/kernel";
import type { LogRecord } from "./log.ts";

/** What every implementation asks of a record before it takes it in. */

export const MAX_HEADERS_BYTES = 65_535;
const MAX_U48 = 2 ** 48 - 1;
const NO_HEADERS = Buffer.alloc(0);

/** @throws LOG_RECORD_INVALID for a time that is no instant */
export function checkTimestamp(timestampMs: number): void {
  if (Number.isSafeInteger(timestampMs) && timestampMs >= 0 && timestampMs <= MAX_U48) return;
  throw invalid(`timestampMs is ${timestampMs}`, "give whole milliseconds since the epoch, UTC", {
    timestampMs,
  });
}

/** The headers as JSON; empty when there are none. @throws LOG_RECORD_INVALID beyond 65,535 bytes or not text */
export function headersJson(headers: LogRecord["headers"]): Buffer {
  if (headers === undefined) return NO_HEADERS;
  const entries = Object.entries(headers);
  if (entries.length === 0) return NO_HEADERS;
  for (const [name, text] of entries) {
    if (typeof text !== "string")
      throw invalid(`the header ${name} is no text`, "give text only", { header: name });
  }
  const bytes = Buffer.from(JSON.stringify(headers));
  if (bytes.length <= MAX_HEADERS_BYTES) return bytes;
  throw invalid(`the headers take ${bytes.length} bytes`, `keep them within ${MAX_HEADERS_BYTES} bytes`, {
    bytes: bytes.length,
    maxBytes: MAX_HEADERS_BYTES,
  });
}

/** @throws LOG_RECORD_INVALID when there is none */
export function checkSomeRecord(records: { readonly length: number }): void {
  if (records.length > 0) return;
  throw invalid("an append of no records has no offsets", "append at least one record", {});
}

function invalid(what: string, remedy: string, details: Record<string, unknown>): GridlakeError {
  return new GridlakeError("LOG_RECORD_INVALID", what, { remedy, details, status: 400 });
}
