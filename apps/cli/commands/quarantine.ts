import { Command, Option } from "commander";
import type { Context } from "../context.ts";
import { onPlatform, type PlatformFlags, withPlatform } from "./platform-option.ts";
import { count, type LineName, lineName, writeLines } from "./quarantine/lines.ts";

interface ListFlags extends PlatformFlags {
  reason?: string;
  topic?: string;
  limit: number;
  format: "table" | "json";
}

interface ReplayFlags extends PlatformFlags {
  with?: string;
  file?: string;
  note?: string;
}

interface DiscardFlags extends PlatformFlags {
  note?: string;
}

const LINES_SHOWN = 50;
const NAMES = "lines as quarantine ls names them: readings/4711/2";

/** `./gridlake quarantine …`: lines that are not counted, and what is done about them, on a running platform. */
export function quarantineCommand(context: Context): Command {
  const quarantine = new Command("quarantine").description(
    "lines that are not counted: list them, send mended ones in their place, or give them up",
  );
  quarantine.addCommand(
    withPlatform(new Command("ls"))
      .description("the lines in quarantine, the newest first")
      .option("--reason <reason>", "only those refused for it: WRONG_TYPE, UNKNOWN_DEVICE …")
      .option("--topic <topic>", "only those of a topic")
      .option("--limit <n>", "how many", count, LINES_SHOWN)
      .addOption(format())
      .action((flags: ListFlags) =>
        onPlatform(context, flags, async (session) => {
          const { listLines } = await import("./quarantine/calls.ts");
          writeLines(await listLines(session, flags), flags.format, context.out);
        }),
      ),
  );
  quarantine.addCommand(
    withPlatform(new Command("show"))
      .description("one line whole, with what is against it")
      .argument("<line>", NAMES, lineName)
      .action((name: LineName, flags: PlatformFlags) =>
        onPlatform(context, flags, async (session) => {
          const { showLine } = await import("./quarantine/calls.ts");
          context.out(`${JSON.stringify(await showLine(session, name), null, 2)}\n`);
        }),
      ),
  );
  quarantine.addCommand(
    withPlatform(new Command("replay"))
      .description("send lines again, mended or as they came; each is sent once, however often it is asked")
      .argument("[lines...]", NAMES)
      .option("--with <json>", "the mended line, for the one that is named")
      .option(
        "--file <file>",
        "mended lines, one JSON object a line: { topic, topicOffset, line, replacement }; - is standard input",
      )
      .option("--note <text>", "why; kept with the decision")
      .action((names: string[], flags: ReplayFlags, command: Command) => {
        if ((flags.file === undefined) === (names.length === 0))
          command.error("error: it takes lines, or --file");
        if (flags.with !== undefined && names.length !== 1) command.error("error: --with goes with one line");
        return onPlatform(context, flags, async (session) => {
          const { mendings, replay } = await import("./quarantine/calls.ts");
          const lines = await mendings(names.map(lineName), flags);
          context.out(`${JSON.stringify(await replay(session, lines, flags.note), null, 2)}\n`);
        });
      }),
  );
  quarantine.addCommand(
    withPlatform(new Command("discard"))
      .description("give lines up: they leave the quarantine and stay in the history")
      .argument("<lines...>", NAMES)
      .option("--note <text>", "why; kept with the decision")
      .action((names: string[], flags: DiscardFlags) =>
        onPlatform(context, flags, async (session) => {
          const { discard } = await import("./quarantine/calls.ts");
          context.out(
            `${JSON.stringify(await discard(session, names.map(lineName), flags.note), null, 2)}\n`,
          );
        }),
      ),
  );
  return quarantine;
}

function format(): Option {
  return new Option("--format <format>", "how they are written").choices(["table", "json"]).default("table");
}
