import { type DuckDBConnection, DuckDBTimestampTZValue } from "@duckdb/node-api";
import type { StoredRecord } from "@gridlake/durable-log";
import { ident } from "../dialect/duckdb/quote.ts";

/** The log record's header with the sender's scope: a JSON array of texts; absent for any. */
export const SCOPE_HEADER = "scope";

export const recordsName = (topic: string): string => `temp.${ident(`${topic}__records`)}`;

/** Fills the temporary table of a topic's raw records, whose bytes DuckDB alone will look into. */
export async function stageRecords(
  connection: DuckDBConnection,
  topic: string,
  records: readonly StoredRecord[],
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${recordsName(topic)}
(topic_offset BIGINT, received_at TIMESTAMPTZ, scope VARCHAR, body BLOB)`);
  const appender = await connection.createAppender(`${topic}__records`, "main", "temp");
  try {
    for (const record of records) {
      appender.appendBigInt(BigInt(record.offset));
      appender.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(record.timestampMs) * 1000n));
      const scope = record.headers[SCOPE_HEADER];
      if (scope === undefined) appender.appendNull();
      else appender.appendVarchar(scope);
      appender.appendBlob(record.value);
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}
