import { mkdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SECOND_MS } from "@gridlake/kernel";
import type { Context } from "../context.ts";
import { runProcess, type ProcessEnd, type ProcessOptions } from "./process.ts";
import type { Tally } from "./tally.ts";
import { readVitestReport } from "./vitest-report.ts";

export interface StageOutcome extends Tally {
  notes: readonly string[];
}

interface VitestRun {
  /** As in vitest.config.ts; names the report too. */
  project: string;
  limitMs: number;
  env?: Readonly<Record<string, string>>;
  /** @default "shown" */
  output?: "shown" | "hidden";
}

/** Where the stages run their tools: the repository, with this very Node first on the PATH. */
export class Workshop {
  readonly root: string;
  /** Kept from run to run, ignored by git. */
  readonly cache: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;

  constructor(context: Context) {
    this.root = context.root;
    this.cache = join(context.root, ".gridlake");
    this.say = (text) => context.err(`${text}\n`);
    const bin = [
      dirname(process.execPath),
      join(context.root, "node_modules/.bin"),
      context.env["PATH"] ?? "",
    ];
    this.#env = { ...context.env, PATH: bin.join(delimiter) };
  }

  run(
    command: string,
    args: readonly string[],
    options: Pick<ProcessOptions, "limitMs" | "output"> & { env?: Readonly<Record<string, string>> },
  ): Promise<ProcessEnd> {
    return runProcess(command, args, { cwd: this.root, ...options, env: { ...this.#env, ...options.env } });
  }

  /** Whether the PATH has this command. */
  async has(command: string): Promise<boolean> {
    const limitMs = 5 * SECOND_MS;
    const { code } = await this.run("/bin/sh", ["-c", `command -v ${command}`], {
      limitMs,
      output: "hidden",
    });
    return code === 0;
  }

  /** A tool that passes or fails as one. */
  async check(
    name: string,
    command: string,
    options: { args: readonly string[]; limitMs: number; env?: Readonly<Record<string, string>> },
  ): Promise<StageOutcome> {
    this.say(`\n--- ${name}`);
    const { args, ...limits } = options;
    const { code, why } = await this.run(command, args, limits);
    if (code === 0) return { passed: 1, failed: 0, notes: [] };
    return { passed: 0, failed: 1, notes: [`${name} failed: ${why ?? `exit code ${code}`}`] };
  }

  async vitest(run: VitestRun): Promise<StageOutcome> {
    const report = join(this.cache, "reports", `${run.project}.json`);
    mkdirSync(dirname(report), { recursive: true });
    // an old report must not speak for a run that wrote none
    rmSync(report, { force: true });
    const args = ["run", "--project", run.project, "--reporter=default", "--reporter=json"];
    args.push(`--outputFile.json=${report}`);
    const { code, why } = await this.run("vitest", args, run);
    const outcome = readVitestReport(report, code);
    return why ? { ...outcome, notes: [...outcome.notes, why] } : outcome;
  }
}
