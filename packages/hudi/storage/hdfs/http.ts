import { lookup as systemLookup } from "node:dns";
import http from "node:http";
import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** The other side could not be reached, or fell silent: whether it did what it was asked is not known. */
export class NoAnswer extends Error {
  /** `host:port`. */
  readonly server: string;

  constructor(server: string, cause: unknown) {
    super(`${server}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "NoAnswer";
    this.server = server;
  }
}

export interface HttpOptions {
  hosts: Readonly<Record<string, string>>;
  /** How long the other side may be silent. */
  silenceMs: number;
}

export interface Body {
  stream(): Readable;
  sizeBytes: number;
}

/** Connections to one server at a time; more calls wait for one. */
const MAX_CONNECTIONS = 16;
/** An unused connection is closed before the server does: Hadoop's Jetty and Netty keep theirs longer. */
const UNUSED_MS = 5_000;

/**
 * Calls over HTTP, on `node:http` because `fetch` refuses DataNodes: they answer an upload with a `100 Continue` that nobody asked
 * for. Redirects are not followed, and the caller reads the answer to its end.
 */
export class Http {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: UNUSED_MS });
  readonly #lookup: LookupFunction;
  readonly #silenceMs: number;

  constructor({ hosts, silenceMs }: HttpOptions) {
    this.#silenceMs = silenceMs;
    this.#lookup = (name, options, callback) => {
      const address = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
      if (address === undefined) systemLookup(name, options, callback);
      else if (options.all) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
  }

  /** @throws NoAnswer */
  async call(method: string, url: URL, body?: Body): Promise<http.IncomingMessage> {
    const request = http.request(url, {
      method,
      agent: this.#agent,
      lookup: this.#lookup,
      timeout: this.#silenceMs,
      headers: body
        ? { "content-type": "application/octet-stream", "content-length": body.sizeBytes }
        : { "content-length": 0 },
    });
    request.on("timeout", () => request.destroy(new Error(`silent for ${this.#silenceMs} ms`)));
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on("response", resolve);
      request.on("error", (cause) => reject(new NoAnswer(url.host, cause)));
    });
    if (body === undefined) {
      request.end();
      return answered;
    }
    const source = body.stream();
    // what cannot be read here is no fault of the other side; this listener is there before `pipeline` hands errors on
    const unreadable = new Promise<never>((_, reject) => source.once("error", reject));
    // a server that refuses answers before it has read all; what then becomes of the rest does not matter
    pipeline(source, request).catch(() => {});
    return Promise.race([answered, unreadable]);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** All of an answer. @throws NoAnswer when it breaks off */
export async function readAll(answer: http.IncomingMessage, server: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw new NoAnswer(server, cause);
  }
  return Buffer.concat(chunks);
}
