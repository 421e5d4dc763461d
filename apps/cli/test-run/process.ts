import { spawn } from "node:child_process";

export interface ProcessEnd {
  /** -1 when it did not start, was killed, or was too slow. */
  code: number;
  /** Why, if the code alone does not say it. */
  why?: string;
}

export interface ProcessOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** After so long it is killed, with all that it started. */
  limitMs: number;
  /** @default inherited */
  output?: "shown" | "hidden";
}

/** Runs a program to its end; its output goes where ours does. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const stdio = options.output === "hidden" ? "ignore" : "inherit";
    // a process group of its own, so that the limit ends its children too
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", stdio, stdio],
      detached: true,
    });
    const endGroup = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    };
    const stop = (signal: NodeJS.Signals) => {
      endGroup("SIGKILL");
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      process.kill(process.pid, signal);
    };
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      endGroup("SIGKILL");
    }, options.limitMs);
    const end = (result: ProcessEnd) => {
      clearTimeout(timer);
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      resolve(result);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    child.once("error", (error) => end({ code: -1, why: `${command} did not start: ${error.message}` }));
    child.once("exit", (code, signal) => {
      if (slow) end({ code: -1, why: `ended after its limit of ${options.limitMs / 1_000} s` });
      else if (code === null) end({ code: -1, why: `killed by ${signal}` });
      else end({ code });
    });
  });
}
