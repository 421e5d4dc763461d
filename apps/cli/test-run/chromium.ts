import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import type { Workshop } from "./workshop.ts";

/** Names under which the distributions have it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const INSTALL_LIMIT_MS = 4 * MINUTE_MS;

type Environment = Readonly<Record<string, string | undefined>>;

/** Chromium's path: `$GRIDLAKE_CHROMIUM`, else the first that the PATH has. */
export function findChromium(env: Environment): string | undefined {
  const { GRIDLAKE_CHROMIUM: configured, PATH: path = "" } = env;
  if (configured) return isExecutable(configured) ? configured : undefined;
  const folders = path.split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/**
 * Chromium's path; root on a Debian gets it installed.
 * @throws CLI_NO_CHROMIUM saying how to get it.
 */
export async function needChromium(
  workshop: Workshop,
  env: Environment,
  machine: { isRoot: boolean } = { isRoot: process.getuid?.() === 0 },
): Promise<string> {
  const found = findChromium(env);
  if (found) return found;
  if (!env["GRIDLAKE_CHROMIUM"] && machine.isRoot && (await workshop.has("apt-get"))) {
    workshop.say("installing Chromium for the browser tests (once)");
    const installed =
      (await install(workshop)) || ((await aptGet(workshop, "update")) && (await install(workshop)));
    const path = installed ? findChromium(env) : undefined;
    if (path) return path;
  }
  throw new GridlakeError("CLI_NO_CHROMIUM", "the browser tests need Chromium, and there is none", {
    remedy:
      "install it (Debian: apt-get install chromium), or name one with GRIDLAKE_CHROMIUM=/path/to/chromium",
  });
}

function install(workshop: Workshop): Promise<boolean> {
  return aptGet(workshop, "install", "-y", "--no-install-recommends", "chromium");
}

async function aptGet(workshop: Workshop, ...args: string[]): Promise<boolean> {
  // RUNLEVEL=1 keeps packages from starting their services while they are installed
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const { code } = await workshop.run("apt-get", ["-q", ...args], { limitMs: INSTALL_LIMIT_MS, env });
  return code === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
