import type { DuckDBConnection } from "@duckdb/node-api";
import type { FileSlice } from "../file-group/file-slice.ts";
import type { PartitionValues } from "../file-group/partition-path.ts";
import type { SliceSelection } from "../file-group/file-system-view.ts";
import { type IncrementalOptions, incrementalSql } from "../read/incremental.ts";
import { changesSql, type ChangesOptions } from "../read/changes.ts";
import { Reading } from "../read/reading.ts";
import { readOptimizedSql, snapshotSql, type SnapshotOptions } from "../read/snapshot.ts";
import type { Column } from "../schema/column.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import { archive, type ArchiveOptions, type ArchiveResult } from "../services/archive/archive.ts";
import { cluster, type ClusterOptions, type ClusterResult } from "../services/clustering/cluster.ts";
import { clean, type CleanOptions, type CleanResult } from "../services/clean/clean.ts";
import { type HistoryEntry, type HistoryOptions, history } from "../services/history.ts";
import { restore, type RestoreOptions, type RestoreResult } from "../services/restore/restore.ts";
import {
  deleteSavepoint,
  type DeleteSavepointOptions,
  type Savepoint,
  savepoint,
  type SavepointOptions,
  savepoints,
} from "../services/savepoint/savepoint.ts";
import { compact, type CompactionResult, type CompactOptions } from "../services/compaction/compact.ts";
import { compactInline } from "../services/compaction/inline.ts";
import { type PendingCompaction, pendingCompactions } from "../services/compaction/pending.ts";
import {
  scheduleCompaction,
  type ScheduledCompaction,
  type ScheduleOptions,
} from "../services/compaction/schedule.ts";
import { commit, type CommitOptions, type CommitResult } from "../write/commit.ts";
import { type EvolveOptions, type EvolveResult, evolveTable } from "../write/evolve.ts";
import {
  deletePartitions,
  type DeletePartitionsOptions,
  type DeletePartitionsResult,
} from "../write/overwrite.ts";
import type { TableConfig } from "./table-config.ts";
import type { TableState } from "./table-state.ts";

export interface ReadOptions extends SnapshotOptions {
  /** The DuckDB connection that reads; must not be used otherwise meanwhile. */
  connection: DuckDBConnection;
}

/** A completed instant. */
export interface TimelineEntry extends Instant {
  /** What the commit wrote, and its `extraMetadata`; null for actions other than commits. @throws HUDI_TIMELINE_CORRUPT */
  metadata(): Promise<CommitMetadata | null>;
}

/**
 * A Hudi table. Calls see what other processes have committed before them. One object takes one write at a time; several
 * objects and processes wait for each other.
 */
export class HudiTable {
  readonly #state: TableState;

  constructor(state: TableState) {
    this.#state = state;
  }

  get basePath(): string {
    return this.#state.basePath;
  }

  get config(): TableConfig {
    return this.#state.config;
  }

  /** The table's own columns, as of the last call that looked. */
  schema(): readonly Column[] {
    return this.#state.columns;
  }

  /**
   * One atomic commit: new rows, updates and deletes together. Deletes apply before upserts. A commit of nothing is still
   * an instant on the timeline, with its `extraMetadata`. Whatever commits run beside each other in whatever processes, the
   * table is as if they had come one after another, in the order in which they were completed.
   * @throws HUDI_WRITE_CONFLICT (after-refresh), HUDI_PENDING_ACTION, HUDI_PARTITION_VALUE, HUDI_METADATA_KEY, HUDI_OPERATION
   * and what `stage` throws
   */
  commit(options: CommitOptions): Promise<CommitResult> {
    return this.#state.storage.scoped(async () =>
      compactInline(this.#state, await commit(this.#state, options), options),
    );
  }

  /**
   * Takes all rows of these partitions away, without reading them; of a partition that there is not, nothing. Their files
   * stay for readers of the past until a clean.
   * @param values of the partition column; of several columns a list of their values each
   * @throws HUDI_WRITE_CONFLICT (after-refresh), HUDI_OPERATION for a table without partitions, HUDI_PENDING_ACTION,
   * HUDI_PARTITION_VALUE, HUDI_METADATA_KEY
   */
  deletePartitions(
    values: readonly (string | null | PartitionValues)[],
    options?: DeletePartitionsOptions,
  ): Promise<DeletePartitionsResult> {
    return deletePartitions(this.#state, values, options);
  }

  /**
   * Changes the columns: adds some, widens types, lets columns be NULL. Rows that are there are not written again; they are
   * read as if they had been written so. As of an instant before, the table has the columns it had then.
   * @throws HUDI_SCHEMA_EVOLUTION, HUDI_COLUMN_MISSING, HUDI_COLUMN_TYPE, HUDI_NAME, HUDI_WRITE_CONFLICT (after-refresh)
   */
  evolve(options: EvolveOptions): Promise<EvolveResult> {
    return evolveTable(this.#state, options);
  }

  /**
   * The table as a parenthesised SELECT, for the FROM of a statement on any DuckDB connection of this machine. It names
   * files: they stay until a clean that retains fewer commits than have been made since.
   * @throws HUDI_INSTANT, HUDI_INSTANT_CLEANED, HUDI_COLUMN_MISSING, HUDI_FILTER, HUDI_FILE_MISSING, HUDI_FOOTER_CORRUPT,
   *   HUDI_LOG_CORRUPT, HUDI_SCHEMA_EVOLUTION
   */
  snapshotSql(options?: SnapshotOptions): Promise<string> {
    return snapshotSql(this.#state, options);
  }

  /**
   * The same, to be read here: as rows, as Arrow record batches or as an Arrow stream, a bounded part at a time. Any relation
   * of a table is read so by a `Reading` of its own.
   */
  async read({ connection, ...options }: ReadOptions): Promise<Reading> {
    return new Reading(connection, await this.snapshotSql(options));
  }

  /** The same of the base files alone: faster in a MERGE_ON_READ table, and as old as the last compaction. */
  readOptimizedSql(options?: SnapshotOptions): Promise<string> {
    return readOptimizedSql(this.#state, options);
  }

  /** The rows written in (after, upTo], as they were at upTo, likewise; on demand also those deleted in it. */
  incrementalSql(options: IncrementalOptions): Promise<string> {
    return incrementalSql(this.#state, options);
  }

  /**
   * What became of each row in (after, upTo], likewise: `_hoodie_change` (I, U or D), `_hoodie_partition_path`,
   * `_hoodie_record_key`, and STRUCTs of its values `before` and `after`.
   */
  changesSql(options: ChangesOptions): Promise<string> {
    return changesSql(this.#state, options);
  }

  /**
   * Deletes file versions that the newest commits don't need. Every rewrite leaves one behind: a table that is written
   * often needs this often, best every few commits.
   * @throws HUDI_WRITE_CONFLICT (after-refresh)
   */
  clean(options?: CleanOptions): Promise<CleanResult> {
    return clean(this.#state, options);
  }

  /**
   * Moves the oldest instants out of the active timeline, which every commit and read lists. Cheap to call often: it does
   * nothing until there are more than `maxInstants`.
   * @throws HUDI_WRITE_CONFLICT (after-refresh)
   */
  archive(options?: ArchiveOptions): Promise<ArchiveResult> {
    return archive(this.#state, options);
  }

  /**
   * Writes small files together, or puts the rows of each partition in the order of columns, in new file groups that
   * replace the old ones. No row changes, nor the commit it says it was written by.
   * @throws HUDI_WRITE_CONFLICT (after-refresh), HUDI_COLUMN_MISSING, HUDI_TABLE_UNSUPPORTED for a bucket index
   */
  cluster(options: ClusterOptions): Promise<ClusterResult> {
    return this.#state.storage.scoped(() => cluster(this.#state, options));
  }

  /** Every instant of the active timeline, unfinished ones too, oldest first. */
  async instants(): Promise<readonly Instant[]> {
    await this.#state.refresh();
    return this.#state.timeline.instants;
  }

  /**
   * The file slices that hold the rows as of an instant (inclusive), each with its base file and its log files; sizes in
   * bytes. Log files whose changes are later, or not committed, may be among them.
   */
  async slices(selection: SliceSelection = {}): Promise<FileSlice[]> {
    const state = this.#state;
    await state.refresh();
    const slices = state.view.latestSlices(state.timeline, selection);
    for (const { base, logs } of slices) {
      for (const file of [...(base ? [base] : []), ...logs]) await state.sizeOf(file);
    }
    return slices;
  }

  /**
   * Saves the table as of a write: while the savepoint stands, no clean takes its files, and the archive stops before it.
   * @throws HUDI_INSTANT_MISSING, HUDI_INSTANT_CLEANED, HUDI_SAVEPOINT_EXISTS, HUDI_WRITE_CONFLICT (after-refresh)
   */
  savepoint(options: SavepointOptions): Promise<Savepoint> {
    return savepoint(this.#state, options);
  }

  /** The savepoints, oldest saved write first. */
  savepoints(): Promise<Savepoint[]> {
    return savepoints(this.#state);
  }

  /** @returns the savepoint that was there @throws HUDI_SAVEPOINT_MISSING, HUDI_WRITE_CONFLICT (after-refresh) */
  deleteSavepoint(instant: string, options: DeleteSavepointOptions = {}): Promise<Savepoint> {
    return deleteSavepoint(this.#state, { instant, ...options });
  }

  /**
   * Makes the table what it was as of a write: undoes all later ones, newest first; they leave the timeline. One that died
   * half way is carried on by the next writer.
   * @throws HUDI_INSTANT_MISSING, HUDI_INSTANT_CLEANED, HUDI_SAVEPOINT_LATER, HUDI_WRITE_CONFLICT (after-refresh)
   */
  restore(options: RestoreOptions): Promise<RestoreResult> {
    return restore(this.#state, options);
  }

  /**
   * Plans to merge log files into base files, and leaves it to a later `compact`, of whatever process or engine. Writers and
   * readers go on meanwhile.
   * @throws HUDI_TABLE_UNSUPPORTED for a COPY_ON_WRITE table, HUDI_WRITE_CONFLICT (after-refresh)
   */
  scheduleCompaction(options?: ScheduleOptions): Promise<ScheduledCompaction> {
    return scheduleCompaction(this.#state, options);
  }

  /** The plans, of whatever engine, that are not carried out yet, oldest first. @throws HUDI_TIMELINE_CORRUPT */
  async pendingCompactions(): Promise<PendingCompaction[]> {
    await this.#state.refresh();
    return pendingCompactions(this.#state);
  }

  /**
   * Merges log files into base files: plans it, and carries out that plan and those that are there already. No row changes
   * by it, but reads get faster. One that died is carried out again by the next.
   * @throws HUDI_TABLE_UNSUPPORTED for a COPY_ON_WRITE table, HUDI_WRITE_CONFLICT (after-refresh), HUDI_FILE_MISSING
   */
  compact(options: CompactOptions): Promise<CompactionResult> {
    return this.#state.storage.scoped(() => compact(this.#state, options));
  }

  /**
   * What has been done to the table, oldest first: the archived timeline too, whatever engine wrote it.
   * @throws HUDI_TIMELINE_CORRUPT naming the file
   */
  history(options?: HistoryOptions): Promise<HistoryEntry[]> {
    return history(this.#state, options);
  }

  /** The completed instants of the active timeline, oldest first. */
  async timeline(): Promise<TimelineEntry[]> {
    const state = this.#state;
    await state.refresh();
    const writes = new Set(state.timeline.writes());
    return state.timeline.completed().map((instant) => ({
      ...instant,
      metadata: async () => (writes.has(instant) ? state.metadataOf(instant) : null),
    }));
  }
}
