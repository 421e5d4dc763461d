import { readFileSync } from "node:fs";
import type { Tally } from "./tally.ts";

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Failed tests that are named in the summary; vitest itself has told all of them. */
const NAMED_FAILURES = 20;

/**
 * Reads what vitest's JSON reporter wrote. A file that could not be loaded, an error outside any test and a run without a
 * test have no test of their own to fail, so each counts as one failure.
 */
export function readVitestReport(file: string, exitCode: number): Tally & { notes: string[] } {
  const notes: string[] = [];
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return { passed: 0, failed: 1, notes: [`vitest ended without a report (exit code ${exitCode})`] };
  }
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => `${name} > ${fullName}`),
  );
  notes.push(...failures.slice(0, NAMED_FAILURES));
  const unproved = report.numPendingTests + report.numTodoTests;
  if (unproved > 0) notes.push(`${unproved} tests were skipped or are still to be written`);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  for (const { name, message } of broken) notes.push(`${name} did not load: ${message.split("\n", 1)[0]}`);
  let failed = report.numFailedTests + unproved + broken.length;
  if (report.numPassedTests + failed === 0) {
    notes.push("no test ran");
    failed = 1;
  } else if (failed === 0 && (exitCode !== 0 || !report.success)) {
    notes.push(`an error outside the tests (exit code ${exitCode})`);
    failed = 1;
  }
  return { passed: report.numPassedTests, failed, notes };
}
