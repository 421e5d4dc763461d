import { extname } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type Column,
  type CommitOptions,
  createTable,
  type HudiTable,
  openTable,
  type Storage,
  tableExists,
} from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { type Answer, answerOf } from "./answer.ts";

export interface ImportOptions {
  /** A CSV, NDJSON or Parquet file, or a glob of several. */
  from: string;
  /** What happens to a row whose key is there already; see HudiTable.commit. @default "upsert" */
  operation?: CommitOptions["operation"];
  /** Makes the table first, of the file's columns; those of its partition are text. */
  create?: {
    type?: "COPY_ON_WRITE" | "MERGE_ON_READ";
    version?: 6 | 8 | 9;
    recordKey: readonly string[];
    /** Outermost folder first. */
    partition: readonly string[];
    ordering: string | null;
  };
}

const READERS: Readonly<Record<string, (file: string, asText: boolean) => string>> = {
  // as text a value keeps every digit until its column's type is known
  ".csv": (file, asText) => `read_csv(${file}${asText ? ", all_varchar = true" : ""})`,
  ".json": (file) => `read_json(${file}, format = 'auto')`,
  ".ndjson": (file) => `read_json(${file}, format = 'newline_delimited')`,
  ".jsonl": (file) => `read_json(${file}, format = 'newline_delimited')`,
  ".parquet": (file) => `read_parquet(${file})`,
};
const WRITERS: Readonly<Record<string, string>> = {
  ".csv": "FORMAT csv, HEADER",
  ".json": "FORMAT json, ARRAY true",
  ".ndjson": "FORMAT json",
  ".jsonl": "FORMAT json",
  ".parquet": "FORMAT parquet, COMPRESSION zstd",
};

/**
 * Rows of a file into a table, in one commit.
 * @throws LAKE_FILE_FORMAT, LAKE_FILE_UNREADABLE, LAKE_VALUE_ROUNDED, LAKE_TABLE_MISSING and what `commit` throws
 */
export async function importFile(
  { storage, connection }: { storage: Storage; connection: DuckDBConnection },
  path: string,
  { from, operation = "upsert", create }: ImportOptions,
): Promise<Answer> {
  const source = `SELECT * FROM ${readerOf(from)}`;
  const table = await targetOf({ storage, connection }, path, { source, create });
  const rows = readerOf(from, { asText: true });
  const given = (await describe(connection, `SELECT * FROM ${rows}`)).map(({ name }) => name);
  const columns = table.schema().filter(({ name }) => given.includes(name));
  const unknown = given.filter((name) => !columns.some((column) => column.name === name));
  for (const column of columns) await checkExact(connection, { column, rows, from });
  const typed = columns.map(({ name, type }) => `CAST(${quoted(name)} AS ${type}) AS ${quoted(name)}`);
  const { instant, stats } = await table.commit({
    connection,
    operation,
    // a column that the table does not have is the library's to refuse
    upserts: { sql: `SELECT ${[...typed, ...unknown.map(quoted)].join(", ")} FROM ${rows}` },
    extraMetadata: { "gridlake.import": from },
  });
  return answerOf(
    {
      table: "VARCHAR",
      instant: "VARCHAR",
      inserts: "BIGINT",
      updates: "BIGINT",
      files: "BIGINT",
      bytes: "BIGINT",
    },
    [
      {
        table: path,
        instant,
        inserts: stats.inserts,
        updates: stats.updates,
        files: stats.files,
        bytes: stats.bytes,
      },
    ],
  );
}

/** The rows of a table as of an instant into one file, whose ending says the format. @throws LAKE_FILE_FORMAT */
export async function exportFile(
  connection: DuckDBConnection,
  table: HudiTable,
  { to, asOf }: { to: string; asOf?: string },
): Promise<Answer> {
  const format = WRITERS[extname(to).toLowerCase()];
  if (format === undefined) throw unknownFormat(to, WRITERS);
  const rows = await table.snapshotSql(asOf === undefined ? {} : { asOf });
  const reader = await connection.runAndReadAll(`COPY (FROM ${rows}) TO ${text(to)} (${format})`);
  return answerOf({ file: "VARCHAR", rows: "BIGINT" }, [
    { file: to, rows: String(reader.getRows()[0]?.[0]) },
  ]);
}

async function targetOf(
  { storage, connection }: { storage: Storage; connection: DuckDBConnection },
  path: string,
  { source, create }: { source: string; create: ImportOptions["create"] },
): Promise<HudiTable> {
  if (await tableExists(storage, path)) return openTable(storage, path);
  if (create === undefined) {
    throw new GridlakeError("LAKE_TABLE_MISSING", `there is no table at ${path}`, {
      remedy:
        "check the name, or make it: --key COLUMNS, and --partition, --ordering, --type, --table-version as needed",
      status: 404,
      details: { path },
    });
  }
  const { type = "COPY_ON_WRITE", version = 6, recordKey, partition, ordering } = create;
  const columns = (await describe(connection, source)).map(({ name, type: found }) => ({
    name,
    // folders are named by text: a CSV's 2026-01-31 is a date to whoever guesses its type
    type: partition.includes(name) ? "VARCHAR" : found,
    nullable: !recordKey.includes(name),
  }));
  const name = path.slice(path.lastIndexOf("/") + 1);
  return createTable(storage, path, { name, columns, type, version, recordKey, partition, ordering });
}

/** @throws LAKE_FILE_UNREADABLE */
async function describe(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ name: string; type: string }[]> {
  try {
    const reader = await connection.runAndReadAll(`DESCRIBE ${sql}`);
    return reader
      .getRowObjectsJson()
      .map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }));
  } catch (cause) {
    throw new GridlakeError("LAKE_FILE_UNREADABLE", cause instanceof Error ? cause.message : String(cause), {
      remedy: "check the path and that the file is what its ending says",
      cause,
    });
  }
}

const NUMERIC = /^(BIGINT|INTEGER|DECIMAL)/;

/** @throws LAKE_VALUE_ROUNDED when a number has more digits than its column keeps: DuckDB's cast would round it */
async function checkExact(
  connection: DuckDBConnection,
  { column, rows, from }: { column: Column; rows: string; from: string },
): Promise<void> {
  if (!NUMERIC.test(column.type)) return;
  const name = quoted(column.name);
  const reader = await connection.runAndReadAll(
    `SELECT CAST(${name} AS VARCHAR) FROM ${rows}
     WHERE TRY_CAST(${name} AS DOUBLE) <> CAST(CAST(${name} AS ${column.type}) AS DOUBLE) LIMIT 1`,
  );
  const [value] = reader.getRows()[0] ?? [];
  if (value === undefined) return;
  throw new GridlakeError("LAKE_VALUE_ROUNDED", `${from} has ${column.name} = ${String(value)}`, {
    remedy: `${column.name} is ${column.type}: round the values in the file, or give the column a wider type`,
    details: { file: from, column: column.name, value: String(value), type: column.type },
  });
}

function readerOf(file: string, { asText = false } = {}): string {
  const reader = READERS[extname(file).toLowerCase()];
  if (reader === undefined) throw unknownFormat(file, READERS);
  return reader(text(file), asText);
}

function unknownFormat(file: string, known: Readonly<Record<string, unknown>>): GridlakeError {
  return new GridlakeError("LAKE_FILE_FORMAT", `${file} has an ending that tells no format`, {
    remedy: `use one of ${Object.keys(known).join(", ")}`,
    details: { file },
  });
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
