import { processContext } from "./context.ts";
import { runCommandLine } from "./program.ts";

// a reader that has seen enough (`| head`) is no failure
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), processContext());

// A command is over when it says so: what a library keeps open (a pool, a timer) must not keep the process.
const LINGER_MS = 500;
setTimeout(() => process.exit(), LINGER_MS).unref();
