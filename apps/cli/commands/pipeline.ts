import { Command } from "commander";
import type { Context } from "../context.ts";
import { statusCommand } from "./pipeline/status.ts";

/** `./gridlake pipeline …`: the pipeline of a running platform. */
export function pipelineCommand(context: Context, finish: (code: number) => void): Command {
  return new Command("pipeline")
    .description("how far the running platform's pipeline is")
    .addCommand(statusCommand(context, finish));
}
