import { Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-codes.ts";
import type { FlinkDeployment, FlinkUpgrade } from "../../platform.ts";
import { type FlinkFlags, onFlink, withFlink } from "./flink-option.ts";

/** `./gridlake pipeline deploy|stop|upgrade|savepoints|flink-status`: the models as a job of a Flink cluster. */
export function deploymentCommands(context: Context, finish: (code: number) => void): Command[] {
  return [deploy(context), stop(context), upgrade(context), savepoints(context), status(context, finish)];
}

function deploy(context: Context): Command {
  return withFlink(new Command("deploy"))
    .description("start the models as a Flink job: from the newest savepoint that fits, else from nothing")
    .addHelpText(
      "after",
      "\nIt makes the topics that are missing, and waits until the job runs and a first checkpoint is complete.",
    )
    .action((flags: FlinkFlags) =>
      onFlink(context, flags, async (pipeline) => context.out(deploymentText(await pipeline.deploy()))),
    );
}

function stop(context: Context): Command {
  return withFlink(new Command("stop"))
    .description("end the Flink job with a savepoint, from which deploy goes on")
    .option("--drain", "let out first what waits in windows; the job can't be gone on with then")
    .action((flags: FlinkFlags & { drain?: boolean }) =>
      onFlink(context, flags, async (pipeline) =>
        context.out(deploymentText(await pipeline.stop({ drain: flags.drain ?? false }))),
      ),
    );
}

function upgrade(context: Context): Command {
  return withFlink(new Command("upgrade"))
    .description("bring the Flink job to the models as they are now")
    .option("--plan", "say what would be done, and do nothing")
    .option("--rebuild", "read all topics again from their beginning, even if nothing has changed")
    .addHelpText(
      "after",
      "\nThe same statements go on from their savepoint. Others are built anew into tables of their own; those of before\n" +
        "are the ones to read until all is taken in, which flink-status tells.",
    )
    .action((flags: FlinkFlags & { plan?: boolean; rebuild?: boolean }) =>
      onFlink(context, flags, async (pipeline) => {
        if (flags.plan === true) return context.out(planText(await pipeline.plan()));
        const { plan, deployment } = await pipeline.upgrade({ rebuild: flags.rebuild ?? false });
        context.out(planText(plan) + deploymentText(deployment));
      }),
    );
}

function savepoints(context: Context): Command {
  return withFlink(new Command("savepoints"))
    .description("list the savepoints of the Flink job, or take one")
    .option("--take", "take one now; the job goes on")
    .action((flags: FlinkFlags & { take?: boolean }) =>
      onFlink(context, flags, async (pipeline) => {
        const deployment = flags.take === true ? await pipeline.takeSavepoint() : await pipeline.deployment();
        for (const { path, takenAt, generation, drained } of deployment?.savepoints ?? []) {
          context.out(`${takenAt}  generation ${generation}  ${path}${drained ? "  (drained)" : ""}\n`);
        }
      }),
    );
}

function status(context: Context, finish: (code: number) => void): Command {
  return withFlink(new Command("flink-status"))
    .description("how the Flink job does: state, checkpoints, restarts, lag per topic, rows per model")
    .addOption(
      new Option("--format <format>", "how it is written").choices(["table", "json"]).default("table"),
    )
    .addHelpText("after", "\nExits 1 if the job does not run.")
    .action((flags: FlinkFlags & { format: "table" | "json" }) =>
      onFlink(context, flags, async (pipeline) => {
        const told = await pipeline.status();
        finish(told.state === "RUNNING" ? EXIT.ok : EXIT.failure);
        if (flags.format === "json") return context.out(`${JSON.stringify(told, null, 2)}\n`);
        const { flinkStatusText } = await import("../../results/flink-status.ts");
        context.out(flinkStatusText(told, Date.now()));
      }),
    );
}

function deploymentText(deployment: FlinkDeployment): string {
  const [savepoint] = deployment.savepoints;
  return [
    `${deployment.jobName}: ${deployment.state}, job ${deployment.jobId}`,
    `tables: ${deployment.lakePath}`,
    ...(deployment.servedPath === deployment.lakePath
      ? []
      : [`until it has caught up, the tables to read are in ${deployment.servedPath}`]),
    ...(deployment.state === "stopped" && savepoint ? [`savepoint: ${savepoint.path}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function planText(plan: FlinkUpgrade): string {
  if (plan.kind === "nothing") return "nothing has changed\n";
  if (plan.kind === "resume") return `the same statements go on from ${plan.savepoint.path}\n`;
  const { added, changed, removed } = plan.changes;
  return [
    "all tables are built anew from the topics' beginning",
    ...(added.length > 0 ? [`new models: ${added.join(", ")}`] : []),
    ...(changed.length > 0 ? [`changed models: ${changed.join(", ")}`] : []),
    ...(removed.length > 0 ? [`models that are gone: ${removed.join(", ")}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}
