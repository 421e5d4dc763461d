import type { MessageRecord } from "@platformatic/kafka";
import type { LogRecord, Position } from "../log.ts";
import { checkTimestamp, headersJson } from "../record.ts";

/** What a record of Kafka's holds beside its value and headers: lengths, deltas, the object here that stands for it. */
export const RECORD_OVERHEAD_BYTES = 256;

export interface EncodedMessage {
  value: Buffer;
  timestamp: bigint;
  headers: Map<Buffer, Buffer> | undefined;
  /** Of value and headers, on the wire. */
  bytes: number;
  headerBytes: number;
}

/**
 * Records as messages, whose bytes are nobody else's: those of one append lie in one piece of memory.
 * @throws LOG_RECORD_INVALID
 */
export function encodeMessages(records: readonly LogRecord[]): EncodedMessage[] {
  const copy = Buffer.allocUnsafeSlow(records.reduce((sum, { value }) => sum + value.byteLength, 0));
  let at = 0;
  // the records of one append mostly share their headers
  const known = new Map<LogRecord["headers"], { map: Map<Buffer, Buffer> | undefined; bytes: number }>();
  return records.map(({ value, headers, timestampMs }) => {
    checkTimestamp(timestampMs);
    let encoded = known.get(headers);
    if (encoded === undefined) known.set(headers, (encoded = encodeHeaders(headers)));
    const slice = copy.subarray(at, at + value.byteLength);
    slice.set(value);
    at += value.byteLength;
    return {
      value: slice,
      timestamp: BigInt(timestampMs),
      headers: encoded.map,
      bytes: value.byteLength + encoded.bytes,
      headerBytes: encoded.bytes,
    };
  });
}

function encodeHeaders(headers: LogRecord["headers"]): {
  map: Map<Buffer, Buffer> | undefined;
  bytes: number;
} {
  if (headersJson(headers).length === 0) return { map: undefined, bytes: 0 };
  const map = new Map<Buffer, Buffer>();
  let bytes = 0;
  for (const [name, text] of Object.entries(headers ?? {})) {
    const [key, value] = [Buffer.from(name), Buffer.from(text)];
    bytes += key.length + value.length;
    map.set(key, value);
  }
  return { map, bytes };
}

/** As the client's requests want it; each request builds its own, for the client writes into them. */
export function toRequest(where: Required<Position>, messages: readonly EncodedMessage[]): MessageRecord[] {
  return messages.map(({ value, timestamp, headers }) => ({
    topic: where.topic,
    partition: where.partition,
    value,
    timestamp,
    ...(headers === undefined ? {} : { headers }),
  }));
}

/** @param entries pairs of names and values, of which another writer may have left out either */
export function decodeHeaders(
  entries: readonly (readonly [Buffer | null, Buffer | null])[],
): Readonly<Record<string, string>> {
  if (entries.length === 0) return {};
  return Object.fromEntries(
    entries.map(([name, value]) => [name?.toString("utf8") ?? "", value?.toString("utf8") ?? ""]),
  );
}
