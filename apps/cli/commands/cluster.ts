import { Command, InvalidArgumentError, Option } from "commander";
import type { Cluster } from "@gridlake/cluster";
import type { Context } from "../context.ts";

const FORMATS = ["table", "json"] as const;

interface PlaceOptions {
  dir?: string;
  data?: string;
}

interface StatusOptions extends PlaceOptions {
  format: (typeof FORMATS)[number];
}

type Numbers = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface UpOptions extends StatusOptions {
  only: readonly string[];
  ports: "fixed" | "free";
  port: Numbers;
  set: Numbers;
}

interface DownOptions extends PlaceOptions {
  only: readonly string[];
  purge?: boolean;
}

/** `./gridlake cluster`: the engines of the cluster profile, on this machine, from their jars. */
export function clusterCommand(context: Context): Command {
  const command = new Command("cluster").description(
    "start and stop the engines of the cluster profile on this machine (HDFS, Kafka, Flink …)",
  );
  placed(command.command("up"))
    .description("start engines, and what they need, and wait until they are ready")
    .addOption(onlyOption("start these alone (hdfs,kafka or repeated); without it all"))
    .addOption(
      new Option(
        "--ports <policy>",
        "fixed: the usual ones, and an error when one is taken; free: any that are free",
      )
        .choices(["fixed", "free"])
        .default("fixed"),
    )
    .addOption(numbersOption("--port <engine.role=n>", "take this port: hdfs.namenode=9010 (repeatable)"))
    .addOption(numbersOption("--set <engine.name=n>", "change a setting: flink.slots=16 (repeatable)"))
    .addOption(formatOption())
    .addHelpText(
      "after",
      "\nThe engines outlive this command; ./gridlake cluster down ends them. Their jars are fetched by Maven the first time.\n" +
        "It needs Java 17 to 23 and Maven. SIGINT cancels the start of the engine that is not up yet.",
    )
    .action((options: UpOptions) => up(context, options));
  command
    .command("fetch")
    .description("fetch the engines' jars, and look for Java and Maven, without starting anything")
    .addOption(onlyOption("for these alone; without it for all"))
    .action(async ({ only }: { only: readonly string[] }) => {
      const cluster = await openCluster(context, {});
      await cluster.fetch({ only });
    });
  placed(command.command("status"))
    .description("show what runs, where it listens and what memory it holds")
    .addOption(formatOption())
    .action(async (options: StatusOptions) => {
      const cluster = await openCluster(context, options);
      await writeStatus(context, await cluster.status(), options.format);
    });
  placed(command.command("logs"))
    .description("show the end of an engine's logs")
    .argument("<engine>")
    .option("--lines <n>", "of each log so many lines", wholeNumber, 50)
    .action(async (engine: string, options: PlaceOptions & { lines: number }) => {
      const cluster = await openCluster(context, options);
      for (const { file, lines } of await cluster.logs(engine, options.lines)) {
        context.out([`==> ${file}`, ...lines, ""].map((line) => `${line}\n`).join(""));
      }
    });
  placed(command.command("down"))
    .description("stop engines, and all that they have started")
    .addOption(onlyOption("stop these alone; without it all"))
    .option("--purge", "remove their data and logs too")
    .action(async ({ only, purge = false, ...place }: DownOptions) => {
      const cluster = await openCluster(context, place);
      await cluster.down({ purge, ...(only.length > 0 ? { only } : {}) });
    });
  return command;
}

async function up(context: Context, options: UpOptions): Promise<void> {
  const cluster = await openCluster(context, options);
  const cancel = new AbortController();
  const forget = context.onStopSignal(() => cancel.abort());
  try {
    const statuses = await cluster.up({
      ...(options.only.length > 0 ? { only: options.only } : {}),
      portPolicy: options.ports,
      ports: options.port,
      settings: options.set,
      signal: cancel.signal,
    });
    await writeStatus(context, statuses, options.format);
  } finally {
    forget();
  }
}

async function openCluster(context: Context, place: PlaceOptions): Promise<Cluster> {
  const [{ join, resolve }, { dataDirectory }, cluster] = await Promise.all([
    import("node:path"),
    import("../data-directory.ts"),
    import("@gridlake/cluster"),
  ]);
  return new cluster.Cluster({
    directory: place.dir ? resolve(place.dir) : join(dataDirectory(context, place.data), "cluster"),
    jars: cluster.jarsFolder(context.root, context.env),
    say: (message) => context.err(`${message}\n`),
  });
}

async function writeStatus(
  context: Context,
  statuses: Awaited<ReturnType<Cluster["status"]>>,
  format: StatusOptions["format"],
): Promise<void> {
  if (format === "json") return context.out(`${JSON.stringify(statuses, null, 2)}\n`);
  const { clusterTable } = await import("../results/cluster-table.ts");
  context.out(clusterTable(statuses));
}

function placed(command: Command): Command {
  return command
    .option("--dir <dir>", "the cluster's folder (default: cluster in the data directory)")
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)");
}

function formatOption(): Option {
  return new Option("--format <format>", "how the status is written").choices(FORMATS).default("table");
}

function onlyOption(description: string): Option {
  return new Option("--only <engines>", description)
    .argParser((value: string, before: readonly string[]) => [
      ...before,
      ...value.split(",").filter((name) => name !== ""),
    ])
    .default([], "all");
}

/** `engine.name=number`, gathered: `{ hdfs: { namenode: 9010 } }`. */
function numbersOption(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: Numbers): Numbers => {
      const [, engine = "", name = "", number = ""] = /^([^.=]+)\.([^.=]+)=(\d+)$/.exec(value) ?? [];
      if (number === "") throw new InvalidArgumentError("It takes ENGINE.NAME=NUMBER.");
      return { ...before, [engine]: { ...before[engine], [name]: Number(number) } };
    })
    .default({}, "none");
}

function wholeNumber(value: string): number {
  if (/^\d+$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It takes a number from 1.");
}
