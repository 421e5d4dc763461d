import { LINE_METADATA, type Topic, TOPICS } from "@gridlake/contracts";
import { compileFlink, type FlinkJob, type Model, type ModelSet } from "@gridlake/pipeline";
import { flinkType } from "@gridlake/pipeline/dialect/flink/flink-type.ts";
import { ident } from "@gridlake/pipeline/dialect/flink/quote.ts";
import type { SqlGateway } from "../flink/sql-gateway.ts";

export interface Planned {
  /** Models and topics that the planner was asked about. */
  readonly asked: number;
  /** What it refused, and why. */
  readonly refused: readonly string[];
}

/**
 * Asks Flink's planner for every statement of a model set: all DDL, each topic's lines, each model's inserts.
 *
 * A model is planned over tables that stand for its inputs, with their types and keys and every kind of change: as one query
 * down to the topics, which is what Flink makes of views, a deep model alone takes the planner a minute, and all of them an hour.
 */
export async function planModels(gateway: SqlGateway, set: ModelSet): Promise<Planned> {
  const job = plannedJob(set);
  for (const [key, value] of Object.entries(job.settings)) await gateway.run(`SET '${key}' = '${value}'`);
  const refused: string[] = [];
  const attempt = async (of: string, sql: string): Promise<void> => {
    await gateway.run(sql).catch((error: unknown) => refused.push(`${of}: ${String(error)}`));
  };
  for (const { of, sql } of [...job.sources, ...job.sinks]) await attempt(of, sql);
  for (const [at, { name, of, sql }] of job.views.entries()) {
    const model = set.byName.get(of);
    await attempt(of, sql);
    await attempt(of, `EXPLAIN ${model ? statementSet(job, model) : `SELECT * FROM ${ident(name)}`}`);
    // a topic's first views are read by its last alone
    if (model === undefined && job.views[at + 1]?.of === of) continue;
    await attempt(of, `DROP TEMPORARY VIEW ${ident(name)}`);
    const topic = TOPICS.find((one) => one.name === of);
    if (model) await gateway.run(standIn(name, model.columns, model.key));
    else if (topic) await gateway.run(standIn(name, lineColumns(topic)));
  }
  return { asked: job.views.length, refused };
}

/** Asks the planner for the whole job as it would be submitted. @throws INTEROP_FLINK_REFUSED */
export async function planWhole(
  gateway: SqlGateway,
  set: ModelSet,
  models?: readonly string[],
): Promise<void> {
  const job = plannedJob(set, models);
  for (const [key, value] of Object.entries(job.settings)) await gateway.run(`SET '${key}' = '${value}'`);
  for (const { sql } of [...job.sources, ...job.views, ...job.sinks]) await gateway.run(sql);
  await gateway.run(job.statementSet.replace("EXECUTE", "EXPLAIN"));
}

function plannedJob(set: ModelSet, models?: readonly string[]): FlinkJob {
  return compileFlink(set, {
    name: "planned",
    timeZone: "Europe/Berlin",
    kafka: { bootstrapServers: "127.0.0.1:9" },
    lake: { path: "file:///nowhere" },
    ...(models === undefined ? {} : { models }),
  });
}

function statementSet(job: FlinkJob, model: Model): string {
  const inserts = job.inserts.filter((insert) => insert.of === model.name);
  return `STATEMENT SET BEGIN\n${inserts.map(({ sql }) => `${sql};\n`).join("")}END`;
}

interface StandInColumn {
  readonly name: string;
  readonly type: Parameters<typeof flinkType>[0];
}

function lineColumns(topic: Topic): StandInColumn[] {
  return [...LINE_METADATA, ...topic.fields];
}

/** With a key, a table whose rows change and go; without one, lines that only come. */
function standIn(name: string, columns: readonly StandInColumn[], key: readonly string[] = []): string {
  const parts = columns.map((column) => `${ident(column.name)} ${flinkType(column.type)}`);
  if (key.length > 0) parts.push(`PRIMARY KEY (${key.map(ident).join(", ")}) NOT ENFORCED`);
  return `CREATE TEMPORARY TABLE ${ident(name)} (${parts.join(", ")}) WITH ('connector' = 'kafka', 'topic' = 'none',
  'properties.bootstrap.servers' = '127.0.0.1:9', 'scan.startup.mode' = 'earliest-offset',
  'format' = '${key.length > 0 ? "debezium-json" : "json"}')`;
}
