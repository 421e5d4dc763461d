import { Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Answering } from "./lake/arguments.ts";
import { looks } from "./lake/looks.ts";
import { services } from "./lake/services.ts";
import { transfers } from "./lake/transfers.ts";

const FORMATS = ["table", "json", "csv"] as const;

interface LakeOptions {
  data?: string;
  format: (typeof FORMATS)[number];
}

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
  const answer: Answering = async (use) => {
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
  for (const command of [...looks(answer), ...services(answer), ...transfers(answer)])
    lake.addCommand(command);
  return lake;
}
