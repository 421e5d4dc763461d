import { setTimeout as delay } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { ClusterTopics, type Log, openKafkaLog } from "@gridlake/durable-log";
import { MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { compileFlink, type ModelSet } from "@gridlake/pipeline";
import { startJob } from "@gridlake/pipeline/flink-deployment/job-start.ts";
import { ENDED, FlinkJobs } from "@gridlake/pipeline/flink-gateway/flink-jobs.ts";
import { type ComparedTable, compareTables, tableRows, type Tables } from "./compare-tables.ts";
import type { InputRecord } from "./inputs.ts";
import { computeBatch } from "./oracle.ts";

const CHECKPOINT_MS = 5 * SECOND_MS;
const POLL_MS = 3 * SECOND_MS;
/** The job restarts and drains on a machine that may be busy. */
const DRAIN_LIMIT_MS = 10 * MINUTE_MS;

export interface ExactnessRun {
  connection: DuckDBConnection;
  engines: {
    readonly folder: string;
    endpoint(engine: string, purpose: string): string;
    kill(engine: string, process: string): Promise<void>;
    restart(engine: string): Promise<void>;
  };
  set: ModelSet;
  /** Models whose tables are compared, those they read included. */
  models: readonly string[];
  inputs: readonly InputRecord[];
  timeZone: string;
  say?(message: string): void;
}

/**
 * Streams the inputs through a job of Flink's, whose TaskManager is killed with -9 midway.
 * @returns each table against the batch, once they agree or time is up @throws what `startJob` throws
 */
export async function runExactness(run: ExactnessRun): Promise<ComparedTable[]> {
  const { connection, engines, set, say = () => {} } = run;
  const name = `exact-${Date.now()}`;
  const [gateway, bootstrap] = [
    engines.endpoint("flink", "sqlGateway"),
    engines.endpoint("kafka", "bootstrap"),
  ];
  const job = compileFlink(set, {
    name,
    timeZone: run.timeZone,
    kafka: { bootstrapServers: bootstrap, topicPrefix: `${name}.` },
    lake: { path: `file://${engines.folder}/${name}`, bootstrapIndex: false },
    checkpointIntervalMs: CHECKPOINT_MS,
    models: run.models,
  });
  const written = new Set(job.sinks.map((sink) => sink.of));
  const models = set.models.filter((model) => written.has(model.name));
  await connection.run(`SET TimeZone = '${run.timeZone}'`);
  await computeBatch(connection, set, models, run.inputs);
  const tables: Tables = { connection, lake: `${engines.folder}/${name}`, models };

  const topics = new ClusterTopics({ bootstrap: [bootstrap] });
  await topics.ensure([...job.topics.read, ...job.topics.written]);
  const log = await openKafkaLog({ bootstrap: [bootstrap], topicPrefix: `${name}.` });
  const read = new Set(job.sources.map((source) => source.of));
  const inputs = run.inputs.filter(({ topic }) => read.has(topic));
  const half = Math.floor(inputs.length / 2);
  await append(log, inputs.slice(0, half));

  const jobs = new FlinkJobs(engines.endpoint("flink", "rest"));
  say(`${models.length} models, ${job.inserts.length} inserts, ${inputs.length} records`);
  const id = await startJob({ gateway, jobs, job, onProgress: say });
  try {
    const first = models.find((model) => model.topics.length > 0);
    await until(async () => first !== undefined && (await tableRows(tables, first)) > 0);
    say("rows are in the lake");
    // what it takes in now, the death may undo
    await append(log, inputs.slice(half));
    await engines.kill("flink", "taskmanager");
    say("TaskManager killed");
    await engines.restart("flink");
    let compared: ComparedTable[] = [];
    await until(async () => {
      compared = await compareTables(tables);
      say(inWords(compared));
      const state = (await jobs.status(id))?.state;
      return compared.every(agrees) || state === undefined || ENDED.has(state);
    });
    // what agrees must go on to agree
    if (compared.every(agrees)) await delay(2 * CHECKPOINT_MS);
    const failure = await jobs.lastFailure(id);
    say(`started over ${await jobs.restarts(id)} times; the last failure: ${failure?.cause ?? "none"}`);
    return await compareTables(tables);
  } finally {
    await jobs.cancel(id).catch(() => undefined); // it may have ended
    await Promise.all([log.close(), topics.close()]);
  }
}

export function agrees({ missing, extra }: ComparedTable): boolean {
  return missing + extra === 0;
}

function inWords(tables: readonly ComparedTable[]): string {
  const wrong = tables.filter((table) => !agrees(table));
  const told = wrong.map((table) => `${table.model} -${table.missing} +${table.extra} of ${table.rows}`);
  return `${tables.length - wrong.length} of ${tables.length} tables agree ${told.join(", ")}`;
}

/** In their order, topic by topic: each record with the time at which it came, and what its sender may use. */
async function append(log: Log, records: readonly InputRecord[]): Promise<void> {
  for (const topic of new Set(records.map((record) => record.topic))) {
    const own = records.filter((record) => record.topic === topic);
    await log.append(
      { topic },
      own.map(({ body, receivedAt, scope }) => ({
        value: Buffer.from(body),
        headers: scope === null ? {} : { scope },
        timestampMs: Date.parse(`${receivedAt.replace(" ", "T")}Z`),
      })),
    );
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DRAIN_LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) return;
    await delay(POLL_MS);
  }
}
