import { MINUTE_MS } from "@gridlake/kernel";
import type { Context } from "../context.ts";
import { needChromium } from "./chromium.ts";
import { needEngines } from "./engines.ts";
import { needHudiForSpark } from "./hudi-for-spark.ts";
import { needPythonEngines } from "./python-engines.ts";
import { total } from "./tally.ts";
import type { StageOutcome, Workshop } from "./workshop.ts";

export type Stage = (workshop: Workshop, context: Context) => Promise<StageOutcome>;

const CHECK_LIMIT_MS = 3 * MINUTE_MS;
const TEST_LIMIT_MS = 30 * MINUTE_MS;
/** Real engines start slowly, and Spark takes its time over each of some thousand reads. */
const INTEROP_LIMIT_MS = 45 * MINUTE_MS;

/** The order is that of the run: what is quick to fail comes first. */
export const STAGES = { checks, unit, e2e, browser, interop } satisfies Record<string, Stage>;
export type StageName = keyof typeof STAGES;

/** What `./gridlake test` runs; `all` adds the rest. */
export const USUAL_STAGES: readonly StageName[] = ["checks", "unit", "e2e", "browser"];
export const ALL_STAGES = Object.keys(STAGES) as StageName[];

async function checks(workshop: Workshop): Promise<StageOutcome> {
  const outcomes = [
    await workshop.check("lint", "oxlint", { args: ["--deny-warnings"], limitMs: CHECK_LIMIT_MS }),
    await workshop.check("format", "oxfmt", { args: ["--check"], limitMs: CHECK_LIMIT_MS }),
    await workshop.check("types", "tsc", {
      args: ["--noEmit", "-p", "tsconfig.json"],
      limitMs: CHECK_LIMIT_MS,
    }),
    await workshop.check("types of the web", "vue-tsc", {
      args: ["--noEmit", "-p", "apps/web/tsconfig.json"],
      limitMs: CHECK_LIMIT_MS,
    }),
    await workshop.vitest({ project: "tidy", limitMs: CHECK_LIMIT_MS }),
  ];
  return together(outcomes);
}

function unit(workshop: Workshop): Promise<StageOutcome> {
  return workshop.vitest({ project: "unit", limitMs: TEST_LIMIT_MS });
}

function e2e(workshop: Workshop): Promise<StageOutcome> {
  return workshop.vitest({ project: "e2e", limitMs: TEST_LIMIT_MS });
}

async function browser(workshop: Workshop, context: Context): Promise<StageOutcome> {
  const chromium = await needChromium(workshop, context.env);
  return workshop.vitest({
    project: "browser",

    limitMs: TEST_LIMIT_MS,
    env: { GRIDLAKE_CHROMIUM: chromium },
  });
}

/** Other engines on our tables: made for the purpose by a script, and those of a platform's lake. */
async function interop(workshop: Workshop): Promise<StageOutcome> {
  const env = {
    GRIDLAKE_PYTHON: await needPythonEngines(workshop),
    ...(await needHudiForSpark(workshop)),
  };
  await needEngines(workshop);
  const script = (name: string) => ({ args: [`interop/${name}.ts`], limitMs: INTEROP_LIMIT_MS, env });
  const reads = await workshop.check("hudi-rs reads our tables", process.execPath, script("hudi-rs"));
  // Spark uses one core, and engines that start wait more than they work
  const outcomes = await Promise.all([
    workshop.check("Spark and we write one table in turn", process.execPath, script("spark")),
    workshop.vitest({ project: "interop", limitMs: INTEROP_LIMIT_MS, env }),
  ]);
  return together([reads, ...outcomes]);
}

function together(outcomes: readonly StageOutcome[]): StageOutcome {
  return { ...total(outcomes), notes: outcomes.flatMap(({ notes }) => notes) };
}
