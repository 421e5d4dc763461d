import { createHash } from "node:crypto";
import type { Topic } from "@gridlake/contracts";
import type { CommittedTable } from "../checkpoint/checkpoints.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import type { TestResult } from "../data-tests/run.ts";
import {
  assertionsFacet,
  datasetFacets,
  datasetName,
  engineFacet,
  eventSchema,
  type Facets,
  jobFacets,
  type Naming,
  outputStatistics,
  PRODUCER,
  versionFacet,
} from "./facets.ts";

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

interface Job {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
}

interface BaseEvent {
  /** RFC 3339. */
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
}

export interface JobEvent extends BaseEvent {
  readonly job: Job;
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

export interface DatasetEvent extends BaseEvent {
  readonly dataset: Dataset;
}

export interface RunEvent extends JobEvent {
  readonly eventType: "START" | "COMPLETE" | "FAIL";
  readonly run: { readonly runId: string; readonly facets?: Facets };
}

export type LineageEvent = JobEvent | DatasetEvent | RunEvent;

export interface EventContext extends Naming {
  readonly eventTime: string;
}

/** What the models are, without a run: an event for each table, and one for the job that keeps it. */
export function designEvents(set: ModelSet, models: readonly Model[], context: EventContext): LineageEvent[] {
  const topics = set.topics.filter(({ name }) => models.some((model) => model.topics.includes(name)));
  return [
    ...topics.map((topic) => topicEvent(topic, context)),
    ...models.flatMap((model) => [datasetEvent(model, context), jobEvent(model, context)]),
  ];
}

function topicEvent(topic: Topic, context: EventContext): DatasetEvent {
  const { namespace } = context;
  const schema: Facets = {
    schema: {
      _producer: PRODUCER,
      _schemaURL:
        "https://openlineage.io/spec/facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
      fields: topic.fields.map(({ name, type, description }, at) => ({
        name,
        type,
        description,
        ordinal_position: at + 1,
      })),
    },
  };
  const dataset = { namespace, name: datasetName({ kind: "topic", name: topic.name }), facets: schema };
  return { ...base(context, "DatasetEvent"), dataset };
}

function datasetEvent(model: Model, context: EventContext): DatasetEvent {
  const { namespace } = context;
  return {
    ...base(context, "DatasetEvent"),
    dataset: { namespace, name: model.name, facets: datasetFacets(model, context) },
  };
}

function jobEvent(model: Model, context: EventContext): JobEvent {
  const { namespace } = context;
  return {
    ...base(context, "JobEvent"),
    job: { namespace, name: model.name, facets: jobFacets(model) },
    inputs: inputsOf(model, context),
    outputs: [{ namespace, name: model.name, facets: datasetFacets(model, context) }],
  };
}

/** The engine that computes. */
export interface LineageEngine {
  name: string;
  version: string;
}

/** The run of a model's job that a checkpoint is: its start and its end. The same checkpoint is the same run. */
export function checkpointEvents(
  committed: CommittedTable,
  context: Naming & { engine: LineageEngine },
): [RunEvent, RunEvent] {
  const { model, checkpoint, startedAt, completedAt } = committed;
  const { namespace, engine } = context;
  const runId = uuidOf(`${namespace}\n${model.name}\n${checkpoint}\n${model.fingerprint}`);
  const job = { namespace, name: model.name, facets: jobFacets(model) };
  const run = { runId, facets: { processing_engine: engineFacet(engine) } };
  const inputs = inputsOf(model, context);
  const output: Dataset = {
    namespace,
    name: model.name,
    facets: { ...datasetFacets(model, context), version: versionFacet(`checkpoint ${checkpoint}`) },
    outputFacets: { outputStatistics: outputStatistics(committed.upserts + committed.deletes) },
  };
  const event = (eventType: "START" | "COMPLETE", eventTime: string): RunEvent => ({
    ...base({ eventTime }, "RunEvent"),
    eventType,
    run,
    job,
    inputs,
    outputs: [output],
  });
  return [event("START", startedAt), event("COMPLETE", completedAt)];
}

/** A run of tests: the tables that they read, each with what was found in it. */
export function testEvents(
  results: readonly TestResult[],
  context: EventContext & { startedAt: string; runName: string },
): [RunEvent, RunEvent] {
  const { namespace, startedAt, eventTime } = context;
  const tables = new Map<string, TestResult[]>();
  for (const result of results) {
    const table = result.test.model ?? result.test.reads[0];
    if (table !== undefined) tables.set(table, [...(tables.get(table) ?? []), result]);
  }
  const inputs = [...tables].map(([name, ofTable]) => ({
    namespace,
    name,
    inputFacets: { dataQualityAssertions: assertionsFacet(ofTable) },
  }));
  const common = {
    run: { runId: uuidOf(`${namespace}\ntests\n${context.runName}\n${startedAt}`) },
    job: { namespace, name: "model-tests" },
    outputs: [],
  };
  return [
    { ...base({ eventTime: startedAt }, "RunEvent"), eventType: "START", ...common, inputs: [] },
    { ...base({ eventTime }, "RunEvent"), eventType: "COMPLETE", ...common, inputs },
  ];
}

function inputsOf(model: Model, { namespace }: Naming): Dataset[] {
  return [
    ...model.topics.map((name) => ({ namespace, name: datasetName({ kind: "topic", name }) })),
    ...model.inputs.map((name) => ({ namespace, name })),
  ];
}

function base({ eventTime }: { eventTime: string }, event: Parameters<typeof eventSchema>[0]): BaseEvent {
  return { eventTime, producer: PRODUCER, schemaURL: eventSchema(event) };
}

/** A name-based UUID (RFC 9562, version 5, its namespace the text's own beginning). */
function uuidOf(name: string): string {
  const bytes = createHash("sha1").update(`${PRODUCER}\n${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
