import { Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-codes.ts";
import { onPlatform, type PlatformFlags, withPlatform } from "../platform-option.ts";

interface StatusFlags extends PlatformFlags {
  watch?: boolean;
  interval: number;
  format: "table" | "json";
}

const INTERVAL_SECONDS = 2;

/** `./gridlake pipeline status`: how far the platform's own engine is. */
export function statusCommand(context: Context, finish: (code: number) => void): Command {
  return withPlatform(new Command("status"))
    .description(
      "how far the running platform's pipeline is: lag, throughput, checkpoints, models, tests, quarantine",
    )
    .option("--watch", "again and again, until SIGINT")
    .option("--interval <seconds>", "with --watch, from one to the next", seconds, INTERVAL_SECONDS)
    .addOption(
      new Option("--format <format>", "how it is written; json with --watch is an object a line")
        .choices(["table", "json"])
        .default("table"),
    )
    .addHelpText("after", "\nExits 1 if the pipeline does not run.")
    .action(async (flags: StatusFlags) => {
      const stop = new AbortController();
      const forget = context.onStopSignal(() => stop.abort());
      try {
        await onPlatform(context, flags, async ({ analytics }) => {
          const [{ answerOf }, { statusText }, { setTimeout: pause }] = await Promise.all([
            import("@gridlake/contracts"),
            import("../../results/pipeline-status.ts"),
            import("node:timers/promises"),
          ]);
          for (;;) {
            const state = await answerOf(analytics.GET("/api/analytics/pipeline"));
            if (flags.format === "json") context.out(`${JSON.stringify(state, null, flags.watch ? 0 : 2)}\n`);
            else context.out(statusText(state, Date.now()));
            finish(state.status === "running" ? EXIT.ok : EXIT.failure);
            if (!flags.watch || stop.signal.aborted) return;
            await pause(flags.interval * 1_000, undefined, { signal: stop.signal }).catch(() => undefined);
            if (stop.signal.aborted) return;
          }
        });
      } finally {
        forget();
      }
    });
}

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0.1) return number;
  throw new InvalidArgumentError("It takes seconds, from 0.1.");
}
