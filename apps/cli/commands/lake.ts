import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import type { Lake, LakeAnswer } from "../platform.ts";

const FORMATS = ["table", "json", "csv"] as const;
const DEFAULT_LIMIT = 50;

interface LakeOptions {
  data?: string;
  format: (typeof FORMATS)[number];
}

type Use = (lake: Lake) => Promise<LakeAnswer>;

/** `./gridlake lake …`: the lake's tables, their past and their services, whether the platform runs or not. */
export function lakeCommand(context: Context): Command {
  const lake = new Command("lake")
    .description("look at the lake's tables and keep them: timeline, files, clean, import, export …")
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)")
    .addOption(new Option("--format <format>", "how the answer is written").choices(FORMATS).default("table"))
    .addHelpText(
      "after",
      "\nA table is named by its folder in the lake (dwd_reading), or by a path that holds a slash.",
    );
  const answer = async (use: Use) => {
    const options = lake.opts<LakeOptions>();
    const { existingDataDirectory } = await import("../data-directory.ts");
    const dataDir = existingDataDirectory(context, options.data);
    const [platform, { writeResult }] = await Promise.all([
      context.platform(),
      import(`../results/${options.format}.ts`) as Promise<typeof import("../results/table.ts")>,
    ]);
    const opened = await platform.openLake({ dataDir });
    try {
      writeResult(await use(opened), context.out);
    } finally {
      await opened.close();
    }
  };
  for (const command of [...looks(answer), ...transfers(answer)]) lake.addCommand(command);
  return lake;
}

type Answering = (use: Use) => Promise<void>;

const table = () => new Argument("<table>", "a table of the lake");
const asOf = () => new Option("--as-of <instant>", "the table as it was then, inclusive").argParser(instant);

function looks(answer: Answering): Command[] {
  return [
    new Command("ls")
      .description("the tables, what they take on disk and their newest commits")
      .action(() => answer((lake) => lake.tables())),
    new Command("show")
      .description("what a table is: its kind, keys, columns and sizes")
      .addArgument(table())
      .action((name: string) => answer((lake) => lake.show(name))),
    new Command("timeline")
      .description("what was done to a table, newest first; unfinished actions too")
      .addArgument(table())
      .option("--limit <n>", "how many instants", count, DEFAULT_LIMIT)
      .action((name: string, options: { limit: number }) => answer((lake) => lake.timeline(name, options))),
    new Command("files")
      .description("the base and log files that hold a table's rows")
      .addArgument(table())
      .addOption(asOf())
      .option("--partition <path>", "of one partition, by its folder")
      .action((name: string, options: { asOf?: string; partition?: string }) =>
        answer((lake) => lake.files(name, options)),
      ),
  ];
}

interface ImportOptions {
  from: string;
  operation: "upsert" | "insert" | "bulk_insert";
  key?: string;
  partition?: string;
  ordering?: string;
  type: "COPY_ON_WRITE" | "MERGE_ON_READ";
  tableVersion: "6" | "8" | "9";
}

function transfers(answer: Answering): Command[] {
  return [
    new Command("import")
      .description("the rows of a CSV, JSON or Parquet file into a table, in one commit")
      .addArgument(table())
      .requiredOption("--from <file>", "the file, or a glob of several")
      .addOption(
        new Option("--operation <operation>", "what happens to rows whose key is there already")
          .choices(["upsert", "insert", "bulk_insert"])
          .default("upsert"),
      )
      .option("--key <columns>", "make the table, with these record key columns (a,b)")
      .option("--partition <column>", "of a new table: the column whose values are its folders")
      .option("--ordering <column>", "of a new table: the higher value holds")
      .addOption(
        new Option("--type <type>", "of a new table")
          .choices(["COPY_ON_WRITE", "MERGE_ON_READ"])
          .default("COPY_ON_WRITE"),
      )
      .addOption(
        new Option("--table-version <version>", "of a new table: Hudi's")
          .choices(["6", "8", "9"])
          .default("6"),
      )
      .action((name: string, options: ImportOptions) => {
        const create = options.key && {
          type: options.type,
          version: Number(options.tableVersion) as 6 | 8 | 9,
          recordKey: options.key.split(","),
          partition: options.partition ?? null,
          ordering: options.ordering ?? null,
        };
        const { from, operation } = options;
        return answer((lake) => lake.import(name, { from, operation, ...(create ? { create } : {}) }));
      }),
    new Command("export")
      .description("a table's rows into one CSV, JSON or Parquet file")
      .addArgument(table())
      .requiredOption("--to <file>", "the file; its ending says the format")
      .addOption(asOf())
      .action((name: string, options: { to: string; asOf?: string }) =>
        answer((lake) => lake.export(name, options)),
      ),
  ];
}

/** A Hudi instant or the beginning of one: 20131001, 20131001000000000. */
function instant(value: string): string {
  if (/^\d{4,17}$/.test(value)) return value;
  throw new InvalidArgumentError("It takes an instant of the table's timeline, like 20131001000000000.");
}

function count(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It takes a whole number above 0.");
}
