import { renameSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  createTable,
  type HudiTable,
  LocalStorage,
  openTable,
  type Storage,
  tableExists,
} from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { type LakeShape, lakeShape, type Model } from "../ir/index.ts";
import { columnList } from "../dialect/duckdb/state-table.ts";

import { decodePosition, encodePosition, type LakePosition } from "./position.ts";

interface OpenTable {
  model: Model;
  table: HudiTable;
  position: LakePosition | null;
  /** A commit failed: whether it stands, the table alone can tell. */
  isUncertain: boolean;
  /** Since the table was last tidied. */
  commits: number;
}

/** Tidying lists the whole table; once in so many commits its cost does not show. */
const TIDY_AFTER_COMMITS = 10;

/** The models' tables in the lake, each under `<lake>/<layer>/<model>`, and how far each is. */
export class LakeTables {
  readonly #tables: ReadonlyMap<string, OpenTable>;

  private constructor(tables: ReadonlyMap<string, OpenTable>) {
    this.#tables = tables;
  }

  /**
   * Opens the tables of the models, and creates those that are missing.
   * @throws LAKE_SOURCE_CHANGED, CHECKPOINT_METADATA_INVALID
   */
  static async open(options: {
    lakeDir: string;
    models: readonly Model[];
    timeZone: string;
    /** @default the local disk */
    storage?: Storage;
  }): Promise<LakeTables> {
    const storage = options.storage ?? new LocalStorage();
    const tables = new Map<string, OpenTable>();
    for (const model of options.models) {
      const table = await openOrCreate(storage, options, model);
      const position = (await newestPosition(table, model.name))?.position ?? null;
      tables.set(model.name, { model, table, position, isUncertain: false, commits: 0 });
    }
    return new LakeTables(tables);
  }

  /**
   * Looks again where a commit failed: it may have failed after it was complete, and a source's rows must not be written
   * twice. Positions hold only after it.
   */
  async settle(): Promise<void> {
    for (const [name, open] of this.#tables) {
      if (!open.isUncertain) continue;
      open.position = (await newestPosition(open.table, name))?.position ?? null;
      open.isUncertain = false;
    }
  }

  /** Null before the table's first commit. */
  position(name: string): LakePosition | null {
    return this.#tables.get(name)?.position ?? null;
  }

  /** The model's columns of the table's rows as they are now, as SQL; null before the first commit. */
  async snapshotSql(name: string): Promise<string | null> {
    const open = this.#tables.get(name);
    if (open === undefined || open.position === null) return null;
    const columns = columnList(open.model.columns.map((column) => column.name));
    return `SELECT ${columns} FROM ${await open.table.snapshotSql()}`;
  }

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
    open.isUncertain = true;
    await open.table.commit({
      connection: options.connection,
      operation: options.insertOnly ? "insert" : "upsert",
      ...(options.upserts === null ? {} : { upserts: { sql: options.upserts } }),
      ...(options.deletes === null ? {} : { deletes: { sql: options.deletes } }),
      extraMetadata: encodePosition(options.position),
    });
    open.position = options.position;
    open.isUncertain = false;
    open.commits += 1;
  }

  /** Deletes the files, and archives the instants, that nobody reads any more, in tables with enough new commits. */
  async tidy(retention: LakeRetention): Promise<void> {
    for (const open of this.#tables.values()) {
      if (open.commits < TIDY_AFTER_COMMITS) continue;
      open.commits = 0;
      await open.table.clean({ retainCommits: retention.retainCommits });
      await open.table.archive();
    }
  }
}

/** How much of the past the tables keep. */
export interface LakeRetention {
  /** Commits as of which a table can still be read. */
  retainCommits: number;
}

export const tablePath = (lakeDir: string, shape: { layer: string; name: string }): string =>
  join(lakeDir, shape.layer, shape.name);

async function openOrCreate(
  storage: Storage,
  { lakeDir, timeZone }: { lakeDir: string; timeZone: string },
  model: Model,
): Promise<HudiTable> {
  const shape = lakeShape(model);
  const path = tablePath(lakeDir, shape);
  const isSource = model.topics.length > 0;
  if (await tableExists(storage, path)) {
    const table = await openTable(storage, path);
    if (!sameShape(table, shape)) {
      if (isSource) throw sourceChanged(shape, path);
    } else {
      // a source's rows are never looked for again, so they may stay where they are
      const newest = isSource ? null : await newestPosition(table, model.name);
      const isInPlace =
        newest?.position.timeZone === timeZone && newest.position.partition === model.partition;
      if (newest === null || isInPlace) return table;
    }
    // another shape, or rows that belong into other partitions: the table stays readable beside the new one, until it is removed
    renameSync(path, `${path}.replaced-${new Date().toISOString().replaceAll(/\D/g, "")}`);
  }
  return createTable(storage, path, {
    name: shape.name,
    databaseName: shape.layer,
    columns: [...shape.columns],
    recordKey: [...shape.recordKey],
    partition: shape.partition,
    // the state decides which version of a row holds; a later commit is always right
    ordering: null,
  });
}

/** Whether the table can take the shape's rows; a column that is never NULL may stand where NULL is allowed. */
function sameShape(table: HudiTable, shape: LakeShape): boolean {
  const { recordKey, partition } = table.config;
  const own = table.schema();
  const fits = shape.columns.every((column, at) => {
    const there = own[at];
    return there?.name === column.name && there.type === column.type && (there.nullable || !column.nullable);
  });
  const sameKey =
    JSON.stringify([recordKey, partition]) === JSON.stringify([shape.recordKey, shape.partition]);
  return fits && own.length === shape.columns.length && sameKey;
}

/** A source's rows can't be computed from anything else. */
function sourceChanged(shape: LakeShape, path: string): GridlakeError {
  return new GridlakeError(
    "LAKE_SOURCE_CHANGED",
    `the columns or the key of ${shape.name} are not those of its table ${path}`,
    {
      remedy: "give the model its former columns and key; add what is new as a model of its own",
    },
  );
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
