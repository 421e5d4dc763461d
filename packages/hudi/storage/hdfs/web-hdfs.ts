import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError } from "@gridlake/kernel";
import { type Body, Http, NoAnswer, readAll } from "./http.ts";
import { checkOptions, DEFAULT_RETRY_MS, DEFAULT_SILENCE_MS, type HdfsOptions } from "./options.ts";
import { refusal, RemoteException, remoteException, unreachable } from "./refusal.ts";

/** Operations of WebHDFS that we use, with the method each has. */
const METHODS = {
  GETFILESTATUS: "GET",
  LISTSTATUS_BATCH: "GET",
  OPEN: "GET",
  CREATE: "PUT",
  MKDIRS: "PUT",
  RENAME: "PUT",
  SETTIMES: "PUT",
  DELETE: "DELETE",
} as const;

export type Operation = keyof typeof METHODS;
export type Query = Readonly<Record<string, string | number | boolean>>;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * WebHDFS, the REST interface of HDFS: metadata from the NameNode, bytes from the DataNode that it names. A call is tried again, for a bounded
 * time, when nobody answered or a server says that it will be able to soon. So every call must bear to be done twice; of
 * one that does not (RENAME), a refusal says `repeated`, and its caller looks what has become of it.
 */
export class WebHdfs {
  readonly #http: Http;
  readonly #namenodes: readonly string[];
  readonly #user: string;
  readonly #retryForMs: number;
  /** Which NameNode answered last. */
  #active = 0;

  constructor(options: HdfsOptions) {
    checkOptions(options);
    this.#http = new Http({
      hosts: options.hosts ?? {},
      silenceMs: options.silenceMs ?? DEFAULT_SILENCE_MS,
    });
    this.#namenodes = options.namenodes;
    this.#user = options.user;
    this.#retryForMs = options.retryForMs ?? DEFAULT_RETRY_MS;
  }

  /** Asks the NameNode. @throws RemoteException what it refuses with, HDFS_UNREACHABLE */
  async ask<T>(operation: Operation, path: string, query: Query = {}): Promise<T> {
    return this.#persistently(`${operation} ${path}`, async () => {
      const url = this.#url(operation, path, query);
      const answer = await this.#http.call(METHODS[operation], url);
      const body = await readAll(answer, url.host);
      if (answer.statusCode !== 200) throw remoteException(answer.statusCode ?? 0, body);
      return (body.length === 0 ? null : JSON.parse(body.toString("utf8"))) as T;
    });
  }

  /**
   * Asks the NameNode for a DataNode, and that one to take or give bytes. A DataNode that does not answer is left out the next time.
   * @throws RemoteException, HDFS_UNREACHABLE
   */
  async transfer<T>(
    operation: "OPEN" | "CREATE",
    path: string,
    {
      query = {},
      body,
      receive,
    }: { query?: Query; body?: Body; receive: (answer: IncomingMessage, server: string) => Promise<T> },
  ): Promise<T> {
    const excluded = new Set<string>();
    return this.#persistently(`${operation} ${path}`, async () => {
      const without = excluded.size === 0 ? {} : { excludedatanodes: [...excluded].join(",") };
      const url = this.#url(operation, path, { ...query, ...without });
      const directions = await this.#http.call(METHODS[operation], url);
      const said = await readAll(directions, url.host);
      const { location } = directions.headers;
      if (directions.statusCode !== 307 || location === undefined) {
        // of all that were left out one may be back
        excluded.clear();
        throw remoteException(directions.statusCode ?? 0, said);
      }
      const datanode = new URL(location);
      try {
        const answer = await this.#http.call(METHODS[operation], datanode, body);
        const { statusCode = 0 } = answer;
        if (statusCode !== 200 && statusCode !== 201) {
          throw remoteException(statusCode, await readAll(answer, datanode.host));
        }
        return await receive(answer, datanode.host);
      } catch (error) {
        if (error instanceof NoAnswer) excluded.add(datanode.host);
        throw error;
      }
    });
  }

  close(): void {
    this.#http.close();
  }

  async #persistently<T>(call: string, once: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#retryForMs;
    let repeated = false;
    let pauseMs = FIRST_PAUSE_MS;
    for (let tries = 1; ; tries += 1) {
      const asked = this.#active;
      try {
        return await once();
      } catch (error) {
        const broken = error instanceof NoAnswer;
        const standby = error instanceof RemoteException && error.isStandby;
        const passing = error instanceof RemoteException && error.isPassing;
        if (error instanceof RemoteException) error.repeated = repeated;
        if (!broken && !standby && !passing) throw error;
        repeated ||= broken || (error instanceof RemoteException && error.isUnsure);
        const namenodeFailed = standby || (broken && this.#isNamenode(error.server));
        // a call beside this one may have moved on already
        if (namenodeFailed && this.#active === asked) this.#active = (asked + 1) % this.#namenodes.length;
        if (performance.now() + pauseMs > deadline) throw this.#givenUp(call, error);
        // each NameNode is asked once before there is a pause; one alone twice, for a kept connection may just have ended
        if (passing || (tries > 1 && tries % this.#namenodes.length === 0)) {
          await sleep(pauseMs);
          pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        }
      }
    }
  }

  #isNamenode(server: string): boolean {
    return this.#namenodes.some((namenode) => new URL(namenode).host === server);
  }

  #givenUp(call: string, error: NoAnswer | RemoteException): GridlakeError {
    return error instanceof NoAnswer
      ? unreachable(
          call,
          this.#isNamenode(error.server) ? this.#namenodes : [`DataNode ${error.server}`],
          error,
        )
      : refusal(call, error);
  }

  #url(operation: Operation, path: string, query: Query): URL {
    const url = new URL(`/webhdfs/v1${encodePath(path)}`, this.#namenodes[this.#active]);
    url.searchParams.set("op", operation);
    url.searchParams.set("user.name", this.#user);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    // Hadoop reads "+" in a query as what it is
    url.search = url.search.replaceAll("+", "%20");
    return url;
  }
}

/** @throws HDFS_INVALID_PATH for what HDFS would take for another path, or for none */
function encodePath(path: string): string {
  const names = path.split("/").slice(1);
  const wrong = names.find((name) => name === "." || name === ".." || name === "" || /[:\0]/.test(name));
  if (path.startsWith("/") && (path === "/" || wrong === undefined)) {
    return `/${names.map(encodeURIComponent).join("/")}`;
  }
  throw new GridlakeError("HDFS_INVALID_PATH", `HDFS can have no path ${JSON.stringify(path)}`, {
    remedy: 'it is absolute, and its names are not empty, not "." or "..", and have no ":"',
    details: { path },
  });
}
