import { writeFile } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { META_COLUMNS } from "@gridlake/hudi/schema/column.ts";
import { compare, type Difference } from "../same-rows.ts";

/**
 * Types whose JSON from the SQL Gateway DuckDB takes back; of the others the gateway's text is Flink's own. Instants are
 * among them: Flink has them as TIMESTAMP, in UTC.
 */
const PLAIN = /^(VARCHAR|BOOLEAN|INTEGER|BIGINT|FLOAT|DOUBLE|DATE|DECIMAL\(.*\)|TIMESTAMP WITH TIME ZONE)$/;

/** What Flink reads, held against other rows in the columns of plain types. */
export interface FlinkRows {
  /** Of `SELECT *`, in the order of the table's columns. */
  rows: readonly (readonly unknown[])[];
  /** What to hold them against, as it stands after FROM, with the columns in the same order; meta columns are passed over. */
  relation: string;
  /** A file to make. */
  scratch: string;
}

export async function compareFlinkRows(
  connection: DuckDBConnection,
  { rows, relation, scratch }: FlinkRows,
): Promise<Difference> {
  const described = await connection.runAndReadAll(`DESCRIBE FROM ${relation}`);
  const meta = new Set<string>(META_COLUMNS);
  const plain = described
    .getRowObjectsJson()
    .map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }))
    .filter(({ name }) => !meta.has(name))
    .map((column, at) => ({ ...column, at }))
    .filter(({ type }) => PLAIN.test(type));
  await writeFile(scratch, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const theirs = plain.map(({ name, type, at }) => `${parsed(`(json ->> '$[${at}]')`, type)} AS "${name}"`);
  return compare(connection, {
    ours: `(SELECT ${plain.map(({ name }) => `"${name}"`).join(", ")} FROM ${relation})`,
    theirs: `(SELECT ${theirs.join(", ")} FROM read_ndjson_objects('${scratch}'))`,
  });
}

function parsed(text: string, type: string): string {
  return type === "TIMESTAMP WITH TIME ZONE" ? `(${text}::TIMESTAMP AT TIME ZONE 'UTC')` : `${text}::${type}`;
}
