import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { flinkCall } from "./flink-call.ts";

const POLL_MS = 200;
const HEARTBEAT_MS = MINUTE_MS;
const STATEMENT_LIMIT_MS = 10 * MINUTE_MS;
const MOST_ROWS = 10_000;

interface Page {
  resultType?: "NOT_READY" | "PAYLOAD" | "EOS";
  jobID?: string;
  results?: {
    columns?: readonly { name: string; logicalType?: { type?: string } }[];
    data?: readonly { fields: readonly unknown[] }[];
  };
  nextResultUri?: string;
}

export interface StatementResult {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** Of the job that the statement has started. */
  jobId: string | null;
}

export interface StatementOptions {
  /** After it the statement is cancelled. @default 10 minutes */
  limitMs?: number;
  /** Rows that are taken; more are left where they are. @default 10000 */
  maxRows?: number;
  signal?: AbortSignal;
}

/**
 * A session of Flink's SQL Gateway: tables, views and settings live as long as it does. Statements run one after another.
 * A heartbeat keeps it while it is open.
 */
export class SqlSession {
  readonly #url: string;
  readonly #path: string;
  readonly #heartbeat: NodeJS.Timeout;
  #beating: Promise<unknown> = Promise.resolve();

  /**
   * @param url of the gateway, as http://127.0.0.1:8083
   * @throws FLINK_UNAVAILABLE, FLINK_REFUSED
   */
  static async open(
    url: string,
    { properties = {} }: { properties?: Readonly<Record<string, string>> } = {},
  ): Promise<SqlSession> {
    const answer = await flinkCall<{ sessionHandle: string }>(url, "/v1/sessions", {
      method: "POST",
      body: { sessionName: "gridlake", properties },
    });
    return new SqlSession(url, `/v1/sessions/${answer.sessionHandle}`);
  }

  private constructor(url: string, path: string) {
    this.#url = url;
    this.#path = path;
    this.#heartbeat = setInterval(() => {
      // a session that is gone shows at the next statement
      this.#beating = flinkCall(url, `${path}/heartbeat`, { method: "POST" }).catch(() => undefined);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * Runs one statement to its end; one that starts a job ends when the job was taken.
   * @throws FLINK_REFUSED with the root cause, FLINK_STATEMENT_LIMIT, FLINK_UNAVAILABLE
   */
  async run(statement: string, options: StatementOptions = {}): Promise<StatementResult> {
    const { limitMs = STATEMENT_LIMIT_MS, maxRows = MOST_ROWS, signal } = options;
    const call = signal === undefined ? {} : { signal };
    const until = performance.now() + limitMs;
    const { operationHandle } = await flinkCall<{ operationHandle: string }>(
      this.#url,
      `${this.#path}/statements`,
      { method: "POST", body: { statement }, ...call },
    );
    const operation = `${this.#path}/operations/${operationHandle}`;
    const rows: (readonly unknown[])[] = [];
    let columns: readonly string[] = [];
    let jobId: string | null = null;
    try {
      let uri: string | undefined = `${operation}/result/0`;
      while (uri !== undefined && rows.length < maxRows) {
        if (performance.now() > until) throw tooLong(statement, limitMs);
        const page: Page = await flinkCall<Page>(this.#url, uri, call);
        if (page.resultType === "NOT_READY") {
          await pause(POLL_MS);
          continue;
        }
        jobId ??= page.jobID ?? null;
        if (page.results?.columns !== undefined) columns = page.results.columns.map(({ name }) => name);
        for (const { fields } of page.results?.data ?? []) if (rows.length < maxRows) rows.push(fields);
        uri = page.resultType === "EOS" ? undefined : page.nextResultUri;
        // a page of a running query may be empty for long: the gateway is not asked without a breath
        if (uri !== undefined && (page.results?.data ?? []).length === 0) await pause(POLL_MS);
      }
      return { columns, rows, jobId: jobId ?? startedJob(columns, rows) };
    } finally {
      await this.#closeOperation(operation);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#beating;
    await flinkCall(this.#url, this.#path, { method: "DELETE" });
  }

  /** What it holds is let go; a query that still runs is cancelled by it. */
  async #closeOperation(operation: string): Promise<void> {
    await flinkCall(this.#url, `${operation}/close`, { method: "DELETE" }).catch(() => undefined);
  }
}

/** An INSERT answers with one row, the id of its job. */
function startedJob(columns: readonly string[], rows: readonly (readonly unknown[])[]): string | null {
  const id = rows[0]?.[0];
  return columns.length === 1 && columns[0] === "job id" && typeof id === "string" ? id : null;
}

function tooLong(statement: string, limitMs: number): GridlakeError {
  return new GridlakeError(
    "FLINK_STATEMENT_LIMIT",
    `a statement has not ended within ${limitMs / SECOND_MS} s, and was cancelled`,
    { retry: "later", details: { statement }, status: 504 },
  );
}
