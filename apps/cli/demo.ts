import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Context } from "./context.ts";
import type { RunningPlatform } from "./platform.ts";

/**
 * The simulator on the platform's own port, as a process of its own: it is a client like any other, and takes no time
 * from the platform's event loop. If it ends early the platform goes on.
 */
export function startDemo(context: Context, platform: RunningPlatform): { stop(): Promise<void> } {
  const password = platform.adminPassword ?? context.env["GRIDLAKE_ADMIN_PASSWORD"];
  const child = spawn(
    process.execPath,
    [join(context.root, "apps/cli/main.ts"), "simulate", "--demo", "--url", platform.url],
    {
      env: { ...context.env, ...(password ? { GRIDLAKE_ADMIN_PASSWORD: password } : {}) },
      // its words are progress here: standard output is the platform's
      stdio: ["ignore", process.stderr, process.stderr],
    },
  );
  const ended = once(child, "exit").then(
    ([code]) => context.err(`the demo's simulator has ended (exit code ${String(code)})\n`),
    (error: Error) => context.err(`the demo's simulator did not start: ${error.message}\n`),
  );
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
