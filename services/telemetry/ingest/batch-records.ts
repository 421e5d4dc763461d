import { type Log, type LogRecord, splitLines, type StoredRecord } from "@gridlake/durable-log";

/** On the first record of a batch that takes several: how many they are. The batch is named by that record's offset. */
const LINES_HEADER = "lines";

/** A batch as the log wants it: in one record, or in one for each of its lines. */
export function batchRecords(unit: Log["recordUnit"], body: LogRecord): LogRecord[] {
  if (unit === "lines") return [body];
  const lines = splitLines(body.value);
  return lines.map((value, at) =>
    at === 0
      ? { ...body, value, headers: { ...body.headers, [LINES_HEADER]: String(lines.length) } }
      : { ...body, value },
  );
}

/** How many records the batch takes that begins with this one; undefined when none begins with it. */
export function batchLength(unit: Log["recordUnit"], first: StoredRecord): number | undefined {
  if (unit === "lines") return 1;
  const lines = first.headers[LINES_HEADER];
  return lines === undefined ? undefined : Number(lines);
}
