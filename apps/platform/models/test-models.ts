import {
  dataTests,
  type Model,
  type ModelSet,
  runTest,
  type SingularTest,
  type TestResult,
} from "@gridlake/pipeline";
import { openLakeTables } from "./lake-tables.ts";

/** What a test found, as plain data. */
export interface TestedRule {
  name: string;
  /** Null for a test that is a file of its own. */
  model: string | null;
  kind: string;
  severity: "error" | "warn";
  status: TestResult["status"];
  /** Rows that break the rule; null when it could not be run. */
  failures: number | null;
  samples: TestResult["samples"];
  error: { code: string; message: string } | null;
  durationMs: number;
}

/** Runs the tests of models over the lake, all at one checkpoint. @returns it, and how many were run */
export async function testModels(options: {
  set: ModelSet;
  singular: readonly SingularTest[];
  models: readonly Model[];
  dataDir: string;
  asOf?: string;
  samples?: number;
  onTest: (tested: TestedRule) => void;
}): Promise<{ checkpoint: number; tests: number }> {
  const tests = dataTests(options.set, options.singular, options.models);
  const tables = await openLakeTables({
    dataDir: options.dataDir,
    models: options.set.models,
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
  });
  const shown = options.samples === undefined ? {} : { samples: options.samples };
  try {
    for (const test of tests) {
      const result = await runTest(tables, test, shown);
      const { status, failures, samples, error, durationMs } = result;
      const { name, model, kind, severity } = test;
      options.onTest({ name, model, kind, severity, status, failures, samples, error, durationMs });
    }
    return { checkpoint: tables.checkpoint, tests: tests.length };
  } finally {
    tables.close();
  }
}
