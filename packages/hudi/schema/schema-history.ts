import { hasCode } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import { fileColumns } from "../parquet/file-columns.ts";
import { readFooterRange } from "../parquet/footer.ts";
import type { Storage } from "../storage/storage.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { parseAvroSchema } from "./avro-schema.ts";
import type { Column } from "./column.ts";

/** How many commits or footers are read at once. */
const READS_AT_ONCE = 16;
/** How many instants and files are remembered; then it begins anew. */
const MAX_REMEMBERED = 20_000;

/** What of a table is needed to find out its past columns. */
export interface SchemaSource {
  readonly storage: Storage;
  readonly basePath: string;
  readonly timeline: Timeline;
  readonly columns: readonly Column[];
  readonly config: { readonly createSchema: readonly Column[] | null };
  metadataOf(instant: Instant): Promise<CommitMetadata>;
}

/** Table services rewrite rows, in whatever columns the writer of the service knew; they change no schema. */
const SERVICES = new Set(["CLUSTER", "COMPACT", "INDEX", "LOG_COMPACT"]);

/** The columns that a commit wrote under, as it says; null when it says nothing. @throws HUDI_SCHEMA_CORRUPT, HUDI_COLUMN_TYPE */
export function columnsOfCommit(metadata: CommitMetadata): Column[] | null {
  const schema = metadata.extraMetadata["schema"];
  return schema ? parseAvroSchema(schema) : null;
}

/** Whether a commit's schema is the table's from then on. */
export function changesSchema({ operationType }: CommitMetadata): boolean {
  return !SERVICES.has(operationType.toUpperCase());
}

const histories = new WeakMap<SchemaSource, SchemaHistory>();

/** Under which columns a table's rows were written; found out once for each table that is held open. */
export function historyOf(source: SchemaSource): SchemaHistory {
  let history = histories.get(source);
  if (!history) histories.set(source, (history = new SchemaHistory()));
  return history;
}

/** The columns that a base file was written under. @throws HUDI_FOOTER_CORRUPT naming the file */
export async function columnsOfBase(source: SchemaSource, file: BaseFile): Promise<readonly Column[]> {
  return (await historyOf(source).ofBase(source, [file])).get(file) ?? source.columns;
}

/** Under which columns a table's rows were written. */
export class SchemaHistory {
  readonly #byInstant = new Map<string, readonly Column[] | null>();
  readonly #byFile = new Map<string, readonly Column[]>();
  /** One array for each schema, so that files of the same one are known by it. */
  readonly #known = new Map<string, readonly Column[]>();

  /** The table's columns as of an instant, inclusive. */
  async asOf(source: SchemaSource, position: string): Promise<readonly Column[]> {
    if (isUnchanged(source)) return source.columns;
    const before = source.timeline.writes().filter((one) => (one.completedAt ?? one.timestamp) <= position);
    for (const instant of before.toReversed()) {
      const metadata = await source.metadataOf(instant);
      const columns = changesSchema(metadata) ? columnsOfCommit(metadata) : null;
      if (columns !== null) return this.#intern(columns);
    }
    return source.config.createSchema ?? source.columns;
  }

  /**
   * The columns that each base file was written under: as its commit says; where that one is archived, as the file says.
   * @throws HUDI_FOOTER_CORRUPT naming the file
   */
  async ofBase(
    source: SchemaSource,
    files: readonly BaseFile[],
  ): Promise<ReadonlyMap<BaseFile, readonly Column[]>> {
    if (isUnchanged(source)) return new Map(files.map((file) => [file, source.columns]));
    if (this.#byInstant.size + this.#byFile.size > MAX_REMEMBERED) {
      this.#byInstant.clear();
      this.#byFile.clear();
    }
    const instants = new Map(source.timeline.writes().map((instant) => [instant.timestamp, instant]));
    const unread = [...new Set(files.map((file) => file.instant))].filter((at) => !this.#byInstant.has(at));
    await inBatches(unread, async (at) => {
      const instant = instants.get(at);
      const columns = instant ? await this.#ofCommit(source, instant) : null;
      this.#byInstant.set(at, columns && this.#intern(columns));
    });
    const untold = files.filter(
      ({ instant, path }) => !this.#byInstant.get(instant) && !this.#byFile.has(path),
    );
    await inBatches(untold, async (file) => {
      const path = `${source.basePath}/${file.path}`;
      const sizeBytes = file.sizeBytes ?? (await source.storage.status(path))?.sizeBytes ?? 0;
      const footer = await readFooterRange(source.storage, { path, sizeBytes });
      this.#byFile.set(file.path, this.#intern(fileColumns(footer)));
    });
    return new Map(
      files.map((file) => [
        file,
        this.#byInstant.get(file.instant) ?? this.#byFile.get(file.path) ?? source.columns,
      ]),
    );
  }

  async #ofCommit(source: SchemaSource, instant: Instant): Promise<readonly Column[] | null> {
    try {
      return columnsOfCommit(await source.metadataOf(instant));
    } catch (error) {
      // archived since the timeline was listed
      if (hasCode(error, "HUDI_FILE_MISSING")) return null;
      throw error;
    }
  }

  #intern(columns: readonly Column[]): readonly Column[] {
    const key = JSON.stringify(columns.map(({ name, type }) => [name, type]));
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, columns);
    return columns;
  }
}

/** Whether the table has the columns it was made with. As types only widen and columns only come, it then always had. */
function isUnchanged({ columns, config: { createSchema } }: SchemaSource): boolean {
  return (
    createSchema !== null &&
    createSchema.length === columns.length &&
    createSchema.every(({ name, type }, i) => name === columns[i]?.name && type === columns[i].type)
  );
}

async function inBatches<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += READS_AT_ONCE) {
    await Promise.all(all.slice(at, at + READS_AT_ONCE).map(work));
  }
}
