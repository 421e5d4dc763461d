import { access } from "node:fs/promises";
import { join } from "node:path";
import { GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import { type Answer, AnsweringProcess } from "../answering-process.ts";

const PROGRAM = join(import.meta.dirname, "judge.py");
const START_LIMIT_MS = 10 * MINUTE_MS;
const REQUEST_LIMIT_MS = 10 * MINUTE_MS;

export type SparkOptions = Readonly<Record<string, string>>;

/** What to read; see `table-options.ts` for the options. */
export interface SparkRead {
  table: string;
  options: SparkOptions;
  columns?: readonly string[];
}

export interface SparkReadPart {
  /** A Spark SQL condition, which Spark may push down. */
  where?: string;
  /** The Parquet file to make. */
  output: string;
}

export interface SparkWrite {
  table: string;
  /** A Parquet file with the rows, or a Spark query. */
  input?: string;
  query?: string;
  options: SparkOptions;
}

/**
 * Spark with the newest Hudi, in one process for a whole run: its JVM takes longer to start than most requests to answer.
 * What is asked for at once runs side by side.
 */
export class SparkJudge {
  readonly #process: AnsweringProcess;

  /**
   * @param from.python a Python with pyspark; from.jar Hudi's Spark bundle; from.scratch a folder that the caller removes
   * @throws INTEROP_NO_SPARK
   */
  static async start(from: { python: string; jar: string; scratch: string }): Promise<SparkJudge> {
    await access(from.jar).catch((cause: unknown) => {
      throw noSpark(`there is no ${from.jar}`, cause);
    });
    const judge = new SparkJudge(from);
    await judge.#process.ready(START_LIMIT_MS).catch(async (cause: unknown) => {
      await judge.end();
      throw noSpark(
        `Spark did not start: ${judge.#process.lastWords.trim().split("\n").at(-1) ?? ""}`,
        cause,
      );
    });
    return judge;
  }

  private constructor(from: { python: string; jar: string; scratch: string }) {
    this.#process = new AnsweringProcess({
      command: from.python,
      args: [PROGRAM, from.jar, from.scratch],
      env: { PYSPARK_PYTHON: from.python, SPARK_LOCAL_IP: "127.0.0.1" },
      ended: (cause, lastWords) =>
        new GridlakeError("INTEROP_SPARK_ENDED", `Spark is gone: ${cause.message}`, {
          remedy: "see what it said last, in the details",
          details: { lastWords },
          cause,
        }),
    });
  }

  /** Runs Spark SQL statements in turn. @returns the rows of the last as text @throws INTEROP_SPARK_REFUSED */
  async sql(statements: string | readonly string[], conf: SparkOptions = {}): Promise<string[][]> {
    const list = typeof statements === "string" ? [statements] : statements;
    const { rows } = await this.#ask({ op: "sql", statements: list, conf });
    return rows ?? [];
  }

  /** @throws INTEROP_SPARK_REFUSED */
  async read({ where, output, ...read }: SparkRead & SparkReadPart): Promise<void> {
    await this.readParts(read, [{ output, ...(where !== undefined && { where }) }]);
  }

  /** A table loaded once and read under several conditions. @throws INTEROP_SPARK_REFUSED */
  async readParts(read: SparkRead, parts: readonly SparkReadPart[]): Promise<void> {
    await this.#ask({ op: "read", ...read, parts });
  }

  /** @throws INTEROP_SPARK_REFUSED */
  async write(write: SparkWrite): Promise<void> {
    await this.#ask({ op: "write", ...write });
  }

  /** Seconds of CPU that its JVM has taken since it was started: other than seconds of the wall, they mean the same on a busy machine. */
  async spent(): Promise<number> {
    const { rows } = await this.#ask({ op: "spent" });
    return Number(rows?.[0]?.[0]);
  }

  /** Waits until Python and its JVM are gone. */
  end(): Promise<void> {
    return this.#process.end();
  }

  async #ask(request: Record<string, unknown>): Promise<Answer> {
    const got = await this.#process.ask(request, REQUEST_LIMIT_MS);
    if (got.ok) return got;
    throw new GridlakeError("INTEROP_SPARK_REFUSED", `Spark refused: ${reason(got.trace ?? "")}`, {
      remedy: "see the trace in the details",
      details: { request, error: got.error, trace: got.trace },
    });
  }
}

/** Of a Java trace, the messages of the causes: the last says most. */
function reason(trace: string): string {
  const causes = trace.split("\n").filter((line) => line.startsWith("Caused by: "));
  return (causes.at(-1) ?? trace.split("\n", 2).join(" ")).replace("Caused by: ", "").slice(0, 500);
}

function noSpark(message: string, cause: unknown): GridlakeError {
  return new GridlakeError("INTEROP_NO_SPARK", message, {
    remedy:
      "run ./gridlake test interop, which installs Spark and Hudi (it needs Java 17, Python and Maven), or set " +
      "GRIDLAKE_PYTHON to a Python with pyspark 3.5.6 and GRIDLAKE_HUDI_SPARK_JAR to hudi-spark3.5-bundle_2.12-1.2.0.jar",
    cause,
  });
}
