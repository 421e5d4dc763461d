export { dataTests, type DataTest } from "./compile.ts";
export { type CheckedTests, checkTests } from "./load.ts";
export { TestRounds, type TestRoundsOptions } from "./rounds.ts";
export { runTest, type TestedTables, type TestResult } from "./run.ts";
export { readSingularTest, type SingularTest } from "./singular.ts";
