import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import { directoryOf, ensurePartition } from "../file-group/partition-metadata.ts";
import { partitionPath } from "../file-group/partition-path.ts";
import { toAvroSchema } from "../schema/avro-schema.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";
import { rollBackPending } from "../services/rollback.ts";
import { retireMetadataTable } from "../table/metadata-table.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import { type CommitMetadata, encodeCommitMetadata, type WriteStat } from "../timeline/commit-metadata.ts";
import { type Instant, nextInstant } from "../timeline/instant.ts";
import { HOODIE, instantPath } from "../timeline/timeline.ts";
import {
  type FileTask,
  nameFile,
  writeBaseFile,
  type WriteContext,
  type WrittenFile,
} from "./base-file-writer.ts";
import { loadKeyRanges, rangesMeet } from "./key-ranges.ts";
import { DEFAULT_SIZING, type FileSizing, pack } from "./pack.ts";
import { rowsOf, stage, type Staged, type StagedPartition } from "./source.ts";
import { tag, type Tags } from "./tag.ts";

export type Operation = "insert" | "bulk_insert" | "upsert";

export interface CommitOptions {
  /**
   * The DuckDB connection on which the sources are evaluated, in its transaction if it is in one. Nothing is left on it
   * but what DuckDB keeps of dropped TEMP tables until that transaction ends. Must not be used otherwise meanwhile.
   */
  connection: DuckDBConnection;
  /**
   * `upsert`: a row whose key exists takes that row's place. `insert`: the keys are trusted to be new; small files take the
   * rows in. `bulk_insert`: as insert, always into new files.
   */
  operation: Operation;
  /** A SELECT of the table's columns. */
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

/** How many rows a file of a table without any history is thought to hold per byte, until its first commit tells. */
const FIRST_BYTES_PER_ROW = 64;

/** See HudiTable.commit. */
export async function commit(state: TableState, options: CommitOptions): Promise<CommitResult> {
  const { connection } = options;
  const suffix = crypto.randomUUID().replaceAll("-", "");
  const names = {
    upserts: `hudi_upserts_${suffix}`,
    deletes: `hudi_deletes_${suffix}`,
    tags: `hudi_tags_${suffix}`,
  };
  if (Object.hasOwn(options.extraMetadata ?? {}, "schema")) {
    throw new GridlakeError("HUDI_METADATA_KEY", "extraMetadata.schema is the table's own", {
      remedy: "use another name",
    });
  }
  try {
    // before the lock is taken: sources may take long, and most refusals are theirs
    const staged = await stageSources(state, options, names);
    const lock = await WriteLock.acquire(state.storage, state.basePath, options.lock);
    try {
      return await commitStaged(state, { request: options, staged, held: lock, tagsName: names.tags });
    } finally {
      await lock.release();
    }
  } finally {
    await dropTemporary(connection, Object.values(names));
  }
}

async function dropTemporary(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
  await connection
    .run(names.map((name) => `DROP TABLE IF EXISTS temp.${name}`).join("; "))
    .catch((error: Error) => {
      // a statement that fails may abort the caller's transaction; its rollback then takes the tables along
      if (!/transaction/i.test(error.message)) throw error;
    });
}

interface StagedSources {
  upserts: Staged | null;
  deletes: Staged | null;
}

async function stageSources(
  state: TableState,
  { connection, operation, upserts, deletes }: CommitOptions,
  names: { upserts: string; deletes: string },
): Promise<StagedSources> {
  const { columns, config } = state;
  const { recordKey, partition, ordering } = config;
  const place = { connection, recordKey, partition, ordering };
  const keyColumns = [...new Set([...recordKey, ...(partition === null ? [] : [partition])])];
  return {
    upserts: upserts
      ? await stage({
          ...place,
          sql: upserts.sql,
          name: names.upserts,
          columns,
          combine: operation === "upsert",
        })
      : null,
    deletes: deletes
      ? await stage({
          ...place,
          sql: deletes.sql,
          name: names.deletes,
          columns: keyColumns.map((name) => findColumn(columns, name)),
          combine: false,
        })
      : null,
  };
}

interface LockedCommit {
  request: CommitOptions;
  staged: StagedSources;
  held: WriteLock;
  tagsName: string;
}

async function commitStaged(state: TableState, options: LockedCommit): Promise<CommitResult> {
  const { storage, basePath } = state;
  const { request, held } = options;
  await retireMetadataTable(state);
  await state.refresh();
  await rollBackPending(state);
  const timestamp = nextInstant({ nowMs: state.clock.nowMs(), last: state.timeline.last() });
  const tags = await findKeys(state, options);
  const context: WriteContext = {
    connection: request.connection,
    storage,
    basePath,
    config: state.config,
    columns: state.columns,
    instant: timestamp,
    upserts: options.staged.upserts?.name ?? null,
    tags: tags?.name ?? null,
  };
  const tasks = await plan(state, options, tags);
  const requested: Instant = { timestamp, action: "commit", state: "requested" };
  const metadata: CommitMetadata = {
    partitionToWriteStats: {},
    compacted: false,
    extraMetadata: {
      ...request.extraMetadata,
      schema: JSON.stringify(toAvroSchema(state.config.name, state.columns)),
    },
    operationType: operationType(request),
  };
  try {
    await begin(state, requested);
    const written = await writeFiles(context, tasks);
    for (const { stat } of written) (metadata.partitionToWriteStats[stat.partitionPath] ??= []).push(stat);
    await held.assertHeld();
    const completed: Instant = { ...requested, state: "completed" };
    if (!(await storage.createIfAbsent(instantPath(basePath, completed), encodeCommitMetadata(metadata)))) {
      throw new GridlakeError(
        "HUDI_WRITE_CONFLICT",
        `the instant ${timestamp} was completed by another writer`,
        {
          remedy: "refresh and commit again",
          retry: "after-refresh",
        },
      );
    }
    state.committed(
      completed,
      metadata,
      written.map(({ file }) => file),
    );
    await storage.removeTree(markerDirectory(basePath, timestamp));
    return { instant: timestamp, stats: totals(written.map(({ stat }) => stat)) };
  } catch (error) {
    // what it wrote is invisible; the next writer rolls it back before anything else
    state.markStale();
    throw error;
  }
}

/** Announces the instant, so that whatever it writes can be found and rolled back. */
async function begin({ storage, basePath }: TableState, requested: Instant): Promise<void> {
  const body = '{"partitionToWriteStats":{},"compacted":false,"extraMetadata":{},"operationType":"UPSERT"}';
  await storage.createIfAbsent(instantPath(basePath, requested), Buffer.alloc(0), { durable: false });
  await storage.createIfAbsent(
    instantPath(basePath, { ...requested, state: "inflight" }),
    Buffer.from(body),
    {
      durable: false,
    },
  );
  await storage.syncDirectory(`${basePath}/${HOODIE}`);
}

async function findKeys(state: TableState, options: LockedCommit): Promise<Tags | null> {
  const { staged } = options;
  const { connection, operation } = options.request;
  const upserts = operation === "upsert" ? staged.upserts : null;
  const sources = [upserts, staged.deletes].filter((source) => source !== null);
  const wanted = sources.flatMap((source) => source.partitions);
  const files = await filesWithKeys(state, connection, wanted);
  if (files.length === 0) return null;
  const paths = await state.storage.localPaths(files.map((file) => `${state.basePath}/${file.path}`));
  return tag({
    connection,
    name: options.tagsName,
    upserts: upserts?.name ?? null,
    deletes: staged.deletes?.name ?? null,
    recordKey: state.config.recordKey,
    partition: state.config.partition,
    ordering: state.config.ordering,
    files: new Map(paths.map((path, i) => [path, files[i] as BaseFile])),
  });
}

/** The base files that can hold a key of these partitions' rows. */
async function filesWithKeys(
  state: TableState,
  connection: DuckDBConnection,
  wanted: readonly StagedPartition[],
): Promise<BaseFile[]> {
  const found = new Set<BaseFile>();
  const key = { columns: state.columns, recordKey: state.config.recordKey };
  for (const { value, keyRanges } of wanted) {
    const partition = pathOf(state, value);
    const latest = state.view.latest(state.timeline, { partition });
    for (const file of await loadKeyRanges(latest, { connection, ...state.place }, key)) {
      if (rangesMeet(keyRanges, file.keyRanges ?? new Map(), state.columns)) found.add(file);
    }
  }
  return [...found];
}

function pathOf({ config }: TableState, value: string | null): string {
  return config.partition === null ? "" : partitionPath(value, { encode: config.encodePartitions });
}

/** What to write: one task per touched file group, and the new rows shared out among these, small files and new ones. */
async function plan(state: TableState, options: LockedCommit, tags: Tags | null): Promise<FileTask[]> {
  const { staged, request } = options;
  const sizing = { ...DEFAULT_SIZING, ...request.sizing };
  const bytesPerRow = state.bytesPerRow ?? FIRST_BYTES_PER_ROW;
  const tasks = new Map<BaseFile, FileTask>();
  for (const [previous, { updates, deletes }] of tags?.touched ?? []) {
    const { partition } = previous;
    tasks.set(previous, { partition, partitionValue: null, previous, updates, deletes, inserts: null });
  }
  const all = [...tasks.values()];
  for (const { value, rows } of staged.upserts
    ? await newRows(options, staged.upserts, tags, state.config.partition)
    : []) {
    const partition = pathOf(state, value);
    const groups = [];
    for (const group of request.operation === "bulk_insert"
      ? []
      : state.view.latest(state.timeline, { partition })) {
      groups.push({ group, sizeBytes: await state.sizeOf(group), touched: tasks.has(group) });
    }
    const packed = pack(rows, bytesPerRow, groups, sizing);
    const bounds = await rowidBounds(
      options,
      tags,
      value,
      packed.map((part) => part.rows),
      state.config.partition,
    );
    for (const [i, { group }] of packed.entries()) {
      const inserts = { from: bounds[i - 1] ?? null, to: bounds[i] ?? null };
      const task = group && tasks.get(group);
      if (task) Object.assign(task, { inserts, partitionValue: value });
      else all.push({ partition, partitionValue: value, previous: group, updates: 0, deletes: 0, inserts });
    }
  }
  return all;
}

/** Rows per partition value that take no stored row's place. */
async function newRows(
  { request: { connection, operation } }: LockedCommit,
  upserts: Staged,
  tags: Tags | null,
  partition: string | null,
): Promise<{ value: string | null; rows: number }[]> {
  if (tags === null || operation !== "upsert") return upserts.partitions;
  const rows = await rowsOf(
    connection,
    `SELECT ${partition === null ? "NULL" : sqlName(partition)} AS value, count(*) AS n FROM ${upserts.name}
     ANTI JOIN (SELECT r FROM ${tags.name} WHERE r IS NOT NULL) t ON rowid = t.r GROUP BY 1 ORDER BY 1`,
  );
  return rows.map((row) => ({
    value: row["value"] === null ? null : String(row["value"]),
    rows: Number(row["n"]),
  }));
}

/** The rowids at which the new rows of a partition pass from one file to the next. */
async function rowidBounds(
  { request: { connection }, staged }: LockedCommit,
  tags: Tags | null,
  value: string | null,
  shares: readonly number[],
  partition: string | null,
): Promise<string[]> {
  if (shares.length < 2) return [];
  const ends: number[] = [];
  for (const share of shares.slice(0, -1)) ends.push((ends.at(-1) ?? 0) + share);
  const fresh =
    tags === null ? "" : `ANTI JOIN (SELECT r FROM ${tags.name} WHERE r IS NOT NULL) t ON s.rowid = t.r`;
  const where =
    partition === null
      ? ""
      : `WHERE s.${sqlName(partition)} IS NOT DISTINCT FROM ${value === null ? "NULL" : sqlText(value)}`;
  const rows = await rowsOf(
    connection,
    `SELECT id FROM (SELECT s.rowid AS id, row_number() OVER (ORDER BY s.rowid) - 1 AS place
       FROM ${staged.upserts?.name} s ${fresh} ${where})
     WHERE place IN (${ends.join(", ")}) ORDER BY id`,
  );
  return rows.map((row) => String(row["id"]));
}

/** One after another: a COPY uses all of DuckDB's threads. */
async function writeFiles(context: WriteContext, tasks: readonly FileTask[]): Promise<WrittenFile[]> {
  const { storage, basePath, instant } = context;
  const partitions = [...new Set(tasks.map((task) => task.partition))];
  for (const partition of partitions) await ensurePartition(storage, { basePath, partition, instant });
  const written: WrittenFile[] = [];
  for (const [number, task] of tasks.entries()) {
    const named = { ...nameFile(task, instant, number), number };
    // Hudi's own rollback looks for these: which files an instant was about to make
    const marker = `${markerDirectory(basePath, instant)}/${named.path}.marker.${task.previous ? "MERGE" : "CREATE"}`;
    await storage.createIfAbsent(marker, Buffer.alloc(0), { durable: false });
    written.push(await writeBaseFile(context, task, named));
  }
  for (const partition of partitions) await storage.syncDirectory(directoryOf(basePath, partition));
  return written;
}

function markerDirectory(basePath: string, instant: string): string {
  return `${basePath}/${HOODIE}/.temp/${instant}`;
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
