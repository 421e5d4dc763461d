import { type Clock, GridlakeError, hasCode } from "@gridlake/kernel";
import { decodeCommitAvro, encodeCommitAvro } from "../avro/commit-metadata.ts";
import { decodeContainer, isContainer } from "../avro/container.ts";
import type { CleanerPlan, CleanMetadata } from "../avro/clean.ts";
import type { BaseFile } from "../file-group/base-file.ts";
import { FileSystemView } from "../file-group/file-system-view.ts";
import { partitionPath } from "../file-group/partition-path.ts";
import type { Column } from "../schema/column.ts";
import { changesSchema, columnsOfCommit } from "../schema/schema-history.ts";
import type { Storage } from "../storage/storage.ts";
import type { LogFile } from "../file-group/file-slice.ts";
import { type CommitMetadata, decodeCommitJson, encodeCommitJson } from "../timeline/commit-metadata.ts";
import { type Action, completedAction, type Instant, nextInstant } from "../timeline/instant.ts";
import { ARCHIVE_PREFIX, HOODIE, MANIFEST_PREFIX, Timeline } from "../timeline/timeline.ts";
import { namesKeyColumnsInFiles } from "./key-generator.ts";
import { valuesOf } from "../write/partition-value.ts";
import { LsmArchive } from "../services/archive/lsm/archive.ts";
import { readTableConfig, type TableConfig } from "./table-config.ts";

/** Actions that take files away, after which the folders are listed anew. */
const REMOVALS: ReadonlySet<Action> = new Set<Action>(["clean", "rollback", "restore"]);

/** Where a commit says how Hudi's schema-on-read names the columns. */
const SCHEMA_ON_READ = "latest_schema";

/** How often a refresh begins anew because the table changed under it. */
const MAX_REFRESHES = 10;

/** What one process knows of a table, carried from commit to commit so that neither reads it all again. */
export class TableState {
  readonly storage: Storage;
  readonly basePath: string;
  readonly clock: Clock;
  config: TableConfig;
  #timeline = new Timeline([]);
  #view = new FileSystemView();
  #columns: readonly Column[] = [];
  #bytesPerRow: number | null = null;
  /** What each clean on the timeline retained from. */
  readonly #cleaned = new Map<string, string | null>();
  #stale = true;
  /** Counts the changes of what is known, so that a refresh that was overtaken is seen. */
  #generation = 0;

  private constructor(storage: Storage, basePath: string, config: TableConfig, clock: Clock) {
    this.storage = storage;
    this.basePath = basePath;
    this.config = config;
    this.clock = clock;
  }

  /** @throws HUDI_TABLE_MISSING, HUDI_TABLE_VERSION, HUDI_TABLE_UNSUPPORTED, HUDI_SCHEMA_MISSING */
  static async open(storage: Storage, basePath: string, clock: Clock): Promise<TableState> {
    const state = new TableState(storage, basePath, await readTableConfig(storage, basePath), clock);
    await state.refresh();
    const [key] = state.config.recordKey;
    if (state.config.namesKeys === null && key !== undefined) {
      state.config = { ...state.config, namesKeys: await namesKeyColumnsInFiles(state, key) };
    }
    return state;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get view(): FileSystemView {
    return this.#view;
  }

  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Bytes that a row takes in a base file, by the last commit that wrote any; null before the first. */
  get bytesPerRow(): number | null {
    return this.#bytesPerRow;
  }

  /** The folder of a partition's value (see partition-value.ts); "" in an unpartitioned table. @throws HUDI_PARTITION_VALUE */
  partitionOf(value: string | null): string {
    return partitionPath(valuesOf(this.config.partitionFields, value), this.config);
  }

  /**
   * Takes in what other writers, or this one before a failure, have done to the table. What is found out meanwhile takes
   * the place of what was known at one stroke, and only if nothing else has changed that since.
   * @throws HUDI_TIMELINE_BUSY
   */
  async refresh(): Promise<void> {
    for (let tries = 0; tries < MAX_REFRESHES; tries += 1) {
      const generation = this.#generation;
      const apply = await this.#look().catch((error: unknown) => {
        // an instant was archived between its listing and its reading
        if (hasCode(error, "HUDI_FILE_MISSING") && tries < MAX_REFRESHES - 1) return null;
        throw error;
      });
      if (apply === null || generation !== this.#generation) continue;
      apply();
      this.#generation += 1;
      return;
    }
    throw new GridlakeError(
      "HUDI_TIMELINE_BUSY",
      `${this.basePath} changed under ${MAX_REFRESHES} refreshes`,
      {
        remedy: "try again",
        retry: "later",
      },
    );
  }

  /** Makes the next refresh list everything anew. */
  markStale(): void {
    this.#stale = true;
    this.#generation += 1;
  }

  /** Where the file of an instant lies. */
  instantPath(instant: Instant): string {
    const { layout } = this.config;
    return `${this.basePath}/${layout.folder}/${layout.fileName(instant)}`;
  }

  get timelineDirectory(): string {
    return `${this.basePath}/${this.config.layout.folder}`;
  }

  /** The timestamp for a new instant: later than every other. To be taken under the lock. */
  nextTimestamp(): string {
    return nextInstant({ nowMs: this.clock.nowMs(), last: this.#timeline.last() });
  }

  /** The completed instant that a pending one is about to become. */
  completing(pending: Instant): Instant {
    const { timestamp } = pending;
    const last = this.#timeline.last();
    const later = last === null || last < timestamp ? timestamp : last;
    const completedAt =
      this.config.layout.version === 1 ? timestamp : nextInstant({ nowMs: this.clock.nowMs(), last: later });
    return { timestamp, action: completedAction(pending.action), state: "completed", completedAt };
  }

  /** Commit metadata as this table's timeline has it. */
  async encodeCommit(metadata: CommitMetadata): Promise<Buffer> {
    return this.config.layout.version === 1 ? encodeCommitJson(metadata) : encodeCommitAvro(metadata);
  }

  /** Takes in a commit of this process, with what it knows of its files. */
  committed(
    instant: Instant,
    metadata: CommitMetadata,
    { bases, logs = [] }: { bases: readonly BaseFile[]; logs?: readonly LogFile[] },
  ): void {
    this.#generation += 1;
    this.#timeline = this.#timeline.with(instant);
    for (const file of bases) this.#view.addCommitted(file);
    for (const file of logs) this.#view.addLog(file);
    this.#view.apply(instant.timestamp, { ...metadata, partitionToWriteStats: {} });
    this.#columns = schemaOf(metadata) ?? this.#columns;
    this.#bytesPerRow = bytesPerRow(metadata) ?? this.#bytesPerRow;
  }

  /** Takes in a clean of this process. */
  cleaned(instant: Instant, files: readonly { partition: string; name: string }[]): void {
    this.#generation += 1;
    this.#timeline = this.#timeline.with(instant);
    for (const { partition, name } of files) this.#view.remove(partition, name);
  }

  /** Takes in a rollback of a write by this process. */
  undone(write: Instant, rollback: Instant, files: readonly { partition: string; name: string }[]): void {
    this.#generation += 1;
    this.#timeline = this.#timeline.without(write).with(rollback);
    for (const { partition, name } of files) this.#view.remove(partition, name);
  }

  /** In bytes; asked for once. @throws HUDI_FILE_MISSING */
  async sizeOf(file: BaseFile | LogFile): Promise<number> {
    if (file.sizeBytes !== null) return file.sizeBytes;
    const status = await this.storage.status(`${this.basePath}/${file.path}`);
    if (status === null) throw fileMissing(this.basePath, file.path);
    file.sizeBytes = status.sizeBytes;
    return status.sizeBytes;
  }

  /** @throws HUDI_TIMELINE_CORRUPT */
  async metadataOf(instant: Instant): Promise<CommitMetadata> {
    const bytes = await this.bytesOf(instant);
    const path = this.instantPath(instant);
    // an upgraded table has bodies of both kinds
    return isContainer(bytes) ? decodeCommitAvro(bytes, path) : decodeCommitJson(bytes, path);
  }

  /** The body of an instant's file. @throws HUDI_FILE_MISSING */
  async bytesOf(instant: Instant): Promise<Buffer> {
    const path = this.instantPath(instant);
    const bytes = await this.storage.read(path);
    if (bytes === null) throw fileMissing(this.basePath, path);
    return bytes;
  }

  /**
   * The instant from which on the table can be read as it was; null when nothing has been cleaned. A clean counts from
   * its request on: it may be deleting, or have died deleting.
   */
  async earliestRetained(): Promise<string | null> {
    let earliest: string | null = null;
    for (const instant of this.timeline.instants) {
      if (instant.action !== "clean") continue;
      const limit = this.#cleaned.get(instant.timestamp) ?? (await this.#cleanLimit(instant));
      this.#cleaned.set(instant.timestamp, limit);
      // a clean may have retained less than those after it
      if (limit !== null && (earliest === null || limit > earliest)) earliest = limit;
    }
    return earliest === null ? null : this.#heldFrom(earliest);
  }

  /** A restore may have undone the write that a clean retained from: since then the table is what it was restored to. */
  #heldFrom(earliest: string): string {
    const before = this.timeline.writes().filter(({ timestamp }) => timestamp <= earliest);
    return before.at(-1)?.timestamp ?? earliest;
  }

  /** Whether instants have been taken from the active timeline. */
  async isArchived(): Promise<boolean> {
    const entries = await this.storage.list(this.archiveFolder);
    const prefix = this.config.layout.version === 1 ? ARCHIVE_PREFIX : MANIFEST_PREFIX;
    return entries.some((entry) => entry.name.startsWith(prefix));
  }

  /** Where the archived timeline lies. */
  get archiveFolder(): string {
    const { layout, properties } = this.config;
    return layout.version === 1
      ? `${this.basePath}/${HOODIE}/${properties.get("hoodie.archivelog.folder") ?? "archived"}`
      : `${this.timelineDirectory}/${properties.get("hoodie.timeline.history.path") ?? "history"}`;
  }

  /** The newest clean that retained from this instant. */
  async cleanThatRetained(from: string): Promise<string | null> {
    await this.earliestRetained();
    return [...this.#cleaned].findLast(([, limit]) => limit === from)?.[0] ?? null;
  }

  async #cleanLimit(clean: Instant): Promise<string | null> {
    const told: Instant = clean.state === "completed" ? clean : { ...clean, state: "requested" };
    const body = await decodeContainer(await this.bytesOf(told), this.instantPath(told));
    const said =
      clean.state === "completed"
        ? (body as CleanMetadata).earliestCommitToRetain
        : (body as CleanerPlan).earliestInstantToRetain?.timestamp;
    // a clean by file versions says no more than what was complete when it began
    const limit =
      said ||
      (body as CleanMetadata | CleanerPlan).lastCompletedCommitTimestamp ||
      this.timeline.writes().findLast(({ timestamp }) => timestamp < clean.timestamp)?.timestamp;
    return limit ?? null;
  }

  /** Finds out what is new, and gives what takes it in. */
  async #look(): Promise<() => void> {
    // the timeline before the folders: a file of a commit that comes between is then not yet followed
    const { layout } = this.config;
    const timeline = await Timeline.load(this.storage, { basePath: this.basePath, layout });
    const known = new Set(this.#timeline.completed().map((instant) => layout.fileName(instant)));
    const news = timeline.completed().filter((instant) => !known.has(layout.fileName(instant)));
    const relist =
      this.#stale ||
      news.some((instant) => REMOVALS.has(instant.action)) ||
      isUndone(this.#timeline, timeline);
    return relist ? this.#reload(timeline) : this.#follow(timeline, news);
  }

  async #reload(timeline: Timeline): Promise<() => void> {
    const view = await FileSystemView.load(this.storage, this.basePath);
    const archived = await this.#archivedCompletions(timeline, view);
    const contested = new Set([...view.contested()].map(({ instant }) => instant));
    for (const instant of timeline.writes()) {
      if (contested.has(instant.timestamp)) view.settle(await this.metadataOf(instant));
      if (instant.action === "replacecommit") view.apply(instant.timestamp, await this.metadataOf(instant));
    }
    let columns: Column[] | null = null;
    let rewritten: Column[] | null = null;
    let size: number | null = null;
    for (const instant of timeline.writes().toReversed()) {
      const metadata = await this.metadataOf(instant);
      columns ??= schemaOf(metadata);
      rewritten ??= columnsOfCommit(metadata);
      size ??= bytesPerRow(metadata);
      if (columns !== null && size !== null) break;
    }
    const schema = columns ?? this.config.createSchema ?? rewritten;
    if (schema === null) {
      throw new GridlakeError("HUDI_SCHEMA_MISSING", `${this.basePath} says nowhere what columns it has`, {
        remedy: "commit once with the engine that created the table",
        details: { basePath: this.basePath },
      });
    }
    return () => {
      this.#timeline = timeline.knowing(archived);
      this.#view = view;
      this.#columns = schema;
      this.#bytesPerRow = size;
      this.#stale = false;
    };
  }

  async #follow(timeline: Timeline, news: readonly Instant[]): Promise<() => void> {
    const writes = new Set(timeline.writes());
    const done: [Instant, CommitMetadata][] = [];
    for (const instant of news) if (writes.has(instant)) done.push([instant, await this.metadataOf(instant)]);
    const archived = await this.#archivedCompletions(timeline, this.#view);
    return () => {
      for (const [instant, metadata] of done) {
        this.#view.apply(instant.timestamp, metadata);
        this.#columns = schemaOf(metadata) ?? this.#columns;
        this.#bytesPerRow = bytesPerRow(metadata) ?? this.#bytesPerRow;
      }
      this.#timeline = timeline.knowing(archived);
    };
  }

  /**
   * When the delta commits completed whose log files are older than the active timeline. In layout 2 that tells which file
   * slice they belong to: one may have begun before a compaction was planned, and completed after.
   */
  async #archivedCompletions(timeline: Timeline, view: FileSystemView): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (this.config.layout.version === 1) return found;
    const unknown: string[] = [];
    for (const { logs } of view.groups()) {
      for (const { instant } of logs) {
        if (found.has(instant) || !timeline.isArchived(instant)) continue;
        const known = this.#timeline.knownCompletionOf(instant);
        if (known === undefined) unknown.push(instant);
        else found.set(instant, known);
      }
    }
    const [from, upTo] = [unknown.toSorted()[0], unknown.toSorted().at(-1)];
    if (from === undefined || upTo === undefined) return found;
    const told = await new LsmArchive(this).completions({ from, upTo });
    for (const instant of unknown) found.set(instant, told.get(instant) ?? instant);
    return found;
  }
}

/** Whether a write that was complete is gone, and not by being archived: a restore is under way. */
function isUndone(before: Timeline, after: Timeline): boolean {
  const writes = after.writes();
  const left = new Set(writes.map(({ timestamp }) => timestamp));
  const first = writes[0]?.timestamp ?? "";
  return before.writes().some(({ timestamp }) => timestamp > first && !left.has(timestamp));
}

/** Null when the commit wrote no rows into base files. */
function bytesPerRow(metadata: CommitMetadata): number | null {
  const stats = Object.values(metadata.partitionToWriteStats)
    .flat()
    .filter((stat) => stat.path.endsWith(".parquet"));
  const rows = stats.reduce((total, stat) => total + stat.numWrites, 0);
  return rows === 0 ? null : stats.reduce((total, stat) => total + stat.fileSizeInBytes, 0) / rows;
}

/** Null when the commit does not say, or has no say. */
/** @throws HUDI_TABLE_UNSUPPORTED for a table whose columns another engine renames: by their names alone they would read as NULL */
function schemaOf(metadata: CommitMetadata): Column[] | null {
  if (metadata.extraMetadata[SCHEMA_ON_READ]) {
    throw new GridlakeError("HUDI_TABLE_UNSUPPORTED", "the table's schema is evolved on read", {
      remedy: "write it anew without hoodie.schema.on.read.enable",
      details: { key: SCHEMA_ON_READ },
    });
  }
  return changesSchema(metadata) ? columnsOfCommit(metadata) : null;
}

function fileMissing(basePath: string, path: string): GridlakeError {
  return new GridlakeError("HUDI_FILE_MISSING", `${basePath} has lost ${path}`, {
    remedy: "if a clean took it, refresh and try again; else restore the file",
    retry: "after-refresh",
    details: { basePath, path },
  });
}
