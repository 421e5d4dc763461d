import type { DuckDBConnection } from "@duckdb/node-api";
import { checkWritableIndex } from "../index/index-kind.ts";
import type { TableState } from "../table/table-state.ts";
import { checkKeyGenerator } from "../table/key-generator.ts";
import { findColumn } from "../table/record-key.ts";
import { checkWritable } from "../schema/foreign-column.ts";
import { canPart, part, type Parted } from "./part.ts";
import { type Scratch, scratchOf } from "./scratch.ts";
import { stage, type Staged } from "./stage.ts";

export type Operation = "insert" | "bulk_insert" | "upsert" | "insert_overwrite" | "insert_overwrite_table";

/** Whether what was there before goes, without being looked at. */
export function isOverwrite(operation: Operation): boolean {
  return operation === "insert_overwrite" || operation === "insert_overwrite_table";
}

/** Whether its rows go into new files, whatever files there are. */
export function isIntoNewFiles(operation: Operation): boolean {
  return operation === "bulk_insert" || isOverwrite(operation);
}

/** What a commit is given to write, evaluated. */
export interface Change {
  connection: DuckDBConnection;
  operation: Operation;
  upserts: Staged | null;
  deletes: Staged | null;
  /** The upserts of a bulk insert that need not be staged; then `upserts` is null. */
  parted: Parted | null;
  /** The names under which the tags, what goes into log files, what was found in some, and what comes again may be kept. */
  tagsName: string;
  deltaName: string;
  foundName: string;
  revivedName: string;
}

export interface ChangeSource {
  connection: DuckDBConnection;
  operation: Operation;
  upserts?: { sql: string };
  deletes?: { sql: string };
}

/** Evaluates the sources, gives the change to `use`, and takes the TEMP tables away again. */
export async function withChange<R>(
  state: TableState,
  { connection, operation, upserts, deletes }: ChangeSource,
  use: (change: Change) => Promise<R>,
): Promise<R> {
  const { columns, config } = state;
  checkKeyGenerator(config);
  checkWritable(columns);
  checkWritableIndex(config);
  const { recordKey, partitionFields, ordering, index } = config;
  const suffix = crypto.randomUUID().replaceAll("-", "");
  const names = {
    upserts: `hudi_upserts_${suffix}`,
    deletes: `hudi_deletes_${suffix}`,
    tags: `hudi_tags_${suffix}`,
    delta: `hudi_delta_${suffix}`,
    found: `hudi_found_${suffix}`,
    revived: `hudi_revived_${suffix}`,
  };
  const place = { connection, recordKey, partitionFields, ordering, index };
  const keyColumns = [...new Set([...recordKey, ...partitionFields])];
  let scratch: Scratch | null = null;
  try {
    const change: Change = {
      connection,
      operation,
      upserts: null,
      deletes: null,
      parted: null,
      tagsName: names.tags,
      deltaName: names.delta,
      foundName: names.found,
      revivedName: names.revived,
    };
    if (upserts && operation === "bulk_insert" && !deletes && canPart(columns, config)) {
      scratch = await scratchOf(state.storage, state.basePath);
      const directory = scratch.localPath;
      change.parted = await part({ connection, sql: upserts.sql, columns, config, directory });
      for (const { value } of change.parted.partitions) state.partitionOf(value);
    } else if (upserts) {
      const combine = operation === "upsert";
      change.upserts = await stage({ ...place, sql: upserts.sql, name: names.upserts, columns, combine });
    }
    if (deletes) {
      const wanted = keyColumns.map((name) => findColumn(columns, name));
      const { sql } = deletes;
      change.deletes = await stage({ ...place, sql, name: names.deletes, columns: wanted, combine: false });
    }
    return await use(change);
  } finally {
    await scratch?.dispose();
    await dropTemporary(connection, Object.values(names));
  }
}

async function dropTemporary(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
  const drop = names.map((name) => `DROP TABLE IF EXISTS temp.${name}`).join("; ");
  await connection.run(drop).catch((error: Error) => {
    // a statement that fails may abort the caller's transaction; its rollback then takes the tables along
    if (!/transaction/i.test(error.message)) throw error;
  });
}
