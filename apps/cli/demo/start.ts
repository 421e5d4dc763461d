import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { RunningPlatform } from "../platform.ts";
import { demoToken } from "./token.ts";

/**
 * The simulator on the platform's own port, as a process of its own: it is a client like any other, and takes no time
 * from the platform's event loop. If it ends early the platform goes on.
 * @throws CLI_DEMO_NO_ACCESS
 */
export async function startDemo(
  context: Context,
  platform: RunningPlatform & { dataDir: string },
): Promise<{ stop(): Promise<void> }> {
  const { GRIDLAKE_ADMIN_PASSWORD: given, GRIDLAKE_TOKEN: ownToken } = context.env;
  const { dataDir, url } = platform;
  const token =
    ownToken ?? (await demoToken({ dataDir, url, adminPassword: platform.adminPassword ?? given }));
  const child = spawn(
    process.execPath,
    [join(context.root, "apps/cli/main.ts"), "simulate", "--demo", "--url", url],
    {
      env: { ...context.env, GRIDLAKE_TOKEN: token },
      // its words are progress here: standard output is the platform's. The channel ends it when the platform is killed
      stdio: ["ignore", process.stderr, process.stderr, "ipc"],
    },
  );
  const ended = once(child, "exit").then(
    ([code, signal]) => context.err(`the demo's simulator has ended (${String(code ?? signal)})\n`),
    (error: Error) => context.err(`the demo's simulator did not start: ${error.message}\n`),
  );
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
