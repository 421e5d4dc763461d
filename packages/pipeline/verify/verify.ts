// The proof of law L1 on a data directory: every table is computed once more, as one batch over all inputs received,
// and compared with what the stream made of them. The inputs are the log's records up to the lake's newest complete
// checkpoint; what the log no longer keeps, or another version of a source's model made, comes from the lake's source
// tables.

import { mkdtempSync, rmSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Log } from "@gridlake/durable-log";
import { MIB } from "@gridlake/kernel";
import { madeSince } from "../checkpoint/meaning.ts";
import { emptyRelation, type LakeView, type ViewedTable, viewLake } from "../checkpoint/lake-view.ts";
import { batchSql } from "../dialect/duckdb/batch.ts";
import { decodeTopicSql } from "../dialect/duckdb/decode.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { columnList } from "../dialect/duckdb/state-table.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import { Database } from "../runtime/database.ts";
import { recordsName, stageRecords } from "../runtime/records.ts";
import { countRows } from "../runtime/row-count.ts";

export interface VerifiedTable {
  model: string;
  layer: string;
  /** Rows of the batch. */
  rowsCompared: number;
  /** Rows that only the batch or only the lake has, each counted; a changed row counts twice. */
  differences: number;
  /** Some of them, as text. */
  samples: readonly string[];
  /** How long the batch took, without the comparison. */
  batchMs: number;
  /** The lake has an earlier version of the model, whose new one is being built: nothing was compared. */
  isFormer: boolean;
}

export interface Verification {
  checkpoint: number;
  /** Per topic, log records that are not in the lake yet, and so were not compared. */
  waiting: Readonly<Record<string, number>>;
  /** Per topic, log records that were trimmed: their lines were taken from the lake. */
  trimmed: Readonly<Record<string, number>>;
  tables: readonly VerifiedTable[];
  differences: number;
  /** How long the micro-batches took that the lake was made by; null where its commits do not tell. */
  streamMs: number | null;
}

const SAMPLES = 5;
/** Of the machine's memory, for the batch; beyond it, it works on disk. */
const MEMORY_SHARE = 0.25;
const READ_BYTES = 16 * MIB;

export async function verifyLake(options: {
  lakeDir: string;
  models: ModelSet;
  log: Log;
  /** @default "UTC" */
  timeZone?: string;
  /** Where the batch's own database is made and removed again. */
  workDir: string;
  onTable?: (table: VerifiedTable) => void;
}): Promise<Verification> {
  const view = await viewLake({ lakeDir: options.lakeDir, models: options.models.models, columns: "model" });
  const folder = mkdtempSync(join(options.workDir, "verify-"));
  const database = await Database.open({
    path: join(folder, "batch.duckdb"),
    timeZone: options.timeZone ?? "UTC",
    memoryLimitMib: Math.floor((totalmem() / MIB) * MEMORY_SHARE),
  });
  try {
    const connection = await database.connect();
    const waiting: Record<string, number> = {};
    const trimmed: Record<string, number> = {};
    const tables: VerifiedTable[] = [];
    for (const viewed of view.tables) {
      const startedMs = performance.now();
      const [topic] = viewed.model.topics;
      if (topic === undefined) await computeModel(connection, viewed.model);
      else {
        const bounds = await options.log.bounds({ topic });
        waiting[topic] = Math.max(0, bounds.next - (view.offsets[topic] ?? 0));
        trimmed[topic] = bounds.first;
        const since = madeSince(viewed.model, topic, viewed.position);
        await computeSource(connection, options, viewed, view, Math.max(bounds.first, since));
      }
      const table = await compare(connection, viewed, performance.now() - startedMs);
      tables.push(table);
      options.onTable?.(table);
    }
    connection.closeSync();
    const differences = tables.reduce((sum, table) => sum + table.differences, 0);
    return { checkpoint: view.checkpoint, waiting, trimmed, tables, differences, streamMs: view.streamMs };
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function computeModel(connection: DuckDBConnection, model: Model): Promise<void> {
  await connection.run(
    `CREATE TABLE ${ident(model.name)} AS ${batchSql(model, (input) => ident(input.source.name))}`,
  );
}

async function computeSource(
  connection: DuckDBConnection,
  options: { log: Log; models: ModelSet },
  viewed: ViewedTable,
  view: LakeView,
  firstKept: number,
): Promise<void> {
  const { model } = viewed;
  const name = model.topics[0] ?? "";
  const topic = options.models.topics.find((candidate) => candidate.name === name);
  if (topic === undefined) return;
  const names = columnList(model.columns.map((column) => column.name));
  const fromLake = viewed.relation ?? emptyRelation(model);
  await connection.run(
    `CREATE TABLE ${ident(model.name)} AS SELECT ${names} FROM ${fromLake} WHERE topic_offset < ${firstKept}`,
  );
  const end = view.offsets[name] ?? 0;
  let next = firstKept;
  while (next < end) {
    const read = await options.log.read(
      { topic: name },
      { after: next - 1, maxRecords: Math.min(20_000, end - next), maxBytes: READ_BYTES },
    );
    const last = read.at(-1);
    if (last === undefined) break;
    await stageRecords(connection, name, read);
    const lines = `(${decodeTopicSql(topic, recordsName(name))})`;
    await connection.run(
      `INSERT INTO ${ident(model.name)} SELECT ${names} FROM (${batchSql(model, () => lines)})`,
    );
    next = last.offset + 1;
  }
}

async function compare(
  connection: DuckDBConnection,
  viewed: ViewedTable,
  batchMs: number,
): Promise<VerifiedTable> {
  const { model, isFormer } = viewed;
  if (isFormer) {
    return {
      model: model.name,
      layer: model.layer,
      rowsCompared: 0,
      differences: 0,
      samples: [],
      batchMs,
      isFormer,
    };
  }
  const names = columnList(model.columns.map((column) => column.name));
  const batch = `SELECT ${names} FROM ${ident(model.name)}`;
  const lake = `SELECT ${names} FROM ${viewed.relation ?? emptyRelation(model)}`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE differences AS
SELECT 'only in the batch' AS side, * FROM (${batch} EXCEPT ALL ${lake})
UNION ALL SELECT 'only in the lake' AS side, * FROM (${lake} EXCEPT ALL ${batch})`);
  const differences = await countRows(connection, "differences");
  const samples =
    differences === 0
      ? []
      : (await connection.runAndReadAll(`SELECT d::VARCHAR FROM differences AS d LIMIT ${SAMPLES}`))
          .getRows()
          .map(([row]) => String(row));
  const rowsCompared = await countRows(connection, ident(model.name));
  return { model: model.name, layer: model.layer, rowsCompared, differences, samples, batchMs, isFormer };
}
