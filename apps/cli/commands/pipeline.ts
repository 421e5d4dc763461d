import { Command } from "commander";
import type { Context } from "../context.ts";
import { deploymentCommands } from "./pipeline/deployment.ts";
import { statusCommand } from "./pipeline/status.ts";

/** `./gridlake pipeline …`: the pipeline of a running platform, and the models as a job of a Flink cluster. */
export function pipelineCommand(context: Context, finish: (code: number) => void): Command {
  const pipeline = new Command("pipeline")
    .description("how far the running platform's pipeline is; deploy, upgrade and stop the models on Flink")
    .addCommand(statusCommand(context, finish));
  for (const command of deploymentCommands(context, finish)) pipeline.addCommand(command);
  return pipeline;
}
