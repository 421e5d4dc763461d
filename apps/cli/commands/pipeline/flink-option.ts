import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../../context.ts";
import type { FlinkDeployer } from "../../platform.ts";

/** Where Flink, Kafka and the lake are; what is not named is taken from the engines of `./gridlake cluster`. */
export interface FlinkFlags {
  data?: string;
  gateway?: string;
  flink?: string;
  kafka?: string;
  lake?: string;
  topicPrefix?: string;
  timeZone?: string;
  parallelism?: number;
  checkpointSeconds?: number;
  models?: string;
}

export function withFlink(command: Command): Command {
  return command
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)")
    .option("--gateway <url>", "Flink's SQL Gateway (default: that of ./gridlake cluster)")
    .option("--flink <url>", "Flink's JobManager (default: that of ./gridlake cluster)")
    .option("--kafka <brokers>", "host:port, several with commas (default: that of ./gridlake cluster)")
    .option("--lake <uri>", "the lake's folder (default: /lake on the HDFS of ./gridlake cluster)")
    .option("--topic-prefix <text>", "stands before each topic's name in Kafka")
    .option("--time-zone <zone>", "the grid's time zone (default: UTC)")
    .option("--parallelism <n>", "of the job", wholeNumber)
    .option("--checkpoint-seconds <n>", "from one checkpoint to the next", wholeNumber)
    .option("--models <dir>", "folder that holds <layer>/<name>.sql (default: the shipped models)");
}

/** Opens the deployment that the flags name, and closes it whatever comes of it. */
export async function onFlink<T>(
  context: Context,
  flags: FlinkFlags,
  use: (pipeline: FlinkDeployer["pipeline"]) => Promise<T>,
): Promise<T> {
  const [platform, { dataDirectory }, { resolve }] = await Promise.all([
    context.platform(),
    import("../../data-directory.ts"),
    import("node:path"),
  ]);
  const { data, models, ...given } = flags;
  const dataDir = dataDirectory(context, data);
  const opened = await platform.openFlinkPipeline({
    ...given,
    ...(await places(context, flags, dataDir)),
    ...(models === undefined ? {} : { modelsDir: resolve(models) }),
    dataDir,
    onProgress: (message) => context.err(`${message}\n`),
  });
  try {
    return await use(opened.pipeline);
  } finally {
    await opened.close();
  }
}

interface Places {
  gateway: string;
  flink: string;
  kafka: string;
  lake: string;
}

async function places(context: Context, flags: FlinkFlags, dataDir: string): Promise<Places> {
  const [{ GridlakeError }, { Cluster, jarsFolder }, { join }] = await Promise.all([
    import("@gridlake/kernel"),
    import("@gridlake/cluster"),
    import("node:path"),
  ]);
  const { gateway, flink, kafka, lake } = flags;
  if (gateway && flink && kafka && lake) return { gateway, flink, kafka, lake };
  const cluster = new Cluster({
    directory: join(dataDir, "cluster"),
    jars: jarsFolder(context.root, context.env),
  });
  const statuses = await cluster.status();
  const endpoint = (engine: string, purpose: string, option: string): string => {
    const found = statuses.find((status) => status.engine === engine)?.endpoints?.[purpose];
    if (found !== undefined) return found;
    throw new GridlakeError("CLI_NO_ENGINE", `${engine} does not run on this machine`, {
      remedy: `start it (./gridlake cluster up --only hdfs,kafka,flink), or name its address with ${option}`,
      details: { engine },
    });
  };
  return {
    gateway: gateway ?? endpoint("flink", "sqlGateway", "--gateway"),
    flink: flink ?? endpoint("flink", "rest", "--flink"),
    kafka: kafka ?? endpoint("kafka", "bootstrap", "--kafka"),
    lake: lake ?? `${endpoint("hdfs", "fs", "--lake")}/lake`,
  };
}

function wholeNumber(value: string): number {
  if (/^\d+$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It takes a number from 1.");
}
