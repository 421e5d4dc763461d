import type { DuckDBConnection } from "@duckdb/node-api";

export interface Comparison {
  /** A parenthesised SELECT or a table function, as it stands after FROM. */
  ours: string;
  theirs: string;
  /** SQL that both sides are filtered by: an engine may prune files and leave the rest to its caller. @default "true" */
  where?: string;
}

export interface Difference {
  rows: number;
  /** Ours that they did not see. */
  missing: number;
  /** Theirs that are not ours. */
  extra: number;
  /** Some of either, as JSON. */
  examples: readonly string[];
}

const EXAMPLES = 3;

/** Row for row in both directions, with their numbers; columns are compared by their position. */
export async function compare(
  connection: DuckDBConnection,
  { ours, theirs, where = "true" }: Comparison,
): Promise<Difference> {
  const left = `(FROM ${ours} WHERE ${where})`;
  const right = `(FROM ${theirs} WHERE ${where})`;
  const [missing, extra] = [
    `(FROM ${left} EXCEPT ALL FROM ${right})`,
    `(FROM ${right} EXCEPT ALL FROM ${left})`,
  ];
  const reader = await connection.runAndReadAll(
    `SELECT (SELECT count(*) FROM ${left})::INTEGER AS rows, (SELECT count(*) FROM ${missing})::INTEGER AS missing,
       (SELECT count(*) FROM ${extra})::INTEGER AS extra,
       ${some(missing, "only ours")} || ${some(extra, "only theirs")} AS examples`,
  );
  const [found] = reader.getRowObjectsJson();
  return found as unknown as Difference;
}

function some(rows: string, side: string): string {
  return `(SELECT coalesce(list('${side}: ' || to_json(r)::VARCHAR), []) FROM (FROM ${rows} LIMIT ${EXAMPLES}) r)`;
}

/** What differs, in words; null: nothing. */
export function inWords({ missing, extra, examples }: Difference): string | null {
  if (missing === 0 && extra === 0) return null;
  return [`${missing} rows missing, ${extra} rows that are not ours`, ...examples].join("\n    ");
}
