import { GridlakeError } from "@gridlake/kernel";
import type { Topic } from "@gridlake/contracts";
import type { BlockInput } from "../../ir/block.ts";
import type { Model, ModelSet } from "../../ir/model.ts";
import { modelSql } from "./block.ts";
import { type FlinkJob, type FlinkOptions, type FlinkStatement, kafkaTopic, liveTopic } from "./job.ts";
import { lineViews } from "./lines.ts";
import { ident } from "./quote.ts";
import { jobSettings } from "./settings.ts";
import { lakeInsert, lakeSink, liveSink } from "./sink.ts";
import { kafkaSource, mysqlLinesSql, mysqlSource } from "./source.ts";
import { type ZoneHistory, zoneHistory } from "./zone-history.ts";

const sourceName = (topic: string): string => `${topic}__topic`;
const parsedName = (topic: string): string => `${topic}__parsed`;
const typedName = (topic: string): string => `${topic}__typed`;
const linesName = (topic: string): string => `${topic}__lines`;
/** A sink has the model's own name, for that is what Hudi calls its table. */
const rowsName = (model: string): string => `${model}__rows`;
const liveName = (model: string): string => `${model}__live`;

/**
 * A table that takes nothing. The planner makes one expression of a query and of those below it, but for what two sinks read,
 * which it plans and computes on its own: what must stay apart is read by this one, too.
 */
const APART = "kept_apart";

/**
 * A model set as one job of Flink SQL. Pure: the same models and options give the same text.
 * @throws FLINK_UNSUPPORTED_CAST, FLINK_UNSUPPORTED_DECIMAL, FLINK_UNSUPPORTED_SHAPE (with the model's file),
 *   FLINK_UNKNOWN_MODEL, FLINK_TIME_ZONE
 */
export function compileFlink(set: ModelSet, options: FlinkOptions): FlinkJob {
  const zone = zoneOf(options.timeZone ?? "UTC");
  const written = writtenModels(set, options);
  const read = modelsBelow(set, written);
  const topics = set.topics.filter(({ name }) => read.some((model) => model.topics.includes(name)));
  const live = written.filter((model) => model.live);
  const fromKafka = topics.filter(({ name }) => options.mysql?.[name] === undefined);
  const inserts = [
    ...written.map((model) => ({
      name: model.name,
      of: model.name,
      sql: lakeInsert(model, rowsName(model.name), zone),
    })),
    ...live.map((model) => ({ name: liveName(model.name), of: model.name, sql: liveInsert(model) })),
    ...fromKafka.flatMap(({ name }) =>
      [parsedName(name), typedName(name)].map((step) => keptApart(step, name)),
    ),
  ];
  return {
    name: options.name,
    settings: jobSettings(options),
    sources: topics.map((topic) => source(topic, options)),
    views: [
      ...topics.flatMap((topic) => topicViews(topic, options)),
      ...read.map((model) => view(rowsName(model.name), model.name, flinkModelSql(model, zone))),
    ],
    sinks: [
      ...written.map((model) => ({ name: model.name, of: model.name, sql: lakeSink(model, options) })),
      ...live.map((model) => ({
        name: liveName(model.name),
        of: model.name,
        sql: liveSink(liveName(model.name), model, options),
      })),
      ...(fromKafka.length === 0 ? [] : [apartSink]),
    ],
    inserts,
    statementSet: `EXECUTE STATEMENT SET BEGIN\n${inserts.map(({ sql }) => `${sql};\n`).join("")}END`,
    topics: {
      read: fromKafka.map((topic) => kafkaTopic(options, topic)),
      written: live.map((model) => liveTopic(options, model)),
    },
  };
}

const resolve = ({ source: { kind, name } }: BlockInput): string =>
  ident(kind === "topic" ? linesName(name) : rowsName(name));

/** A model's query alone, over the views of its inputs. @throws FLINK_UNSUPPORTED_… with the model's file */
export function flinkModelSql(model: Model, zone: ZoneHistory): string {
  try {
    return modelSql(model, { zone, resolve });
  } catch (error) {
    if (!(error instanceof GridlakeError) || !error.code.startsWith("FLINK_UNSUPPORTED")) throw error;
    throw new GridlakeError(error.code, `${model.file}: ${error.message}`, {
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      details: { ...error.details, model: model.name, file: model.file },
      status: error.status,
      cause: error,
    });
  }
}

function zoneOf(timeZone: string): ZoneHistory {
  try {
    return zoneHistory(timeZone);
  } catch (cause) {
    throw new GridlakeError("FLINK_TIME_ZONE", `there is no time zone ${timeZone}`, {
      remedy: "give an IANA name, such as Asia/Shanghai",
      details: { timeZone },
      status: 422,
      cause,
    });
  }
}

function writtenModels(set: ModelSet, { models }: FlinkOptions): Model[] {
  if (models === undefined) return [...set.models];
  const chosen = models.map((name) => {
    const model = set.byName.get(name);
    if (model) return model;
    throw new GridlakeError("FLINK_UNKNOWN_MODEL", `there is no model ${name}`, {
      remedy: "name models of the set",
      details: { model: name },
      status: 422,
    });
  });
  return modelsBelow(set, chosen);
}

/** The models and all that they read, in the set's order. */
function modelsBelow(set: ModelSet, models: readonly Model[]): Model[] {
  const wanted = new Set(models.map(({ name }) => name));
  for (const model of set.models.toReversed()) {
    if (wanted.has(model.name)) for (const input of model.inputs) wanted.add(input);
  }
  return set.models.filter(({ name }) => wanted.has(name));
}

function source(topic: Topic, options: FlinkOptions): FlinkStatement {
  const [name, mysql] = [sourceName(topic.name), options.mysql?.[topic.name]];
  const sql = mysql ? mysqlSource(name, topic, mysql) : kafkaSource(name, topic, options);
  return { name, of: topic.name, sql };
}

function topicViews(topic: Topic, options: FlinkOptions): FlinkStatement[] {
  const { name } = topic;
  const mysql = options.mysql?.[name];
  if (mysql) return [view(linesName(name), name, mysqlLinesSql(topic, mysql, sourceName(name)))];
  const { parsed, typed, lines } = lineViews(topic, {
    source: ident(sourceName(name)),
    parsed: ident(parsedName(name)),
    typed: ident(typedName(name)),
  });
  return [
    view(parsedName(name), name, parsed),
    view(typedName(name), name, typed),
    view(linesName(name), name, lines),
  ];
}

const apartSink: FlinkStatement = {
  name: APART,
  of: APART,
  sql: `CREATE TEMPORARY TABLE ${APART} (topic_offset BIGINT) WITH ('connector' = 'blackhole')`,
};

function keptApart(name: string, of: string): FlinkStatement {
  return {
    name: `${name}__apart`,
    of,
    sql: `INSERT INTO ${APART}\nSELECT topic_offset FROM ${ident(name)} WHERE topic_offset < 0`,
  };
}

function view(name: string, of: string, query: string): FlinkStatement {
  return { name, of, sql: `CREATE TEMPORARY VIEW ${ident(name)} AS\n${query}` };
}

function liveInsert(model: Model): string {
  const columns = model.columns.map(({ name }) => ident(name)).join(", ");
  return `INSERT INTO ${ident(liveName(model.name))}\nSELECT ${columns}\nFROM ${ident(rowsName(model.name))}`;
}
