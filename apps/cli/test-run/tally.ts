/** What a stage found. A skipped test has proved nothing, so it counts as failed. */
export interface Tally {
  passed: number;
  failed: number;
}

export interface StageResult extends Tally {
  stage: string;
  seconds: number;
  /** Why it counts as failed, one line each. */
  notes: readonly string[];
}

export function total(results: readonly Tally[]): Tally {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** Holds when something ran and nothing failed. */
export function holds({ passed, failed }: Tally): boolean {
  return passed > 0 && failed === 0;
}

/** A line for each stage, what failed, and at the end `N passed, N failed` alone on its line. */
export function summary(results: readonly StageResult[]): string {
  const lines = results.map(
    ({ stage, passed, failed, seconds }) =>
      `${stage.padEnd(12)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(8)} s`,
  );
  const notes = results.flatMap(({ stage, notes: said }) => said.map((note) => `${stage}: ${note}`));
  const { passed, failed } = total(results);
  return [...lines, ...notes, "", `${passed} passed, ${failed} failed`, ""].join("\n");
}
