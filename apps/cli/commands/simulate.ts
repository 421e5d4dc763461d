import { Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";

interface SimulateOptions {
  series?: string;
  demo?: true;
  meters?: number;
  speed: number;
  noise: number;
  late: number;
  duplicates: number;
  timeColumn: string;
  wattsColumn: string;
  seed: number;
  url: string;
  token?: string;
}

/** `./gridlake simulate`: devices made from a public load series, sent to a running platform. */
export function simulateCommand(context: Context): Command {
  return new Command("simulate")
    .description("send readings of simulated meters to a running platform")
    .option("--series <file>", "one-minute load series: CSV, also gzipped; UCI's household format too")
    .option("--demo", "use the load profile that the project ships instead of a series")
    .option("--meters <n>", "how many meters are made from it", count)
    .option("--speed <x>", "how much faster than real time; 0 is as fast as the platform takes it", factor, 1)
    .option("--noise <percent>", "how far each meter's load strays from the series", percent, 10)
    .option("--late <percent>", "readings that arrive late", percent, 0)
    .option("--duplicates <percent>", "readings that are sent twice", percent, 0)
    .option("--time-column <name>", "the series' column of instants", "time")
    .option("--watts-column <name>", "the series' column of active power in W", "watts")
    .option("--seed <n>", "the same seed makes the same readings", count, 1)
    .option("--url <url>", "the platform", "http://127.0.0.1:8080")
    .option("--token <token>", "of an account that may register devices (default: $GRIDLAKE_TOKEN)")
    .addHelpText("after", "\nWithout a token it logs in as admin with GRIDLAKE_ADMIN_PASSWORD.")
    .action(async (options: SimulateOptions) => {
      void context;
      void options;
    });
}

function count(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("It takes a whole number.");
}

function factor(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError("It takes a number from 0.");
}

function percent(value: string): number {
  const number = Number(value.replace(/%$/, ""));
  if (value.trim() !== "" && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError("It takes a percentage from 0 to 100.");
}
