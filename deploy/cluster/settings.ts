import { GridlakeError } from "@gridlake/kernel";
import type { Engine } from "./engine.ts";

/** An engine's settings with those a user gives. @throws CLUSTER_UNKNOWN_SETTING */
export function chooseSettings(
  { name, settings }: Engine,
  asked: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const setting of Object.keys(asked)) {
    if (Object.hasOwn(settings, setting)) continue;
    const names = Object.keys(settings);
    throw new GridlakeError("CLUSTER_UNKNOWN_SETTING", `${name} has no setting ${setting}`, {
      remedy: names.length === 0 ? "it has none" : `it has ${names.join(", ")}`,
      details: { engine: name, setting, settings: names },
    });
  }
  return { ...settings, ...asked };
}
