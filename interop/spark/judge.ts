import { type ChildProcess, spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";

const PROGRAM = join(import.meta.dirname, "judge.py");
const START_LIMIT_MS = 10 * MINUTE_MS;
const REQUEST_LIMIT_MS = 10 * MINUTE_MS;
const END_LIMIT_MS = 20 * SECOND_MS;
/** What Spark said last is kept for the error that explains its death. */
const LAST_WORDS_CHARACTERS = 4_000;

export type SparkOptions = Readonly<Record<string, string>>;

/** What to read; see `table-options.ts` for the options. */
export interface SparkRead {
  table: string;
  options: SparkOptions;
  /** A Spark SQL condition, which Spark may push down. */
  where?: string;
  columns?: readonly string[];
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

interface Answer {
  id: number;
  ok: boolean;
  error?: string;
  trace?: string;
  rows?: string[][];
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Spark with the newest Hudi, in one process for a whole run: its JVM takes longer to start than most requests to answer.
 * It answers one request at a time, in their order.
 */
export class SparkJudge {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastWords = "";
  #ended: Error | null = null;
  #next = 0;

  /**
   * @param from.python a Python with pyspark; from.jar Hudi's Spark bundle; from.scratch a folder that the caller removes
   * @throws INTEROP_NO_SPARK
   */
  static async start(from: { python: string; jar: string; scratch: string }): Promise<SparkJudge> {
    await access(from.jar).catch((cause: unknown) => {
      throw noSpark(`there is no ${from.jar}`, cause);
    });
    const judge = new SparkJudge(from);
    await judge.#answer(0, START_LIMIT_MS).catch(async (cause: unknown) => {
      await judge.end();
      throw noSpark(`Spark did not start: ${judge.#lastWords.trim().split("\n").at(-1) ?? ""}`, cause);
    });
    return judge;
  }

  private constructor(from: { python: string; jar: string; scratch: string }) {
    // a group of its own: Python's JVM has to end with it
    this.#process = spawn(from.python, [PROGRAM, from.jar, from.scratch], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, PYSPARK_PYTHON: from.python, SPARK_LOCAL_IP: "127.0.0.1" },
    });
    const { stdin, stdout, stderr } = this.#process;
    if (!stdin || !stdout || !stderr) throw new Error("a spawned process has its three streams");
    createInterface({ input: stdout }).on("line", (line) => this.#take(line));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARACTERS);
    });
    // its end is told by "close"
    stdin.on("error", () => undefined);
    this.#process.on("error", (cause) => this.#end(cause));
    this.#process.on("close", (code) => this.#end(new Error(`the judge ended with ${code ?? "a signal"}`)));
  }

  /** Runs Spark SQL statements in turn. @returns the rows of the last as text @throws INTEROP_SPARK_REFUSED */
  async sql(statements: string | readonly string[], conf: SparkOptions = {}): Promise<string[][]> {
    const list = typeof statements === "string" ? [statements] : statements;
    const { rows } = await this.#ask({ op: "sql", statements: list, conf });
    return rows ?? [];
  }

  /** @throws INTEROP_SPARK_REFUSED */
  async read(read: SparkRead): Promise<void> {
    await this.#ask({ op: "read", ...read });
  }

  /** @throws INTEROP_SPARK_REFUSED */
  async write(write: SparkWrite): Promise<void> {
    await this.#ask({ op: "write", ...write });
  }

  /** Waits until Python and its JVM are gone. */
  async end(): Promise<void> {
    this.#process.stdin?.end();
    if (await this.#gone(END_LIMIT_MS)) return;
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await this.#gone(END_LIMIT_MS);
  }

  async #ask(request: Record<string, unknown>): Promise<Answer> {
    if (this.#ended) throw this.#ended;
    this.#next += 1;
    const id = this.#next;
    const answer = this.#answer(id, REQUEST_LIMIT_MS);
    this.#process.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    const got = await answer;
    if (got.ok) return got;
    throw new GridlakeError("INTEROP_SPARK_REFUSED", `Spark refused: ${reason(got.trace ?? "")}`, {
      remedy: "see the trace in the details",
      details: { request, error: got.error, trace: got.trace },
    });
  }

  #answer(id: number, limitMs: number): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (this.#ended) return Promise.reject(this.#ended);
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as Answer;
    this.#waiting.get(answer.id)?.resolve(answer);
  }

  #end(why: Error): void {
    this.#ended ??= new GridlakeError("INTEROP_SPARK_ENDED", `Spark is gone: ${why.message}`, {
      remedy: "see what it said last, in the details",
      details: { lastWords: this.#lastWords },
      cause: why,
    });
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
  }

  async #gone(limitMs: number): Promise<boolean> {
    const { exitCode, signalCode, pid } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), limitMs);
    this.#process.once("close", () => resolve(true));
    return promise.finally(() => clearTimeout(timer));
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
