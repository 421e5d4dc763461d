import type { DuckDBConnection } from "@duckdb/node-api";
import type { HudiTable } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { type Answer, answerOf } from "./answer.ts";

export interface DiffRequest {
  /** An instant, exclusive. */
  after: string;
  /** An instant, inclusive. @default the newest */
  upTo?: string;
  /** How many rows each partition gained, lost and changed, in place of the rows. @default false */
  counts?: boolean;
  /** The first so many rows. @default all, up to 100,000 */
  limit?: number;
}

/** An answer is laid out in memory. */
const MAX_ROWS = 100_000;

/** What became of the rows of a table in (after, upTo]. @throws LAKE_ANSWER_LONG and what `changesSql` throws */
export async function diffTable(
  table: HudiTable,
  connection: DuckDBConnection,
  { after, upTo, counts = false, limit }: DiffRequest,
): Promise<Answer> {
  const changes = await table.changesSql({ after, ...(upTo === undefined ? {} : { upTo }) });
  return counts ? countChanges(connection, changes) : showChanges(connection, changes, limit);
}

async function countChanges(connection: DuckDBConnection, changes: string): Promise<Answer> {
  const reader = await connection.runAndReadAll(
    `SELECT _hoodie_partition_path, count(*) FILTER (_hoodie_change = 'I'), count(*) FILTER (_hoodie_change = 'U'),
       count(*) FILTER (_hoodie_change = 'D') FROM ${changes} GROUP BY 1 ORDER BY 1`,
  );
  const rows = reader.getRows().map(([partition, inserted, updated, deleted]) => ({
    partition: String(partition),
    inserted: String(inserted),
    updated: String(updated),
    deleted: String(deleted),
  }));
  return answerOf({ partition: "VARCHAR", inserted: "BIGINT", updated: "BIGINT", deleted: "BIGINT" }, rows);
}

async function showChanges(
  connection: DuckDBConnection,
  changes: string,
  limit: number | undefined,
): Promise<Answer> {
  const reader = await connection.runAndReadAll(
    `SELECT _hoodie_change, _hoodie_partition_path, _hoodie_record_key, to_json(before)::VARCHAR, to_json(after)::VARCHAR
     FROM ${changes} ORDER BY 2, 3 LIMIT ${limit ?? MAX_ROWS + 1}`,
  );
  const rows = reader.getRows();
  if (limit === undefined && rows.length > MAX_ROWS) {
    throw new GridlakeError("LAKE_ANSWER_LONG", `more than ${MAX_ROWS} rows changed`, {
      remedy: "take a shorter span, a --limit, or --counts",
      details: { limit: MAX_ROWS },
    });
  }
  return answerOf(
    { change: "VARCHAR", partition: "VARCHAR", key: "VARCHAR", before: "VARCHAR", after: "VARCHAR" },
    rows.map(([change, partition, key, before, now]) => ({
      change: cell(change),
      partition: cell(partition),
      key: cell(key),
      before: cell(before),
      after: cell(now),
    })),
  );
}

function cell(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
