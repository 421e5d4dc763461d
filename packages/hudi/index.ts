export { createTable, openTable, tableExists } from "./table/create-table.ts";
export { HudiTable, type TimelineEntry } from "./table/table.ts";
export type {
  MergeMode,
  TableConfig,
  TableDefinition,
  TableType,
  TableVersion,
} from "./table/table-config.ts";
export type { TableIndex } from "./index/index-kind.ts";
export type { BaseFile } from "./file-group/base-file.ts";
export type { FileSlice, LogFile } from "./file-group/file-slice.ts";
export type { SliceSelection } from "./file-group/file-system-view.ts";
export type { LockOptions } from "./table/write-lock.ts";
export type { Column, ColumnDeclaration, ColumnType } from "./schema/column.ts";
export type { CommitOptions, CommitResult } from "./write/commit.ts";
export type { EvolveOptions, EvolveResult } from "./write/evolve.ts";
export type { SchemaChange } from "./schema/evolution.ts";
export type { Operation } from "./write/change.ts";
export type { DeletePartitionsOptions, DeletePartitionsResult } from "./write/overwrite.ts";
export type { Concurrency } from "./write/turn.ts";
export type { ArchiveOptions, ArchiveResult } from "./services/archive/archive.ts";
export type { CleanOptions, CleanResult } from "./services/clean/clean.ts";
export type { Retention } from "./services/clean/horizon.ts";
export type { HistoryEntry, HistoryOptions } from "./services/history.ts";
export type { RemovedFile } from "./services/removed-file.ts";
export type { RestoreOptions, RestoreResult } from "./services/restore/restore.ts";
export type { DeleteSavepointOptions, Savepoint, SavepointOptions } from "./services/savepoint/savepoint.ts";
export type { ClusterOptions, ClusterResult } from "./services/clustering/cluster.ts";
export type { ClusteringStrategy } from "./services/clustering/plan.ts";
export type { CompactionResult, CompactOptions } from "./services/compaction/compact.ts";
export type { InlineCompaction, InlineCompactionResult } from "./services/compaction/inline.ts";
export type { PendingCompaction, PlannedSlice } from "./services/compaction/pending.ts";
export type { PlannedGroup, ScheduledCompaction, ScheduleOptions } from "./services/compaction/schedule.ts";
export type { CompactionStrategy } from "./services/compaction/strategy.ts";
export type { FileSizing } from "./write/pack.ts";
export type { ChangesOptions } from "./read/changes.ts";
export type { Comparison, Filter, FilterValue } from "./read/filter.ts";
export type { When } from "./read/position.ts";
export type { RangeOptions } from "./read/range.ts";
export { Reading } from "./read/reading.ts";
export type { Row, RowValue } from "./read/row.ts";
export type { ColumnSelection, RowSelection } from "./read/selection.ts";
export type { SnapshotOptions } from "./read/snapshot.ts";
export type { IncrementalOptions } from "./read/incremental.ts";
export type { CommitMetadata, WriteStat } from "./timeline/commit-metadata.ts";
export type { Action, Instant, State } from "./timeline/instant.ts";
export type { Entry, FileStatus, StagedFile, Storage } from "./storage/storage.ts";
export { LocalStorage } from "./storage/local/storage.ts";
export type { HdfsOptions } from "./storage/hdfs/options.ts";
export { HdfsStorage } from "./storage/hdfs/storage.ts";
