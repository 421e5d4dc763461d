import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { LocalStorage, openTable, tableExists } from "@gridlake/hudi";
import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { compileFlink, flinkStatements, type Model, type ModelSet } from "@gridlake/pipeline";
import { SqlGateway } from "../flink/sql-gateway.ts";
import { compare } from "../same-rows.ts";
import { type InputRecord } from "./inputs.ts";
import { computeBatch } from "./oracle.ts";

const CHECKPOINT_MS = 5 * SECOND_MS;
const POLL_MS = 3 * SECOND_MS;
/** The job is submitted, restarts and drains on a machine that may be busy. */
const DRAIN_LIMIT_MS = 10 * MINUTE_MS;

export interface ExactnessRun {
  connection: DuckDBConnection;
  /** URL of the SQL Gateway, and of Flink's REST. */
  gateway: string;
  bootstrapServers: string;
  /** An empty folder. */
  directory: string;
  set: ModelSet;
  /** Models whose tables are compared, those they read included. */
  models: readonly string[];
  inputs: readonly InputRecord[];
  timeZone: string;
  /** Makes topics of one partition. */
  createTopics(names: readonly string[]): Promise<void>;
  /** Ends the TaskManager with -9 and starts another. */
  killTaskManager(): Promise<void>;
  say?(message: string): void;
}

export interface ComparedTable {
  model: string;
  rows: number;
  missing: number;
  extra: number;
  examples: readonly string[];
}

/** Streams the inputs through Flink, with a death midway; @returns each table against the batch, once they agree or time is up */
export async function runExactness(run: ExactnessRun): Promise<ComparedTable[]> {
  const say = run.say ?? (() => {});
  const name = `exact-${Date.now()}`;
  const job = compileFlink(run.set, {
    name,
    timeZone: run.timeZone,
    kafka: { bootstrapServers: run.bootstrapServers, topicPrefix: `${name}.` },
    lake: { path: `file://${run.directory}/lake`, bootstrapIndex: false },
    parallelism: 2,
    checkpointIntervalMs: CHECKPOINT_MS,
    models: run.models,
  });
  const written = new Set(job.sinks.map((sink) => sink.of));
  const models = run.set.models.filter((model) => written.has(model.name));
  await computeBatch(run.connection, run.set, models, run.inputs);
  say(`batch: ${models.length} models`);
  await run.createTopics([...job.topics.read, ...job.topics.written]);
  const producer = await SqlGateway.open(run.gateway);
  await producer.run("SET 'table.local-time-zone' = 'UTC'");
  await producer.run("SET 'parallelism.default' = '1'");
  const read = new Set(job.sources.map((source) => source.of));
  const inputs = run.inputs.filter(({ topic }) => read.has(topic));
  const half = Math.floor(inputs.length / 2);
  await produce(producer, run, { prefix: `${name}.`, part: 0, records: inputs.slice(0, half) });
  say("first half is in Kafka");
  const session = await SqlGateway.open(run.gateway);
  await session.run("SET 'table.dml-sync' = 'false'");
  for (const statement of flinkStatements(job)) await session.run(statement);
  say("submitted");
  const first = models.find((model) => model.topics.length > 0);
  await until(async () => first !== undefined && (await tableRows(run, first)) > 0);
  say("first commit");
  await run.killTaskManager();
  say("TaskManager killed");
  await produce(producer, run, { prefix: `${name}.`, part: 1, records: inputs.slice(half) });
  say("second half is in Kafka");
  let tables: ComparedTable[] = [];
  await until(async () => {
    tables = await compareAll(run, models);
    const wrong = tables.filter((table) => table.missing + table.extra > 0);
    say(
      `${tables.length - wrong.length} of ${tables.length} tables agree; ${wrong.map((table) => `${table.model} -${table.missing} +${table.extra}`).join(", ")}`,
    );
    return wrong.length === 0;
  });
  // what agrees must go on to agree
  await delay(2 * CHECKPOINT_MS);
  tables = await compareAll(run, models);
  await session.close();
  await producer.close();
  return tables;
}

async function produce(
  gateway: SqlGateway,
  { directory, bootstrapServers }: ExactnessRun,
  { prefix, part, records }: { prefix: string; part: number; records: readonly InputRecord[] },
): Promise<void> {
  for (const topic of new Set(records.map((record) => record.topic))) {
    const folder = join(directory, `in-${topic}-${part}`);
    await mkdir(folder);
    const lines = records.filter((record) => record.topic === topic);
    const text = lines.map(({ receivedAt, scope, body }) => JSON.stringify({ receivedAt, scope, body }));
    await writeFile(join(folder, "lines.json"), text.map((line) => `${line}\n`).join(""));
    const [from, to] = [`in_${topic}_${part}`, `out_${topic}_${part}`];
    await gateway.run(
      `CREATE TEMPORARY TABLE ${from} (receivedAt STRING, \`scope\` STRING, body STRING) WITH ('connector' = 'filesystem', 'path' = 'file://${folder}', 'format' = 'json')`,
    );
    await gateway.run(
      `CREATE TEMPORARY TABLE ${to} (body STRING, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', headers MAP<STRING, BYTES> METADATA)
WITH ('connector' = 'kafka', 'topic' = '${prefix}${topic}', 'properties.bootstrap.servers' = '${bootstrapServers}', 'format' = 'raw')`,
    );
    await gateway.run(
      `INSERT INTO ${to} SELECT body, CAST(CAST(receivedAt AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)),
  CASE WHEN \`scope\` IS NOT NULL THEN MAP['scope', ENCODE(\`scope\`, 'UTF-8')] END FROM ${from}`,
    );
  }
}

function tablePath({ directory }: ExactnessRun, model: Model): string {
  return join(directory, "lake", model.layer, model.name);
}

async function tableRows(run: ExactnessRun, model: Model): Promise<number> {
  const sql = await snapshot(run, model);
  if (sql === null) return 0;
  const reader = await run.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${sql}`);
  return Number(reader.getRows()[0]?.[0]);
}

/** What the lake's table has, by our own reader; null before its first commit. */
async function snapshot(run: ExactnessRun, model: Model): Promise<string | null> {
  const [storage, path] = [new LocalStorage(), tablePath(run, model)];
  if (!(await tableExists(storage, path))) return null;
  const table = await openTable(storage, path);
  if (table.schema().length === 0) return null;
  return table.snapshotSql();
}

async function compareAll(run: ExactnessRun, models: readonly Model[]): Promise<ComparedTable[]> {
  const tables: ComparedTable[] = [];
  for (const model of models) {
    const names = model.columns.map((column) => `"${column.name}"`).join(", ");
    const theirs =
      (await snapshot(run, model).catch(() => null)) ?? `(SELECT * FROM "${model.name}" WHERE FALSE)`;
    const found = await compare(run.connection, {
      ours: `(SELECT ${names} FROM "${model.name}")`,
      theirs: `(SELECT ${names} FROM ${theirs})`,
    });
    tables.push({ model: model.name, ...found });
  }
  return tables;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DRAIN_LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) return;
    await delay(POLL_MS);
  }
}
