import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { GridlakeError } from "@gridlake/kernel";
import type { Context } from "./context.ts";

/**
 * The data directory: `--data` (from where the command is called), else `$GRIDLAKE_DATA`, else `data` in the
 * repository, so that every command finds the same one from whichever folder it is called.
 */
export function dataDirectory(context: Context, given: string | undefined): string {
  if (given) return resolve(given);
  const { GRIDLAKE_DATA: configured } = context.env;
  return configured ? resolve(configured) : join(context.root, "data");
}

/** @throws CLI_NO_DATA when nothing has been kept there yet. */
export function existingDataDirectory(context: Context, given: string | undefined): string {
  const directory = dataDirectory(context, given);
  if (existsSync(directory)) return directory;
  throw new GridlakeError("CLI_NO_DATA", `there is no data directory ${directory}`, {
    remedy: "name it with --data or GRIDLAKE_DATA, or make one with ./gridlake up",
    details: { directory },
  });
}
