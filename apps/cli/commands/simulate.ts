import { Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import type { DemoOptions, SimulateOptions } from "../simulate/index.ts";

interface Flags extends Omit<SimulateOptions, "series"> {
  series?: string;
  demo?: true;
  url: string;
  token?: string;
}

/** `./gridlake simulate`: meters made from a load series, sent to a running platform. */
export function simulateCommand(context: Context): Command {
  return new Command("simulate")
    .description("send readings of simulated meters to a running platform")
    .option("--series <file>", "load series that the meters are made from: CSV, also gzipped")
    .option(
      "--demo",
      "a small grid on the load profile that the project ships: the last day at once, then as time goes by",
    )
    .addOption(
      new Option("--format <format>", "uci: UCI's household power consumption")
        .choices(["csv", "uci"])
        .default("csv"),
    )
    .option("--time-column <name>", "the series' column of instants (default: time)")
    .option("--value-column <name>", "its column of active power in W (default: watts)")
    .option("--meters <n>", "how many meters are made from it (default: 100)", number)
    .option("--feeders <n>", "how many feeders supply them (default: 5)", number)
    .option(
      "--speed <x>",
      "how much faster than the clock; 0: as fast as the platform takes it (default: 0)",
      number,
    )
    .option("--noise <p>", "how far a meter strays from the series: 0.1 or 10% (default: 10%)", fraction)
    .option("--late <p>", "readings that come late: 0.02 or 2% (default: 0)", fraction)
    .option("--duplicates <p>", "readings that are sent twice: 0.01 or 1% (default: 0)", fraction)
    .option("--from <instant>", "begin of the part of the series that is played, included")
    .option("--until <instant>", "its end, not included")
    .option("--days <n>", "or its length", number)
    .option("--start-at <instant>", "moves the series: its first point falls on this instant")
    .option("--interval-seconds <n>", "between two readings of a meter (default: the series' own)", number)
    .option("--seed <n>", "the same seed makes the same readings (default: 1)", number)
    .option("--batch <n>", "readings a request (default: 1000)", number)
    .option("--max-rate <n>", "readings a second at most; 0: no limit (default: 0)", number)
    .option("--max-in-flight <n>", "requests at one time (default: 4)", number)
    .option("--report <file>", "where the expected registers go, as JSON")
    .option("--url <url>", "the platform", "http://127.0.0.1:8080")
    .option("--token <token>", "API token of an admin or dispatcher (default: $GRIDLAKE_TOKEN)")
    .addHelpText(
      "after",
      "\nRegisters its devices and feeders first. Without a token it logs in as admin with GRIDLAKE_ADMIN_PASSWORD.",
    )
    .action((flags: Flags, command: Command) => run(context, flags, command));
}

async function run(context: Context, flags: Flags, command: Command): Promise<void> {
  const { series, demo, url, token = context.env["GRIDLAKE_TOKEN"], ...options } = flags;
  if ((series === undefined) === (demo === undefined)) {
    command.error("error: it takes one of --series FILE and --demo");
  }
  const stop = new AbortController();
  const forget = context.onStopSignal(() => stop.abort());
  const { GRIDLAKE_ADMIN_PASSWORD: adminPassword } = context.env;
  const target = {
    url,
    signal: stop.signal,
    print: context.err,
    ...(token ? { token } : {}),
    ...(adminPassword ? { adminPassword } : {}),
  };
  try {
    const { runDemo, simulate } = await import("../simulate/index.ts");
    if (series === undefined) await runDemo(demoOptions(options, command), target);
    else await simulate({ ...options, series }, target);
  } finally {
    forget();
  }
}

/** The demo goes by the clock and by its own load: all but the size of its grid would be passed over in silence. */
function demoOptions({ meters, feeders }: DemoOptions, command: Command): DemoOptions {
  const mine = new Set(["demo", "url", "token", "meters", "feeders"]);
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === "cli" && !mine.has(name)) {
      command.error(`error: ${option.long ?? name} does not go with --demo`);
    }
  }
  return { ...(meters === undefined ? {} : { meters }), ...(feeders === undefined ? {} : { feeders }) };
}

function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() !== "" && Number.isFinite(parsed)) return parsed;
  throw new InvalidArgumentError("It takes a number.");
}

/** `0.02` and `2%` are the same; a bare 2 could be meant as either, so it is refused. */
function fraction(value: string): number {
  const isPercentage = value.endsWith("%");
  const parsed = number(isPercentage ? value.slice(0, -1) : value) / (isPercentage ? 100 : 1);
  if (parsed >= 0 && parsed <= 1) return parsed;
  throw new InvalidArgumentError("It takes a share from 0 to 1, or a percentage: 0.02 or 2%.");
}
