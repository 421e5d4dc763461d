import { setTimeout as delay } from "node:timers/promises";
import { GridlakeError, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";

const STATEMENT_LIMIT_MS = 20 * MINUTE_MS;
const CALL_LIMIT_MS = 30 * SECOND_MS;
const POLL_MS = 100;

interface Page {
  resultType?: "NOT_READY" | "PAYLOAD" | "EOS";
  results?: { data: readonly { fields: readonly unknown[] }[] };
  nextResultUri?: string;
  errors?: readonly string[];
}

/** A session of Flink's SQL Gateway; statements run one after another, each to its end. */
export class SqlGateway {
  readonly #url: string;
  readonly #session: string;

  /** @param url of the gateway, as http://127.0.0.1:8083 */
  static async open(url: string): Promise<SqlGateway> {
    const { sessionHandle } = await call<{ sessionHandle: string }>(`${url}/v1/sessions`, {});
    const gateway = new SqlGateway(url, sessionHandle);
    // an INSERT has ended when its job has
    await gateway.run("SET 'table.dml-sync' = 'true'");
    return gateway;
  }

  private constructor(url: string, session: string) {
    this.#url = url;
    this.#session = session;
  }

  /** @returns its rows @throws INTEROP_FLINK_REFUSED */
  async run(statement: string): Promise<readonly (readonly unknown[])[]> {
    const session = `${this.#url}/v1/sessions/${this.#session}`;
    const { operationHandle } = await call<{ operationHandle: string }>(`${session}/statements`, {
      statement,
    });
    const rows: (readonly unknown[])[] = [];
    const until = Date.now() + STATEMENT_LIMIT_MS;
    let uri: string | undefined = `/v1/sessions/${this.#session}/operations/${operationHandle}/result/0`;
    while (uri !== undefined) {
      if (Date.now() > until) throw refused(statement, [`it did not end within ${STATEMENT_LIMIT_MS} ms`]);
      const page: Page = await call<Page>(`${this.#url}${uri}`);
      if (page.errors) throw refused(statement, page.errors);
      if (page.resultType === "NOT_READY") {
        await delay(POLL_MS);
        continue;
      }
      for (const { fields } of page.results?.data ?? []) rows.push(fields);
      uri = page.resultType === "EOS" ? undefined : page.nextResultUri;
    }
    return rows;
  }

  async close(): Promise<void> {
    await fetch(`${this.#url}/v1/sessions/${this.#session}`, {
      method: "DELETE",
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
  }
}

async function call<Answer>(url: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(CALL_LIMIT_MS),
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer & { errors?: readonly string[] };
  // the errors of a statement come with its result, those of a call with a status
  if (!response.ok && answer.errors === undefined) throw refused(url, [`HTTP ${response.status}`]);
  return answer;
}

function refused(statement: string, errors: readonly string[]): GridlakeError {
  const causes = errors
    .join("\n")
    .split("\n")
    .filter((line) => /Caused by|Exception/.test(line));
  return new GridlakeError("INTEROP_FLINK_REFUSED", `Flink refused: ${causes.at(-1) ?? errors.join(" ")}`, {
    remedy: "see the trace in the details",
    details: { statement, errors: [...errors] },
  });
}
