import type { TableState } from "../table/table-state.ts";
import type { LockOptions, WriteLock } from "../table/write-lock.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import { type Change, type ChangeSource, withChange } from "./change.ts";
import { prepareDelta } from "./delta-commit.ts";
import {
  checkExtraMetadata,
  underLock,
  writeConflict,
  writeInstant,
  type Written,
} from "./instant-writer.ts";
import { locate } from "./locate.ts";
import type { FileSizing } from "./pack.ts";
import { planFiles } from "./plan.ts";

export interface CommitOptions extends ChangeSource {
  /**
   * The DuckDB connection on which the sources are evaluated, in its transaction if it is in one. Nothing is left on it
   * but what DuckDB keeps of dropped TEMP tables until that transaction ends. Must not be used otherwise meanwhile.
   */
  connection: ChangeSource["connection"];
  /**
   * `upsert`: a row whose key exists takes that row's place. `insert`: the keys are trusted to be new; small files take the
   * rows in. `bulk_insert`: as insert, always into new files.
   */
  operation: ChangeSource["operation"];
  /** A SELECT of the table's columns, in any order. */
  upserts?: { sql: string };
  /** A SELECT of the key columns, and of the partition column if there is one. Keys that don't exist are passed over. */
  deletes?: { sql: string };
  /** Kept in the commit. @default {} */
  extraMetadata?: Readonly<Record<string, string>>;
  sizing?: FileSizing;
  lock?: LockOptions;
}

export interface CommitResult {
  instant: string;
  stats: { inserts: number; updates: number; deletes: number; files: number; bytes: number };
}

/** See HudiTable.commit. */
export async function commit(state: TableState, options: CommitOptions): Promise<CommitResult> {
  checkExtraMetadata(options.extraMetadata);
  // the sources before the lock: they may take long, and most refusals are theirs
  return withChange(state, options, async (change) => {
    const { columns } = state;
    return underLock(state, options.lock, async (held) => {
      if (JSON.stringify(columns) !== JSON.stringify(state.columns)) {
        throw writeConflict(`${state.basePath} got other columns meanwhile`);
      }
      return writeChange(state, change, { ...options, held });
    });
  });
}

async function writeChange(
  state: TableState,
  change: Change,
  options: CommitOptions & { held: WriteLock },
): Promise<CommitResult> {
  const { held, extraMetadata = {}, sizing } = options;
  const isDelta = state.config.tableType === "MERGE_ON_READ";
  const work = await (isDelta ? prepareDelta : prepareRewrite)(state, change, { sizing });
  const { instant, metadata } = await writeInstant(
    state,
    {
      action: isDelta ? "deltacommit" : "commit",
      operationType: operationType(options),
      extraMetadata,
      held,
    },
    work,
  );
  return { instant: instant.timestamp, stats: totals(Object.values(metadata.partitionToWriteStats).flat()) };
}

/** Plans what a change of a COPY_ON_WRITE table writes, and gives what writes it: base files anew. */
async function prepareRewrite(
  state: TableState,
  change: Change,
  { sizing }: { sizing: FileSizing | undefined },
): Promise<(pending: Instant) => Promise<Written>> {
  const { storage, basePath, config, columns } = state;
  const tags = await locate(state, change);
  const tasks = await planFiles(state, change, { tags, sizing });
  const context: Omit<WriteContext, "instant"> = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    upserts: change.upserts?.name ?? null,
    tags,
  };
  return async ({ timestamp }) => {
    const written = await writeBaseFiles({ ...context, instant: timestamp }, tasks);
    return { stats: written.map(({ stat }) => stat), bases: written.map(({ file }) => file) };
  };
}

function operationType({ operation, upserts, deletes }: CommitOptions): string {
  if (!upserts && deletes) return "DELETE";
  return deletes ? "UPSERT" : operation.toUpperCase();
}

function totals(stats: readonly WriteStat[]): CommitResult["stats"] {
  const sum = (of: (stat: WriteStat) => number) => stats.reduce((total, stat) => total + of(stat), 0);
  return {
    inserts: sum((stat) => stat.numInserts),
    updates: sum((stat) => stat.numUpdateWrites),
    deletes: sum((stat) => stat.numDeletes),
    files: stats.length,
    bytes: sum((stat) => stat.fileSizeInBytes),
  };
}
