import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";

interface UpOptions {
  data?: string;
  port: number;
  host: string;
  profile: "embedded";
  demo?: true;
}

/** `./gridlake up`: the platform in one process, until it is told to stop. */
export function upCommand(context: Context): Command {
  return new Command("up")
    .description("start the platform")
    .option("--data <dir>", "data directory (default: $GRIDLAKE_DATA, else data in the repository)")
    .option("--port <port>", "port of the web, the API and the devices; 0 takes a free one", portNumber, 8080)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(
      new Option("--profile <name>", "who stands behind each port").choices(["embedded"]).default("embedded"),
    )
    .option("--demo", "send simulated readings to it")
    .addHelpText(
      "after",
      "\nPrints `ready URL` when it serves. SIGINT or SIGTERM stops it within ten seconds, a second one at once.\n" +
        "GRIDLAKE_ADMIN_PASSWORD sets the password of admin at the first start; else one is made and printed once.",
    )
    .action((options: UpOptions) => up(context, options));
}

async function up(context: Context, options: UpOptions): Promise<void> {
  const [{ dataDirectory }, { startDemo }, { StopSignals }] = await Promise.all([
    import("../data-directory.ts"),
    import("../demo/start.ts"),
    import("../stop-signals.ts"),
  ]);
  // before anything is started: a signal that comes during the start is not lost
  const signals = new StopSignals(context);
  const { GRIDLAKE_ADMIN_PASSWORD: adminPassword } = context.env;
  const dataDir = dataDirectory(context, options.data);
  const { startPlatform } = await context.platform();
  const platform = await signals.unlessForced(
    startPlatform({
      dataDir,
      host: options.host,
      port: options.port,
      profile: options.profile,
      webRoot: join(context.root, "apps/web/dist"),
      onProgress: (message) => context.err(`${message}\n`),
      ...(adminPassword ? { adminPassword } : {}),
    }),
  );
  if (platform.adminPassword !== undefined) {
    context.out(`admin password (shown only now): ${platform.adminPassword}\n`);
  }
  context.out(`ready ${platform.url}\n`);
  const demo = options.demo ? orTold(context, startDemo(context, { ...platform, dataDir })) : undefined;
  context.err(`${await signals.asked}: stopping\n`);
  await signals.stopWithin(async () => {
    await (await demo)?.stop();
    await platform.stop();
  });
}

/** The platform serves without the demo too, so what keeps the demo from starting is told, not thrown. */
async function orTold<T>(context: Context, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { describeFailure } = await import("../failure.ts");
    context.err(describeFailure(error));
    return undefined;
  }
}

function portNumber(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError("It takes a number from 0 to 65535.");
}
