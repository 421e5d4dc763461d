import { Command, Option } from "commander";
import type { Context } from "../../context.ts";
import type { CompiledFile, Models } from "../../platform.ts";
import { excluded, type OpenModels, selectors } from "./arguments.ts";

const FORMS = ["tree", "json", "mermaid", "dot", "openlineage"] as const;
const DIALECTS = ["duckdb", "flink", "docs"] as const;
/** Where the cluster profile has them. */
const PLACE = { kafka: "localhost:9092", lake: "hdfs://master:9000/lake", timeZone: "UTC" };

interface CompileOptions {
  dialect: (typeof DIALECTS)[number];
  exclude: string[];
  kafka: string;
  lake: string;
  timeZone: string;
  out?: string;
}

/** What makes a text of models. */
export function texts(context: Context, open: OpenModels): Command[] {
  return [
    new Command("lineage")
      .description("what models are made of and what reads them; of one column with model.column")
      .addArgument(selectors())
      .addOption(excluded())
      .addOption(new Option("--format <format>", "how it is written").choices(FORMS).default("tree"))
      .action(async (select: string[], options: { exclude: string[]; format: (typeof FORMS)[number] }) => {
        const models = await open();
        context.out(models.lineage(select, { form: options.format, exclude: options.exclude }));
      }),
    new Command("compile")
      .description("the SQL of an engine, or the pages of the docs site, that are made of the models")
      .addArgument(selectors())
      .addOption(new Option("--dialect <dialect>", "what to make").choices(DIALECTS).default("duckdb"))
      .addOption(excluded())
      .option("--kafka <servers>", "flink: the brokers of the topics", PLACE.kafka)
      .option("--lake <path>", "flink: the lake's folder", PLACE.lake)
      .option("--time-zone <name>", "flink: the grid's time zone", PLACE.timeZone)
      .option(
        "--out <dir>",
        "write a file for each model, or the Flink job, there (default: all to standard output)",
      )
      .action(async (select: string[], options: CompileOptions) =>
        compile(context, await open(), select, options),
      ),
    new Command("docs")
      .description("write the docs site: a page of Markdown for each model, and one that lists them")
      .addArgument(selectors())
      .addOption(excluded())
      .requiredOption("--out <dir>", "the site's folder")
      .action(async (select: string[], options: Pick<CompileOptions, "exclude" | "out">) =>
        compile(context, await open(), select, { ...PLACE, ...options, dialect: "docs" }),
      ),
  ];
}

async function compile(
  context: Context,
  models: Models,
  select: readonly string[],
  { dialect, exclude, out, kafka, lake, timeZone }: CompileOptions,
): Promise<void> {
  const files = models.compile(dialect, { select, exclude }, { kafka, lake, timeZone });
  if (out === undefined) {
    for (const { path, text } of files) context.out(`${heading(dialect, path)}${text}\n`);
    return;
  }
  await writeFiles(out, files);
  context.err(`wrote ${files.length} files to ${out}\n`);
}

function heading(dialect: CompileOptions["dialect"], path: string): string {
  return dialect === "docs" ? "" : `-- ${path}\n`;
}

async function writeFiles(folder: string, files: readonly CompiledFile[]): Promise<void> {
  const [{ mkdir, writeFile }, { dirname, join }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  for (const { path, text } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
