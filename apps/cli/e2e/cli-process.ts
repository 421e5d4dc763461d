import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const MAIN = resolve(import.meta.dirname, "../main.ts");

export interface CliEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line as processes of their own, against one data directory. */
export class CliProcesses {
  readonly #env: Record<string, string>;
  readonly #running = new Set<ChildProcess>();

  constructor(env: Record<string, string>) {
    const { PATH = "", HOME = "" } = process.env;
    this.#env = { PATH, HOME, ...env };
  }

  start(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    const ended: Promise<CliEnd> = once(child, "close").then(([code]) => {
      this.#running.delete(child);
      return { code: code as number | null, ...output };
    });
    return { child, output, ended };
  }

  run(...args: string[]): Promise<CliEnd> {
    return this.start(...args).ended;
  }

  /** Starts the platform; resolves with its address once it says that it is ready. */
  async up(...args: string[]) {
    const platform = this.start("up", "--port", "0", ...args);
    const url = await new Promise<string>((ready, failed) => {
      const look = () => {
        const found = /^ready (http:\/\/\S+)$/m.exec(platform.output.stdout)?.[1];
        if (found) ready(found);
      };
      platform.child.stdout.on("data", look);
      void platform.ended.then(({ code, stderr }) => failed(new Error(`up ended (${code}):\n${stderr}`)));
    });
    const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<CliEnd> => {
      platform.child.kill(signal);
      return platform.ended;
    };
    return { ...platform, url, stop };
  }

  /** Ends whatever a failed test left running. */
  async end(): Promise<void> {
    for (const child of this.#running) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
}
