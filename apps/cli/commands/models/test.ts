import { Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-codes.ts";
import type { TestedRule } from "../../platform.ts";
import { count, dataOption, excluded, type OpenModels, selectors } from "./arguments.ts";

const SAMPLES = 5;

interface TestOptions {
  data?: string;
  exclude: string[];
  asOf?: string;
  limit: number;
  format: "text" | "json";
}

/** `./gridlake models test`: the rules of the headers and of models/tests, held to the lake's rows. */
export function testing(context: Context, open: OpenModels, finish: (code: number) => void): Command {
  return new Command("test")
    .description("run the models' tests over the lake: no row may break a rule")
    .addArgument(selectors())
    .addOption(excluded())
    .addOption(dataOption())
    .option("--as-of <instant>", "the lake as it was then: 2013-10-01T00:00:00Z, or a Hudi instant")
    .option("--limit <n>", "rows to show of those that break a rule", count, SAMPLES)
    .addOption(
      new Option("--format <format>", "how results are written").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", "\nExits 1 if a test of severity error fails, or any could not be run.")
    .action(async (select: string[], options: TestOptions) => {
      const { existingDataDirectory } = await import("../../data-directory.ts");
      const dataDir = existingDataDirectory(context, options.data);
      const models = await open();
      const results: TestedRule[] = [];
      const { tests, checkpoint } = await models.test({
        select,
        exclude: options.exclude,
        dataDir,
        samples: options.limit,
        ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
        onTest: (result) => {
          results.push(result);
          if (options.format === "text") context.out(resultText(result));
        },
      });
      if (tests === 0) await refuseNothing();
      if (options.format === "json") context.out(`${JSON.stringify({ checkpoint, results }, null, 2)}\n`);
      else context.out(`\n${countsText(results)} at checkpoint ${checkpoint}\n`);
      const isBad = results.some(({ status }) => status === "fail" || status === "error");
      finish(isBad ? EXIT.failure : EXIT.ok);
    });
}

async function refuseNothing(): Promise<never> {
  const { GridlakeError } = await import("@gridlake/kernel");
  throw new GridlakeError("CLI_NOTHING_TESTED", "the models selected have no tests", {
    remedy: "select others, or write tests into their headers",
  });
}

function resultText({ name, status, failures, samples, error }: TestedRule): string {
  const head = `${status.toUpperCase().padEnd(5)} ${name}`;
  if (error !== null) return `${head}\n      ${error.code}: ${error.message}\n`;
  if (failures === 0) return `${head}\n`;
  const rows = samples.map((row) => `      ${JSON.stringify(row)}\n`).join("");
  return `${head}: ${failures} ${failures === 1 ? "row breaks" : "rows break"} it\n${rows}`;
}

function countsText(results: readonly TestedRule[]): string {
  const of = (status: string): number => results.filter((result) => result.status === status).length;
  return `${of("pass")} passed, ${of("warn")} warned, ${of("fail")} failed, ${of("error")} could not be run`;
}
