import { Argument, Command } from "commander";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Stage } from "../test-run/stages.ts";

// the stages' names, said again: to load them for the help alone would slow every command
const CHOICES = ["all", "checks", "unit", "e2e", "browser", "interop"];

/** `./gridlake test`: everything that must hold, in one command. */
export function testCommand(context: Context, finish: (code: number) => void): Command {
  return new Command("test")
    .description("run the tests; without a stage: checks, unit, e2e and browser")
    .addArgument(new Argument("[stages...]", "what to run; all adds interop").choices(CHOICES))
    .addHelpText(
      "after",
      "\nEnds with `N passed, N failed`, and exits 1 on any failure, on a skipped test, or if no test ran.\n" +
        "The browser tests need Chromium: root on a Debian gets it installed; GRIDLAKE_CHROMIUM names another.",
    )
    .action(async (chosen: string[]) => {
      const [{ ALL_STAGES, STAGES, USUAL_STAGES }, { runStages }] = await Promise.all([
        import("../test-run/stages.ts"),
        import("../test-run/run-stages.ts"),
      ]);
      const wanted: readonly string[] = chosen.includes("all")
        ? ALL_STAGES
        : chosen.length
          ? chosen
          : USUAL_STAGES;
      const names = ALL_STAGES.filter((name) => wanted.includes(name));
      const stages: Record<string, Stage> = Object.fromEntries(names.map((name) => [name, STAGES[name]]));
      finish((await runStages(stages, context)) ? EXIT.ok : EXIT.failure);
    });
}
