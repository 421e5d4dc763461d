import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const WEB = join(import.meta.dirname, "..");
const DIST = join(WEB, "dist");
const NOT_SOURCES = new Set(["dist", "node_modules", "browser", "generated"]);

/** The folder of the built application; built first unless it is newer than every source. */
export async function builtWeb(): Promise<string> {
  const index = join(DIST, "index.html");
  if (!existsSync(index) || statSync(index).mtimeMs < newestSourceMs(WEB)) {
    await build({ configFile: join(WEB, "vite.config.ts"), logLevel: "error" });
  }
  return DIST;
}

function newestSourceMs(folder: string): number {
  let newestMs = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_SOURCES.has(entry.name)) continue;
    const path = join(folder, entry.name);
    newestMs = Math.max(newestMs, entry.isDirectory() ? newestSourceMs(path) : statSync(path).mtimeMs);
  }
  return newestMs;
}
