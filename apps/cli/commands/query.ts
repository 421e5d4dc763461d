import { text } from "node:stream/consumers";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";

const FORMATS = ["table", "json", "csv"] as const;

interface QueryOptions {
  data?: string;
  format: (typeof FORMATS)[number];
  asOf?: string;
}

/** `./gridlake query "SELECT …"`: reads the lake, whether the platform runs or not. */
export function queryCommand(context: Context): Command {
  return new Command("query")
    .description("ask the lake in SQL, whether the platform runs or not")
    .addArgument(new Argument("<sql>", "one SELECT over the lake's tables; - reads it from standard input"))
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)")
    .addOption(new Option("--format <format>", "how rows are written").choices(FORMATS).default("table"))
    .option("--as-of <instant>", "the lake as it was then: 2013-10-01T00:00:00Z, or a Hudi instant", instant)
    .action(async (sql: string, options: QueryOptions) => {
      const { existingDataDirectory } = await import("../data-directory.ts");
      const dataDir = existingDataDirectory(context, options.data);
      const statement = sql === "-" ? await text(process.stdin) : sql;
      const [platform, { writeResult }] = await Promise.all([
        context.platform(),
        import(`../results/${options.format}.ts`) as Promise<typeof import("../results/table.ts")>,
      ]);
      const lake = await platform.openLakeQuery({ dataDir });
      try {
        writeResult(await lake.run(statement, options.asOf ? { asOf: options.asOf } : {}), context.out);
      } finally {
        await lake.close();
      }
    });
}

// RFC 3339 with its offset, or what Hudi names its commits by (yyyyMMddHHmmss, with or without milliseconds)
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const HUDI_INSTANT = /^\d{14}(\d{3})?$/;

function instant(value: string): string {
  if (HUDI_INSTANT.test(value)) return value;
  if (RFC_3339.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new InvalidArgumentError("It takes an instant like 2013-10-01T00:00:00Z or 20131001000000000.");
}
