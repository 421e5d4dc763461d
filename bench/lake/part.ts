import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { createTable, type HudiTable, LocalStorage, type TableDefinition } from "@gridlake/hudi";
import { median, type Run, timed } from "./measure.ts";
import { COLUMNS, readingsSql, type Size } from "./readings.ts";

/** A line of the result: what was done by whom, and the aim against the peer of the same run. */
export interface Line {
  what: string;
  run: Run;
  /** E.g. "peer wall / ours": what the aim speaks of; null for a peer's own line. */
  ratio: number | null;
  aim: string;
  /** Peak memory of the part's process by then, in MiB. */
  peakMib: number;
}

export interface Bench {
  size: Size;
  rounds: number;
  /** A folder of the part's own. */
  dir: string;
  connection: DuckDBConnection;
}

/** DuckDB gets so much; the rest of a process (Node, buffers) comes on top. */
const MEMORY_LIMIT = "400MB";

export async function openBench(options: Omit<Bench, "connection">): Promise<Bench> {
  mkdirSync(options.dir, { recursive: true });
  const instance = await DuckDBInstance.create(join(options.dir, "source.duckdb"), {
    threads: "2",
    memory_limit: MEMORY_LIMIT,
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`CREATE TABLE readings AS ${readingsSql(options.size)}`);
  await connection.run("CHECKPOINT");
  return { ...options, connection };
}

export function newTable(
  { dir }: Bench,
  name: string,
  definition: Partial<TableDefinition> = {},
): Promise<HudiTable> {
  return createTable(new LocalStorage(), join(dir, name), {
    name,
    columns: COLUMNS,
    recordKey: ["reading"],
    partition: "day",
    ordering: "seq",
    ...definition,
  });
}

/** The readings as a table, bulk inserted. */
export async function filledTable(
  bench: Bench,
  name: string,
  definition: Partial<TableDefinition> = {},
): Promise<HudiTable> {
  const table = await newTable(bench, name, definition);
  const { connection } = bench;
  await table.commit({ connection, operation: "bulk_insert", upserts: { sql: "SELECT * FROM readings" } });
  return table;
}

/** The readings as plain Parquet, a folder a day. */
export async function plainCopy({ connection }: Bench, folder: string): Promise<void> {
  await connection.run(
    `COPY (SELECT * FROM readings) TO '${folder}' (FORMAT parquet, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, COMPRESSION zstd)`,
  );
}

/** Runs peers and ours in turn, so that what else the machine does meets all of them; medians. */
export async function inTurn<K extends string>(
  rounds: number,
  works: Record<K, (round: number) => Promise<unknown>>,
): Promise<Record<K, Run>> {
  const names = Object.keys(works) as K[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<K, Run[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) runs[name].push(await timed(() => works[name](round)));
  }
  return Object.fromEntries(names.map((name) => [name, median(runs[name])])) as Record<K, Run>;
}
