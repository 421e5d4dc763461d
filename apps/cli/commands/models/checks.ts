import { Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-codes.ts";
import type { ModelProblem } from "../../platform.ts";
import type { OpenModels } from "./arguments.ts";

/** What can find fault. */
export function checks(context: Context, open: OpenModels, finish: (code: number) => void): Command[] {
  return [
    new Command("check")
      .description("read every file against the subset and against each other; nothing is run")
      .addOption(
        new Option("--format <format>", "how problems are written").choices(["text", "json"]).default("text"),
      )
      .addHelpText("after", "\nExits 1 if any file has a problem, and names all of them.")
      .action(async ({ format }: { format: "text" | "json" }) => {
        const checked = (await open()).check();
        const { files, models, problems } = checked;
        if (format === "json") context.out(`${JSON.stringify(checked, null, 2)}\n`);
        else {
          for (const problem of problems) context.out(problemText(problem));
          context.out(`${problems.length} problems in ${files} files, ${models} models are right\n`);
        }
        finish(problems.length === 0 ? EXIT.ok : EXIT.failure);
      }),
    new Command("golden")
      .description("compare the goldens with what the models are: their SQL in each dialect, their rows")
      .option("--write", "write them anew", false)
      .addHelpText("after", "\nExits 1 if any differs and it was not told to write.")
      .action(async ({ write }: { write: boolean }) => {
        const changed = await (await open()).goldens({ write });
        for (const path of changed) context.out(`${path}\n`);
        finish(write || changed.length === 0 ? EXIT.ok : EXIT.failure);
      }),
  ];
}

/** `file:line:column CODE construct: message`, as editors and CI read it, and the remedy below it. */
function problemText({ file, line, column, code, construct, message, remedy }: ModelProblem): string {
  return `${file}:${line}:${column} ${code} ${construct}: ${message}\n  → ${remedy}\n`;
}
