import type { Topic } from "@gridlake/contracts";

/** Where a job's inputs are, where its results go, and how it runs. Plain data. */
export interface FlinkOptions {
  /** The job's name; group and transactions of Kafka are named after it, so two jobs need two names. */
  readonly name: string;
  /** The grid's time zone (IANA). @default "UTC" */
  readonly timeZone?: string;
  readonly kafka: {
    /** `host:port`, several with commas. */
    readonly bootstrapServers: string;
    /** Before every topic's name. @default "" */
    readonly topicPrefix?: string;
    /** Further properties of the client, such as those of SASL. */
    readonly properties?: Readonly<Record<string, string>>;
  };
  readonly lake: {
    /** The folder of the lake: each table is `<path>/<layer>/<model>`. `hdfs://master:9000/lake` */
    readonly path: string;
    /**
     * Reads the keys of tables that have rows already, at the start of a job without a savepoint: without them Flink would
     * insert those rows a second time. @default true
     */
    readonly bootstrapIndex?: boolean;
  };
  /** Topics whose rows come from a business database instead of from Kafka, by the topic's name. */
  readonly mysql?: Readonly<Record<string, MysqlSource>>;
  /** @default 1 */
  readonly parallelism?: number;
  /** @default 10_000 */
  readonly checkpointIntervalMs?: number;
  /** Models whose tables are written, those they read included; all if absent. */
  readonly models?: readonly string[];
}

/** A table of MySQL that stands for a register's topic: one row of it is one accepted line. */
export interface MysqlSource {
  readonly hostname: string;
  /** @default 3306 */
  readonly port?: number;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly table: string;
  /** Range of server ids, one for each parallel reader: `5400-5407`. Each job needs its own. */
  readonly serverId?: string;
  /** A BIGINT primary key, which is the line's `topic_offset`. */
  readonly idColumn: string;
  /** The table's column behind each of the topic's fields; those not named are NULL. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One statement, and what it makes. */
export interface FlinkStatement {
  /** The table or view. */
  readonly name: string;
  /** The model or topic that it is for. */
  readonly of: string;
  readonly sql: string;
}

/** A model set as one Flink job. Its statements are run in one session of the SQL Gateway, in the order of the fields. */
export interface FlinkJob {
  readonly name: string;
  /** `SET 'key' = 'value'` each. */
  readonly settings: Readonly<Record<string, string>>;
  /** The topics' tables. */
  readonly sources: readonly FlinkStatement[];
  /** The topics' lines, decoded, and each model's rows; inputs before the views that read them. */
  readonly views: readonly FlinkStatement[];
  /** The lake's tables, and the topics of the models that are live. */
  readonly sinks: readonly FlinkStatement[];
  /** What fills a sink: the parts of the statement set. */
  readonly inserts: readonly FlinkStatement[];
  /** `EXECUTE STATEMENT SET BEGIN … END`: the one statement that starts the job. */
  readonly statementSet: string;
  /** Kafka topics that must be there before: a missing one restarts the job for ever, without a word. */
  readonly topics: { readonly read: readonly string[]; readonly written: readonly string[] };
}

/** The statements of a job, in the order in which they are run. */
export function flinkStatements(job: FlinkJob): string[] {
  const settings = Object.entries(job.settings).map(([key, value]) => `SET '${key}' = '${value}'`);
  const ddl = [...job.sources, ...job.views, ...job.sinks].map(({ sql }) => sql);
  return [...settings, ...ddl, job.statementSet];
}

/** The job as a script for Flink's SQL client. */
export function flinkScript(job: FlinkJob): string {
  return flinkStatements(job)
    .map((statement) => `${statement};\n`)
    .join("\n");
}

/** A topic's name in Kafka. */
export function kafkaTopic(options: FlinkOptions, topic: Pick<Topic, "name">): string {
  return `${options.kafka.topicPrefix ?? ""}${topic.name}`;
}

/** The topic of a live model's changes in Kafka. */
export function liveTopic(options: FlinkOptions, model: { readonly name: string }): string {
  return `${options.kafka.topicPrefix ?? ""}live.${model.name}`;
}
