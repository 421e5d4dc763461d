import { type Clock, GridlakeError } from "@gridlake/kernel";
import { decodeContainer } from "../avro/container.ts";
import type { CleanMetadata } from "../avro/clean.ts";
import type { BaseFile } from "../file-group/base-file.ts";
import { FileSystemView } from "../file-group/file-system-view.ts";
import { partitionPath } from "../file-group/partition-path.ts";
import { type AvroRecord, fromAvroSchema } from "../schema/avro-schema.ts";
import type { Column } from "../schema/column.ts";
import type { Storage } from "../storage/storage.ts";
import { type CommitMetadata, decodeCommitMetadata } from "../timeline/commit-metadata.ts";
import { type Action, type Instant, instantFileName } from "../timeline/instant.ts";
import { instantPath, Timeline } from "../timeline/timeline.ts";
import { readTableConfig, type TableConfig } from "./table-config.ts";

/** Actions that take files away, after which the folders are listed anew. */
const REMOVALS: ReadonlySet<Action> = new Set<Action>(["clean", "rollback", "restore"]);

/** What one process knows of a table, carried from commit to commit so that neither reads it all again. */
export class TableState {
  readonly storage: Storage;
  readonly basePath: string;
  readonly clock: Clock;
  config: TableConfig;
  columns: readonly Column[] = [];
  timeline = new Timeline([]);
  view = new FileSystemView();
  /** Bytes that a row takes in a base file, by the last commit that wrote any; null before the first. */
  bytesPerRow: number | null = null;
  #stale = true;

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
    return state;
  }

  /** The folder of a partition value; "" in an unpartitioned table. @throws HUDI_PARTITION_VALUE */
  partitionOf(value: string | null): string {
    return this.config.partition === null
      ? ""
      : partitionPath(value, { encode: this.config.encodePartitions });
  }

  /** Takes in what other writers, or this one before a failure, have done to the table. */
  async refresh(): Promise<void> {
    // the timeline before the folders: a file of a commit that comes between is then not yet followed
    const timeline = await Timeline.load(this.storage, this.basePath);
    const known = new Set(this.timeline.completed().map(instantFileName));
    const news = timeline.completed().filter((instant) => !known.has(instantFileName(instant)));
    if (this.#stale || news.some((instant) => REMOVALS.has(instant.action))) await this.#reload(timeline);
    else await this.#follow(timeline, news);
  }

  /** Makes the next refresh list everything anew. */
  markStale(): void {
    this.#stale = true;
  }

  /** Takes in a commit of this process, with what it knows of its files. */
  committed(instant: Instant, metadata: CommitMetadata, files: readonly BaseFile[]): void {
    this.timeline = this.timeline.with(instant);
    for (const file of files) this.view.add(file);
    this.#learn(metadata);
  }

  async sizeOf(file: BaseFile): Promise<number> {
    if (file.sizeBytes !== null) return file.sizeBytes;
    const status = await this.storage.status(`${this.basePath}/${file.path}`);
    if (status === null) throw fileMissing(this.basePath, file.path);
    file.sizeBytes = status.sizeBytes;
    return status.sizeBytes;
  }

  /** @throws HUDI_TIMELINE_CORRUPT */
  async metadataOf(instant: Instant): Promise<CommitMetadata> {
    const path = instantPath(this.basePath, instant);
    const bytes = await this.storage.read(path);
    if (bytes === null) throw fileMissing(this.basePath, path);
    return decodeCommitMetadata(bytes, path);
  }

  /** The instant from which on the table can be read as it was; null when nothing has been cleaned. */
  async earliestRetained(): Promise<string | null> {
    const clean = this.timeline.completed().findLast((instant) => instant.action === "clean");
    if (!clean) return null;
    const path = instantPath(this.basePath, clean);
    const bytes = await this.storage.read(path);
    if (bytes === null) throw fileMissing(this.basePath, path);
    const metadata = (await decodeContainer(bytes, path)) as CleanMetadata;
    return metadata.earliestCommitToRetain === "" ? null : metadata.earliestCommitToRetain;
  }

  async #reload(timeline: Timeline): Promise<void> {
    this.timeline = timeline;
    this.view = await FileSystemView.load(this.storage, this.basePath);
    for (const instant of timeline.writes()) {
      if (instant.action === "replacecommit")
        this.view.apply(instant.timestamp, await this.metadataOf(instant));
    }
    let schema = this.config.createSchema;
    for (const instant of timeline.writes().toReversed()) {
      const metadata = await this.metadataOf(instant);
      const written = this.#learn(metadata);
      schema = schemaOf(metadata) ?? schema;
      if (written) break;
    }
    if (schema === null) {
      throw new GridlakeError("HUDI_SCHEMA_MISSING", `${this.basePath} says nowhere what columns it has`, {
        remedy: "commit once with the engine that created the table",
        details: { basePath: this.basePath },
      });
    }
    this.columns = schema;
    this.#stale = false;
  }

  async #follow(timeline: Timeline, news: readonly Instant[]): Promise<void> {
    const writes = new Set(timeline.writes());
    for (const instant of news) {
      if (!writes.has(instant)) continue;
      const metadata = await this.metadataOf(instant);
      this.view.apply(instant.timestamp, metadata);
      this.#learn(metadata);
      this.columns = schemaOf(metadata) ?? this.columns;
    }
    this.timeline = timeline;
  }

  /** True when the commit wrote rows. */
  #learn(metadata: CommitMetadata): boolean {
    const stats = Object.values(metadata.partitionToWriteStats).flat();
    const rows = stats.reduce((total, stat) => total + stat.numWrites, 0);
    if (rows > 0) this.bytesPerRow = stats.reduce((total, stat) => total + stat.fileSizeInBytes, 0) / rows;
    return rows > 0;
  }
}

function schemaOf(metadata: CommitMetadata): Column[] | null {
  const schema = metadata.extraMetadata["schema"];
  return schema ? fromAvroSchema(JSON.parse(schema) as AvroRecord) : null;
}

function fileMissing(basePath: string, path: string): GridlakeError {
  return new GridlakeError("HUDI_FILE_MISSING", `${basePath} has lost ${path}`, {
    remedy: "if a clean took it, refresh and try again; else restore the file",
    retry: "after-refresh",
    details: { basePath, path },
  });
}
