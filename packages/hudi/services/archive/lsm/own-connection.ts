import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Files of the archive are small; what does not fit DuckDB puts on disk. */
const MEMORY_LIMIT = "512MiB";

/**
 * Runs work on a DuckDB of its own (some 10 ms): a table service has no connection of the caller, whose own may be in a
 * transaction or locked.
 */
export async function onOwnConnection<R>(work: (connection: DuckDBConnection) => Promise<R>): Promise<R> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: MEMORY_LIMIT,
    autoinstall_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
