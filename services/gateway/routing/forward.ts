import { Agent, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import type { Instance } from "@gridlake/service-kit";

/** An instance that says nothing for this long, neither head nor body, is given up. */
const SILENCE_TIMEOUT_MS = 120 * SECOND_MS;
const MAX_SOCKETS_PER_INSTANCE = 256;

/** Of one connection, not of the message (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Hands requests on: to a service of this process as they are, to another over HTTP as a stream. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS_PER_INSTANCE });

  /** @param onFailure answers when the instance can't; not called once its answer has begun. */
  forward(
    instance: Instance,
    request: IncomingMessage,
    response: ServerResponse,
    onFailure: (error: GridlakeError) => void,
  ): void {
    const { endpoint } = instance;
    if (endpoint.kind === "local") return endpoint.handle(request, response);
    const onward = httpRequest({
      agent: this.#agent,
      host: endpoint.host,
      port: endpoint.port,
      method: request.method,
      path: request.url,
      headers: withoutHops(request.headers),
      timeout: SILENCE_TIMEOUT_MS,
    });
    onward.on("timeout", () => onward.destroy(new Error(`silent for ${SILENCE_TIMEOUT_MS} ms`)));
    onward.on("error", (cause) => {
      // half an answer can't be taken back: the client must see that it is torn
      if (response.headersSent) response.destroy();
      else onFailure(unreachable(instance.service, cause));
    });
    onward.on("response", (answer) => {
      response.statusCode = answer.statusCode ?? 502;
      for (const [name, value] of Object.entries(withoutHops(answer.headers))) {
        if (value !== undefined) response.setHeader(name, value);
      }
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function withoutHops<T>(headers: Record<string, T>): Record<string, T> {
  const named = String(headers["connection"] ?? "")
    .toLowerCase()
    .split(",");
  const gone = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim())]);
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !gone.has(name) && value !== undefined),
  );
}

function unreachable(service: string, cause: unknown): GridlakeError {
  return new GridlakeError("SERVICE_UNAVAILABLE", `${service} can't be reached`, {
    status: 503,
    retry: "later",
    remedy: "try again; the change may or may not have been made",
    details: { service },
    cause,
  });
}
