import { Command, CommanderError } from "commander";
import type { Context } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { lakeCommand } from "./commands/lake.ts";
import { modelsCommand } from "./commands/models.ts";
import { pipelineCommand } from "./commands/pipeline.ts";
import { quarantineCommand } from "./commands/quarantine.ts";
import { queryCommand } from "./commands/query.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { testCommand } from "./commands/test.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { versionCommand, versionText } from "./commands/version.ts";

// A command's file is light: it says what the command takes, and loads what it needs only when it runs. The kernel alone
// (its configuration carries typebox) takes longer to load than all of `--help`.

/** Runs a command line; @returns the exit code (see `EXIT`). */
export async function runCommandLine(args: readonly string[], context: Context): Promise<number> {
  let code: number = EXIT.ok;
  const finish = (ended: number) => {
    code = ended;
  };
  const program = new Command("gridlake")
    .description("A data platform for running a power grid.")
    .version(versionText(), "-V, --version", "print the version")
    .helpCommand("help [command]", "show what a command does and takes")
    .showHelpAfterError("(see ./gridlake help)");
  for (const command of [
    upCommand(context),
    simulateCommand(context),
    queryCommand(context),
    lakeCommand(context),
    modelsCommand(context, finish),
    pipelineCommand(context, finish),
    quarantineCommand(context),
    clusterCommand(context),
    verifyCommand(context, finish),
    testCommand(context, finish),
    versionCommand(context),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({ writeOut: context.out, writeErr: context.err });
  }
  try {
    if (args.length === 0) {
      context.err(program.helpInformation());
      return EXIT.usage;
    }
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // commander has already said what is wrong; help and version end this way too, with exit code 0
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { describeFailure } = await import("./failure.ts");
    context.err(describeFailure(error));
    return EXIT.failure;
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
