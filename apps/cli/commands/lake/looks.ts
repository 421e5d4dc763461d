import { Command } from "commander";
import { type Answering, asOf, count, instant, table } from "./arguments.ts";

const DEFAULT_LIMIT = 50;

interface DiffOptions {
  after: string;
  upTo?: string;
  counts?: boolean;
  limit?: number;
}

/** What only looks. */
export function looks(answer: Answering): Command[] {
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
    new Command("history")
      .description("all that was ever done to a table, newest first: the archived timeline too")
      .addArgument(table())
      .option("--limit <n>", "how many instants", count, DEFAULT_LIMIT)
      .action((name: string, options: { limit: number }) => answer((lake) => lake.history(name, options))),
    new Command("diff")
      .description("what became of a table's rows between two instants: I came, U changed, D went")
      .addArgument(table())
      .requiredOption("--after <instant>", "from this one, exclusive", instant)
      .option("--up-to <instant>", "to this one, inclusive (default: the newest)", instant)
      .option("--counts", "only how many, by partition")
      .option("--limit <n>", "the first so many rows", count)
      .action((name: string, options: DiffOptions) => answer((lake) => lake.diff(name, options))),
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
