import { Command } from "commander";
import type { Context } from "../context.ts";
import type { OpenModels } from "./models/arguments.ts";
import { checks } from "./models/checks.ts";
import { testing } from "./models/test.ts";
import { looks } from "./models/looks.ts";
import { texts } from "./models/texts.ts";

interface ModelsOptions {
  models?: string;
}

/** `./gridlake models …`: the model files, for those who write them; no platform has to run. */
export function modelsCommand(context: Context, finish: (code: number) => void): Command {
  const models = new Command("models")
    .description("look at the models, check and test them, follow their lineage, compile them")
    .option("--models <dir>", "folder that holds <layer>/<name>.sql (default: the shipped models)")
    .addHelpText(
      "after",
      "\nModels are selected as in dbt: dws_energy_day, +dws_energy_day, ods_reading+1, @dim_device, dws_*, layer:ads, tag:billing,\n" +
        "owner:dispatch, path:dws, topic:readings, column:energy_wh, live:true; a blank is a union, a comma an intersection.",
    );
  const open: OpenModels = async () => {
    const { models: directory } = models.opts<ModelsOptions>();
    const [platform, { resolve }] = await Promise.all([context.platform(), import("node:path")]);
    return platform.openModels(directory === undefined ? {} : { directory: resolve(directory) });
  };
  for (const command of [
    ...looks(context, open),
    ...checks(context, open, finish),
    testing(context, open, finish),
    ...texts(context, open),
  ])
    models.addCommand(command);
  return models;
}
