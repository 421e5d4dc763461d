import { GridlakeError } from "@gridlake/kernel";
import type { InlineCompaction, InlineCompactionResult } from "../services/compaction/inline.ts";
import type { TableState } from "../table/table-state.ts";
import type { LockOptions } from "../table/write-lock.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import { prepareBulk } from "./bulk.ts";
import { type ChangeSource, isOverwrite, withChange } from "./change.ts";
import { prepareDelta } from "./delta-commit.ts";
import { checkExtraMetadata, writeConflict, writeInstant } from "./instant-writer.ts";
import { prepareOverwrite, unplanned } from "./overwrite.ts";
import type { FileSizing } from "./pack.ts";
import { prepareRewrite } from "./rewrite.ts";
import { type Concurrency, inTurn } from "./turn.ts";

export interface CommitOptions extends ChangeSource {
  /**
   * The DuckDB connection on which the sources are evaluated, in its transaction if it is in one. Nothing is left on it
   * but what DuckDB keeps of dropped TEMP tables until that transaction ends. Must not be used otherwise meanwhile.
   */
  connection: ChangeSource["connection"];
  /**
   * `upsert`: a row whose key exists takes that row's place. `insert`: the keys are trusted to be new; small files take the
   * rows in. `bulk_insert`: as insert, always into new files. `insert_overwrite`: the rows are all that their partitions hold
   * from then on; other partitions stay. `insert_overwrite_table`: they are all that the table holds.
   */
  operation: ChangeSource["operation"];
  /** A SELECT of the table's columns, in any order. */
  upserts?: { sql: string };
  /** A SELECT of the key columns, and of the partition column if there is one. Keys that don't exist are passed over. */
  deletes?: { sql: string };
  /** Kept in the commit. @default {} */
  extraMetadata?: Readonly<Record<string, string>>;
  sizing?: FileSizing;
  /**
   * `exclusive`: other writers wait. `optimistic`: they go on, and of two that touch the same rows the one that would
   * complete second gets HUDI_WRITE_CONFLICT, and can commit again. @default "exclusive"
   */
  concurrency?: Concurrency;
  /** When the commit compacts a MERGE_ON_READ table, too. @default never */
  compaction?: InlineCompaction;
  lock?: LockOptions;
}

export interface CommitResult {
  instant: string;
  stats: {
    inserts: number;
    updates: number;
    /** In a MERGE_ON_READ table with a bucket index: rows written without a look whether they were there before. Else 0. */
    unlocated: number;
    /** There likewise of keys that may not have been there. */
    deletes: number;
    files: number;
    bytes: number;
  };
  /** There if it was time to compact. */
  compaction?: InlineCompactionResult;
}

/** See HudiTable.commit. */
export async function commit(state: TableState, options: CommitOptions): Promise<CommitResult> {
  checkExtraMetadata(options.extraMetadata);
  checkSources(options);
  // the sources before the lock: they may take long, and most refusals are theirs
  return withChange(state, options, async (change) => {
    const { columns } = state;
    return inTurn(state, options, async (held) => {
      if (JSON.stringify(columns) !== JSON.stringify(state.columns)) {
        throw writeConflict(`${state.basePath} got other columns meanwhile`);
      }
      const { sizing, extraMetadata = {} } = options;
      const isDelta = state.config.tableType === "MERGE_ON_READ";
      const replaces = isOverwrite(options.operation);
      const prepare = replaces ? prepareOverwrite : isDelta ? prepareDelta : prepareRewrite;
      const { parted } = change;
      const { write, claim } = parted
        ? prepareBulk(state, { ...change, parted }, { sizing })
        : await prepare(state, change, { sizing });
      const action = replaces ? "replacecommit" : isDelta ? "deltacommit" : "commit";
      const operation = operationType(options);
      const { instant, metadata } = await writeInstant(
        state,
        {
          action,
          operationType: operation,
          extraMetadata,
          held,
          claim,
          ...(replaces ? { requestedBody: await unplanned(operation) } : {}),
        },
        write,
      );
      return {
        instant: instant.timestamp,
        stats: totals(Object.values(metadata.partitionToWriteStats).flat(), {
          isLocated: state.config.index.kind !== "bucket",
        }),
      };
    });
  });
}

/** @throws HUDI_OPERATION */
function checkSources({ operation, upserts, deletes }: CommitOptions): void {
  if (!isOverwrite(operation) || (upserts !== undefined && deletes === undefined)) return;
  throw new GridlakeError(
    "HUDI_OPERATION",
    `${operation} takes the rows that are to be there, and no deletes`,
    {
      remedy: "give `upserts` alone; delete other rows in a commit of their own",
      details: { operation },
    },
  );
}

function operationType({ operation, upserts, deletes }: CommitOptions): string {
  if (!upserts && deletes) return "DELETE";
  return deletes ? "UPSERT" : operation.toUpperCase();
}

function totals(stats: readonly WriteStat[], { isLocated }: { isLocated: boolean }): CommitResult["stats"] {
  const sum = (of: (stat: WriteStat) => number) => stats.reduce((total, stat) => total + of(stat), 0);
  const isUnlocated = (stat: WriteStat) => !isLocated && stat.logFiles !== undefined;
  return {
    inserts: sum((stat) => stat.numInserts),
    updates: sum((stat) => (isUnlocated(stat) ? 0 : stat.numUpdateWrites)),
    unlocated: sum((stat) => (isUnlocated(stat) ? stat.numUpdateWrites : 0)),
    deletes: sum((stat) => stat.numDeletes),
    files: stats.length,
    bytes: sum((stat) => stat.fileSizeInBytes),
  };
}
