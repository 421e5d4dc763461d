import { userInfo } from "node:os";
import { Command } from "commander";
import { type Answering, count, dryRun, instant, list, table } from "./arguments.ts";

interface CleanOptions {
  dryRun: boolean;
  commits?: number;
  hours?: number;
  versions?: number;
}

interface SavepointOptions {
  add?: boolean;
  instant?: string;
  comment: string;
  delete?: string;
  dryRun: boolean;
}

/** The services of a table. Each waits for its writer, and tells on a dry run what it would do. */
export function services(answer: Answering): Command[] {
  return [
    new Command("clean")
      .description("delete the files that the retained past does not need")
      .addArgument(table())
      .option("--commits <n>", "keep the table readable as of so many newest commits (default: 10)", count)
      .option("--hours <n>", "as of so many last hours", count)
      .option("--versions <n>", "keep so many versions of each file", count)
      .addOption(dryRun())
      .action((name: string, options: CleanOptions) => answer((lake) => lake.clean(name, options))),
    new Command("compact")
      .description("merge log files into base files (MERGE_ON_READ)")
      .addArgument(table())
      .option("--min-log-files <n>", "only file groups with so many", count)
      .addOption(dryRun())
      .action((name: string, options: { dryRun: boolean; minLogFiles?: number }) =>
        answer((lake) => lake.compact(name, options)),
      ),
    new Command("cluster")
      .description("write small files together, or rows in the order of columns")
      .addArgument(table())
      .option("--sort-by <columns>", "put each partition's rows in this order (a,b)", list)
      .option("--partitions <paths>", "only these, by their folders (2026-01-01,2026-01-02)", list)
      .addOption(dryRun())
      .action((name: string, options: { dryRun: boolean; sortBy?: string[]; partitions?: string[] }) =>
        answer((lake) => lake.cluster(name, options)),
      ),
    new Command("rollback")
      .description("undo the newest write, which has to be named")
      .addArgument(table())
      .requiredOption("--instant <instant>", "the newest write", instant)
      .addOption(dryRun())
      .action((name: string, options: { instant: string; dryRun: boolean }) =>
        answer((lake) => lake.rollback(name, options)),
      ),
    new Command("restore")
      .description("undo all writes after one, or after a savepoint")
      .addArgument(table())
      .requiredOption("--to <instant>", "the write that is to be the newest", instant)
      .addOption(dryRun())
      .action((name: string, options: { to: string; dryRun: boolean }) =>
        answer((lake) => lake.restore(name, options)),
      ),
    new Command("savepoint")
      .description("show the savepoints; add one, or delete one")
      .addArgument(table())
      .option("--add", "save the table as of its newest write, or as of --instant")
      .option("--instant <instant>", "with --add: a completed write", instant)
      .option("--comment <text>", "with --add: what for", "")
      .option("--delete <instant>", "delete the savepoint of this write", instant)
      .option("--dry-run", "tell what would be saved or deleted, and leave it", false)
      .action((name: string, options: SavepointOptions) =>
        answer((lake) => lake.savepoints(name, savepointRequest(options))),
      ),
  ];
}

function savepointRequest({ add, instant: saved, comment, delete: remove, dryRun: isDry }: SavepointOptions) {
  const user = userInfo().username;
  return {
    ...(add
      ? { add: { user, comment, dryRun: isDry, ...(saved === undefined ? {} : { instant: saved }) } }
      : {}),
    ...(remove === undefined ? {} : { remove: { instant: remove, dryRun: isDry } }),
  };
}
