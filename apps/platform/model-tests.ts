import {
  checkTests,
  describeProblem,
  type DataTest,
  type ModelSet,
  type PipelineState,
  readTestFiles,
  type Serving,
  TestRounds,
} from "@gridlake/pipeline";
import type { Logger } from "@gridlake/service-kit";
import { MODELS_DIR } from "./models-dir.ts";

interface Engine {
  state(): PipelineState;
  serving: Serving;
  showTests(results: () => PipelineState["tests"]): void;
}

/** Runs the models' tests over the engine's tables from time to time; their results are in its state. */
export function createTestRounds(options: {
  engine: Engine;
  models: ModelSet;
  config: { intervalMs: number; share: number };
  logger: Logger;
}): TestRounds {
  const { engine, models, config, logger } = options;
  const rounds = new TestRounds({
    ...config,
    tests: () => plannedTests(models, logger),
    tables: engine.serving,
    state: () => engine.state(),
    onResult: ({ test, status, failures, error }) => {
      if (status === "pass") return;
      const facts = {
        test: test.name,
        status,
        failures,
        ...(error === null ? {} : { error: error.message }),
      };
      logger.warn(facts, "a test of the models does not pass");
    },
    onFailure: (error) => logger.error({ err: error }, "the models' tests can't be read"),
  });
  engine.showTests(() => rounds.results);
  return rounds;
}

/** A test that can't be planned stops nothing; `models check` refuses it. */
async function plannedTests(models: ModelSet, logger: Logger): Promise<readonly DataTest[]> {
  const { tests, problems } = await checkTests(await readTestFiles(MODELS_DIR), models);
  for (const problem of problems) logger.error({ problem: describeProblem(problem) }, "a test is left out");
  return tests;
}
