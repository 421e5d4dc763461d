import type { DuckDBConnection } from "@duckdb/node-api";
import { type HudiTable, LocalStorage, type Storage } from "@gridlake/hudi";
import { GridlakeError, hasCode } from "@gridlake/kernel";
import { lakeShape, type Model } from "../ir/index.ts";
import { columnList } from "../dialect/duckdb/state-table.ts";
import {
  createLakeTable,
  fitOf,
  foldersOf,
  grow,
  nextPath,
  openIfThere,
  promote,
  removeNext,
  sourceChanged,
  tablePath,
} from "./lake-folder.ts";
import { meaningOf } from "./meaning.ts";
import { decodePosition, encodePosition, type LakePosition } from "./position.ts";

interface OpenTable {
  model: Model;
  path: string;
  /** Null while a new version of the model is being built and there was none before. */
  table: HudiTable | null;
  position: LakePosition | null;
  /** The table is in the next folder, beside the one that readers know. */
  isNext: boolean;
  /** A commit failed: whether it stands, the table alone can tell. */
  isUncertain: boolean;
  /** Since the table was last tidied. */
  commits: number;
}

interface Place {
  storage: Storage;
  lakeDir: string;
  timeZone: string;
}

/** Tidying lists the whole table; once in so many commits its cost does not show. */
const TIDY_AFTER_COMMITS = 10;

/** The models' tables in the lake, each under `<lake>/<layer>/<model>`, and how far each is. */
export class LakeTables {
  readonly #place: Place;
  readonly #tables = new Map<string, OpenTable>();

  private constructor(place: Place) {
    this.#place = place;
  }

  /** Opens the tables that there are, whatever version of its model each is of; see `adopt`. */
  static async open(options: {
    lakeDir: string;
    models: readonly Model[];
    timeZone: string;
    /** @default the local disk */
    storage?: Storage;
  }): Promise<LakeTables> {
    const { lakeDir, timeZone, storage = new LocalStorage() } = options;
    const lake = new LakeTables({ lakeDir, timeZone, storage });
    for (const model of options.models) {
      const path = tablePath(lakeDir, model);
      const table = await openIfThere(storage, path);
      const position = table === null ? null : ((await newestPosition(table, model.name))?.position ?? null);
      lake.#tables.set(model.name, {
        model,
        path,
        table,
        position,
        isNext: false,
        isUncertain: false,
        commits: 0,
      });
    }
    await lake.#resumeSwap();
    return lake;
  }

  /**
   * Makes the tables ready for the rows of the models as they are now: creates those that are missing, gives columns to
   * those that lack some, and puts a new one beside one that can't take the rows.
   * @throws LAKE_SOURCE_CHANGED, CHECKPOINT_METADATA_INVALID
   */
  async adopt(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      const open = this.#tables.get(name);
      if (open !== undefined) await this.#adopt(open);
    }
  }

  async #adopt(open: OpenTable): Promise<void> {
    const { storage } = this.#place;
    const shape = lakeShape(open.model);
    const isSource = open.model.topics.length > 0;
    if (open.table === null) {
      open.table = await createLakeTable(storage, open.path, shape);
      return;
    }
    const fit = fitOf(open.table, shape);
    if (isSource) {
      // a source's rows are never looked for again, so they may stay where they are
      if (fit === "fits") return;
      throw sourceChanged(shape, open.path);
    }
    if (fit === "fits" && this.#isInPlace(open)) return;
    if (fit === "grows" && !open.isNext && this.#isInPlace(open) && (await grow(open.table, shape))) return;
    removeNext(open.path);
    open.table = await createLakeTable(storage, nextPath(open.path), shape);
    open.position = null;
    open.isNext = true;
  }

  /** Whether the table's rows are in the partitions that the model has now. */
  #isInPlace({ model, position }: OpenTable): boolean {
    if (position === null) return true;
    return position.timeZone === this.#place.timeZone && position.partition === model.partition;
  }

  /**
   * Looks again where a commit failed: it may have failed after it was complete, and a source's rows must not be written
   * twice. Positions hold only after it.
   */
  async settle(): Promise<void> {
    for (const [name, open] of this.#tables) {
      if (!open.isUncertain || open.table === null) continue;
      open.position = (await newestPosition(open.table, name))?.position ?? null;
      open.isUncertain = false;
    }
  }

  /** Null before the table's first commit. */
  position(name: string): LakePosition | null {
    return this.#tables.get(name)?.position ?? null;
  }

  /** Whether the table must be told of the model's version though no row of it differs. */
  owesVersion(name: string): boolean {
    const open = this.#tables.get(name);
    if (open === undefined || open.model.topics.length > 0) return false;
    if (open.position === null) return open.isNext;
    return open.position.meaning !== meaningOf(open.model, this.#place.timeZone);
  }

  /** The model's columns of the table's rows as they are now, as SQL; null before the first commit. */
  async snapshotSql(name: string): Promise<string | null> {
    const open = this.#tables.get(name);
    if (open === undefined || open.table === null || open.position === null) return null;
    const columns = columnList(open.model.columns.map((column) => column.name));
    return `SELECT ${columns} FROM ${await open.table.snapshotSql()}`;
  }

  /**
   * What a new version of the model will find in its table: rows to compare with, or, where columns differ, no more than
   * their keys; null where it will have a table of its own.
   */
  async formerSql(name: string): Promise<{ sql: string; columns: readonly string[] } | null> {
    const open = this.#tables.get(name);
    if (open === undefined || open.table === null || open.position === null || !this.#isInPlace(open))
      return null;
    const { model, table } = open;
    const fit = fitOf(table, lakeShape(model));
    if (fit === "other") return null;
    const kept = [...model.key, ...(model.partition === null ? [] : [model.partition])];
    const columns = fit === "fits" ? model.columns.map((column) => column.name) : [...new Set(kept)];
    return { sql: `SELECT ${columnList(columns)} FROM ${await table.snapshotSql()}`, columns };
  }

  /** @throws LAKE_KEY_EMPTY */
  async commit(
    name: string,
    options: {
      connection: DuckDBConnection;
      insertOnly: boolean;
      upserts: string | null;
      deletes: string | null;
      position: LakePosition;
    },
  ): Promise<void> {
    const open = this.#tables.get(name);
    if (open === undefined) return;
    await this.adopt([name]);
    open.isUncertain = true;
    const committed = open.table?.commit({
      connection: options.connection,
      operation: options.insertOnly ? "insert" : "upsert",
      ...(options.upserts === null ? {} : { upserts: { sql: options.upserts } }),
      ...(options.deletes === null ? {} : { deletes: { sql: options.deletes } }),
      extraMetadata: encodePosition(options.position),
    });
    await committed?.catch((error: unknown) => {
      throw hasCode(error, "HUDI_KEY_NULL") ? keyEmpty(open.model, error) : error;
    });
    open.position = options.position;
    open.isUncertain = false;
    open.commits += 1;
  }

  /** After a checkpoint that all its tables have: the tables that it was the first of take the places of the former ones. */
  async promote(): Promise<void> {
    for (const open of this.#tables.values()) {
      if (!open.isNext || open.position === null) continue;
      promote(open.path);
      open.table = await openIfThere(this.#place.storage, open.path);
      open.isNext = false;
    }
  }

  /** Deletes the files, and archives the instants, that nobody reads any more, in tables with enough new commits. */
  async tidy(retention: LakeRetention): Promise<void> {
    for (const open of this.#tables.values()) {
      if (open.table === null || open.commits < TIDY_AFTER_COMMITS) continue;
      open.commits = 0;
      await open.table.clean({ retainCommits: retention.retainCommits });
      await open.table.archive();
    }
  }

  /** A swap that was cut short: whole, it is carried out; else its tables are still to be told, and stay where they are. */
  async #resumeSwap(): Promise<void> {
    const { storage } = this.#place;
    for (const open of this.#tables.values()) {
      const next = await openIfThere(storage, nextPath(open.path));
      if (next === null) continue;
      const position = (await newestPosition(next, open.model.name))?.position ?? null;
      if (position === null) removeNext(open.path);
      else Object.assign(open, { table: next, position, isNext: true });
    }
    const swapped = [...this.#tables.values()].filter(({ isNext }) => isNext);
    const isWhole = swapped.every(({ position }) =>
      position?.tables.every(
        (name) => (this.position(name)?.checkpoint ?? 0) >= position.checkpoint || !this.#tables.has(name),
      ),
    );
    if (isWhole) await this.promote();
  }
}

/** How much of the past the tables keep. */
export interface LakeRetention {
  /** Commits as of which a table can still be read. */
  retainCommits: number;
}

/** All tables in which rows of a model may be, newest first. */
export async function openFolders(
  storage: Storage,
  lakeDir: string,
  model: { layer: string; name: string },
): Promise<HudiTable[]> {
  const tables: HudiTable[] = [];
  for (const folder of foldersOf(tablePath(lakeDir, model))) {
    const table = await openIfThere(storage, folder);
    if (table !== null) tables.push(table);
  }
  return tables;
}

/**
 * The newest position on a table's timeline: at or below `checkpoint`, of a commit at or before the instant `asOf`.
 */
export async function newestPosition(
  table: HudiTable,
  name: string,
  bounds: { checkpoint?: number; asOf?: string | undefined } = {},
): Promise<{ instant: string; position: LakePosition } | null> {
  const { checkpoint = Number.POSITIVE_INFINITY, asOf } = bounds;
  for (const entry of (await table.timeline()).toReversed()) {
    if (asOf !== undefined && entry.timestamp > asOf) continue;
    const metadata = await entry.metadata();
    const position = metadata === null ? null : decodePosition(metadata.extraMetadata, name);
    if (position !== null && position.checkpoint <= checkpoint) return { instant: entry.timestamp, position };
  }
  return null;
}

/** A key of one text has no form in Hudi where the text is empty; of several columns any may be. */
function keyEmpty({ name, key }: Model, cause: unknown): GridlakeError {
  return new GridlakeError(
    "LAKE_KEY_EMPTY",
    `${name}: ${key.join(", ")} is the whole key and empty in a row, and Hudi has no such key`,
    {
      remedy: `leave such rows out in the model (WHERE ${key[0]} <> ''), or give the model another key column`,
      details: { model: name, key: [...key] },
      cause,
    },
  );
}
