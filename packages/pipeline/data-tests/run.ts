import { GridlakeError } from "@gridlake/kernel";
import type { TestSeverity } from "../ir/index.ts";
import type { Row } from "../ports.ts";
import type { DataTest } from "./compile.ts";

export interface TestResult {
  readonly test: DataTest;
  readonly severity: TestSeverity;
  /** `fail` and `warn`: rows break the rule, by the test's severity; `error`: it could not be run. */
  readonly status: "pass" | "warn" | "fail" | "error";
  /** Rows that break the rule; of `unique`, keys that stand there more than once. Null when it could not be run. */
  readonly failures: number | null;
  readonly samples: readonly Row[];
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly durationMs: number;
}

/** Where the models' tables are, under the models' names. */
export interface TestedTables {
  rows(sql: string): Promise<Row[]>;
}

const SAMPLES = 5;

/** Runs one test; never throws for what the test or the tables do. */
export async function runTest(
  tables: TestedTables,
  test: DataTest,
  { samples = SAMPLES }: { samples?: number } = {},
): Promise<TestResult> {
  const startedMs = performance.now();
  const told = (rest: Pick<TestResult, "status" | "failures" | "samples" | "error">): TestResult => ({
    test,
    severity: test.severity,
    ...rest,
    durationMs: performance.now() - startedMs,
  });
  try {
    const [counted] = await tables.rows(`SELECT count(*) AS failures FROM (${test.sql}\n)`);
    const failures = Number(counted?.["failures"] ?? 0);
    if (failures === 0) return told({ status: "pass", failures, samples: [], error: null });
    const shown = await tables.rows(`SELECT * FROM (${test.sql}\n) LIMIT ${samples}`);
    return told({
      status: test.severity === "warn" ? "warn" : "fail",
      failures,
      samples: shown,
      error: null,
    });
  } catch (error) {
    const code = error instanceof GridlakeError ? error.code : "MODEL_TEST_FAILED";
    const message = error instanceof Error ? error.message : String(error);
    return told({ status: "error", failures: null, samples: [], error: { code, message } });
  }
}
