import { Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { count, dataOption, excluded, type OpenModels, selectors } from "./arguments.ts";

const FORMATS = ["table", "json", "csv"] as const;
const SAMPLE_ROWS = 5;

interface ListOptions {
  exclude: string[];
  format: (typeof FORMATS)[number];
}

interface ShowOptions {
  data?: string;
  limit: number;
  format: "table" | "json";
}

/** What only looks. */
export function looks(context: Context, open: OpenModels): Command[] {
  return [
    new Command("ls")
      .description("the models in the order in which they are computed, with owner, key and inputs")
      .addArgument(selectors())
      .addOption(excluded())
      .addOption(new Option("--format <format>", "how they are written").choices(FORMATS).default("table"))
      .action(async (select: string[], { exclude, format }: ListOptions) => {
        const models = await open();
        const { writeResult } = (await import(
          `../../results/${format}.ts`
        )) as typeof import("../../results/table.ts");
        writeResult(models.list({ select, exclude }), context.out);
      }),
    new Command("show")
      .description("what a model is: header, columns, inputs and readers, how it is kept up to date, rows")
      .argument("<model>", "a model's name")
      .addOption(dataOption())
      .option("--limit <n>", "rows of the lake to show", count, SAMPLE_ROWS)
      .addOption(
        new Option("--format <format>", "how it is written").choices(["table", "json"]).default("table"),
      )
      .action(async (name: string, options: ShowOptions) => {
        const models = await open();
        const [{ existsSync }, { dataDirectory }, { writeModel }] = await Promise.all([
          import("node:fs"),
          import("../../data-directory.ts"),
          import("../../results/model.ts"),
        ]);
        const dataDir = dataDirectory(context, options.data);
        const lake = existsSync(dataDir) ? { dataDir } : {};
        writeModel(await models.show(name, { ...lake, limit: options.limit }), options.format, context.out);
      }),
  ];
}
