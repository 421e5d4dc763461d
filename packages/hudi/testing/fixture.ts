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
  rows(sql: string): Promise<JsonRow[]>;
}

export function useFixture(): Fixture {
  let directory = "";
  let instance: DuckDBInstance | undefined;
  let connection: DuckDBConnection | undefined;
  let tables = 0;
  const connected = () => {
    if (!connection) throw new Error("the fixture is used before its tests run");
    return connection;
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "gridlake-hudi-"));
    instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
  });
  afterAll(async () => {
    connection?.closeSync();
    instance?.closeSync();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get connection() {
      return connected();
    },
    path() {
      tables += 1;
      return join(directory, `table-${tables}`);
    },
    async rows(sql) {
      return (await connected().runAndReadAll(sql)).getRowObjectsJson() as JsonRow[];
    },
  };
}
