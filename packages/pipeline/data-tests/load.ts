import type { DuckDBConnection } from "@duckdb/node-api";
import type { ModelSet } from "../ir/index.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { ModelError, type ModelProblem } from "../model/problem.ts";
import { Database } from "../runtime/database.ts";
import type { SourceFile } from "../model/source-file.ts";
import { dataTests, type DataTest } from "./compile.ts";
import { readSingularTest, type SingularTest } from "./singular.ts";

export interface CheckedTests {
  readonly singular: readonly SingularTest[];
  /** All tests of the set that can be run. */
  readonly tests: readonly DataTest[];
  readonly problems: readonly ModelProblem[];
}

/** Reads the singular tests, and has DuckDB plan every test over empty tables, so that none fails for its SQL later. */
export async function checkTests(files: readonly SourceFile[], set: ModelSet): Promise<CheckedTests> {
  const problems: ModelProblem[] = [];
  const singular: SingularTest[] = [];
  for (const file of files) {
    try {
      singular.push(readSingularTest(file, set));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      problems.push(error.problem);
    }
  }
  const tests: DataTest[] = [];
  const database = await Database.open({ path: ":memory:", timeZone: "UTC", threads: 1 });
  const connection = await database.connect();
  try {
    for (const { name, columns } of set.models) {
      const definitions = columns.map((column) => `${ident(column.name)} ${column.type}`);
      await connection.run(`CREATE TABLE ${ident(name)} (${definitions.join(", ")})`);
    }
    for (const test of dataTests(set, singular)) {
      const message = await refusalOf(connection, test.sql);
      if (message === null) tests.push(test);
      else problems.push(problemOf(test, message, { set, singular }));
    }
  } finally {
    connection.closeSync();
    database.close();
  }
  return { singular, tests, problems };
}

/** Why DuckDB can't plan it as one SELECT, or null. */
async function refusalOf(connection: DuckDBConnection, sql: string): Promise<string | null> {
  try {
    // closed behind a line break, for the SELECT may end with a comment
    const prepared = await connection.prepare(`SELECT count(*) FROM (${sql}\n)`);
    prepared.destroySync();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error);
  }
}

function problemOf(
  test: DataTest,
  message: string,
  { set, singular }: { set: ModelSet; singular: readonly SingularTest[] },
): ModelProblem {
  const file =
    test.model === null
      ? singular.find(({ name }) => name === test.name)?.file
      : set.byName.get(test.model)?.file;
  return {
    code: "MODEL_TEST_INVALID",
    file: file ?? test.name,
    line: 1,
    column: 1,
    construct: test.name,
    message,
    remedy: test.kind === "singular" ? "write one SELECT over ref('model')" : "mend the test or its where",
  };
}
