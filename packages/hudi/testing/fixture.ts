import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll } from "vitest";

/** Rows in DuckDB's JSON form: BIGINT and DECIMAL as text. */
export type JsonRow = Record<string, unknown>;

/** A folder and a DuckDB connection for the tests of a file. */
export interface Fixture {
  readonly connection: DuckDBConnection;
  /** A new path for a table. */
  path(): string;
  /** Read on a connection of its own, so beside whatever is written on the other. */
  rows(sql: string): Promise<JsonRow[]>;
}

/** @param options.threads DuckDB's; one is quickest for a handful of rows @default 2 */
export function useFixture({ threads = 2 }: { threads?: number } = {}): Fixture {
  let directory = "";
  let instance: DuckDBInstance | undefined;
  const connections: DuckDBConnection[] = [];
  let tables = 0;
  const connected = (number: number) => {
    const connection = connections[number];
    if (!connection) throw new Error("the fixture is used before its tests run");
    return connection;
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "gridlake-hudi-"));
    instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
    for (const connection of [await instance.connect(), await instance.connect()]) {
      await connection.run("SET TimeZone = 'UTC'");
      connections.push(connection);
    }
  });
  afterAll(async () => {
    for (const connection of connections) connection.closeSync();
    instance?.closeSync();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get connection() {
      return connected(0);
    },
    path() {
      tables += 1;
      return join(directory, `table-${tables}`);
    },
    async rows(sql) {
      return (await connected(1).runAndReadAll(sql)).getRowObjectsJson() as JsonRow[];
    },
  };
}
