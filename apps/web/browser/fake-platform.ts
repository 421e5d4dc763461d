import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import type { AddressInfo } from "node:net";
import { FakeGrid } from "./fake-grid.ts";

/** The policy that the gateway sends: nothing inline, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const MIME: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const PASSWORD = "open sesame";

/** Serves the built application and answers in the platform's place, with a grid that the test moves. */
export class FakePlatform {
  readonly grid = new FakeGrid();
  readonly #dist: string;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  signedIn = false;
  roles: string[] = ["dispatcher", "analyst"];
  /** Paths that answer 503 now. */
  failing = new Set<string>();
  /** Every request to the API, as "GET /api/…". */
  asked: string[] = [];

  private constructor(dist: string) {
    this.#dist = dist;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async serve(dist: string): Promise<FakePlatform> {
    const platform = new FakePlatform(dist);
    await new Promise<void>((resolve) => platform.#server.listen(0, "127.0.0.1", resolve));
    return platform;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Streams open now. */
  get streams(): number {
    return this.#streams.size;
  }

  /** The next minute of the grid, sent as a delta. */
  tick(): void {
    this.send("delta", { sequence: this.grid.sequence + 1, upserts: this.grid.tick(), deletes: [] });
  }

  send(event: string, data: unknown): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends the live streams, as a restart of the platform does. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async close(): Promise<void> {
    this.cutStreams();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    if (!url.pathname.startsWith("/api/")) return this.#file(url.pathname, response);
    this.asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (this.failing.has(url.pathname))
      return refuse(response, 503, "SERVICE_UNAVAILABLE", "analytics is not ready");
    if (url.pathname === "/api/authority/login") return this.#login(request, response);
    if (!this.signedIn) return refuse(response, 401, "AUTH_REQUIRED", "the route needs a session or a token");
    if (url.pathname === "/api/authority/logout") {
      this.signedIn = false;
      response.writeHead(204).end();
      return;
    }
    if (url.pathname === "/api/authority/me") return json(response, this.#me());
    if (url.pathname.startsWith("/api/telemetry/live/")) return this.#stream(response);
    const answer = this.grid.answer(url.pathname.replace("/api/analytics/", ""), url.searchParams);
    if (answer === undefined) return refuse(response, 404, "ROUTE_UNKNOWN", `there is no ${url.pathname}`);
    json(response, answer);
  }

  #me(): object {
    return { id: "1", username: "mara", displayName: "Mara Lindqvist", roles: this.roles };
  }

  async #login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { password } = JSON.parse(Buffer.concat(chunks).toString()) as { password: string };
    if (password !== PASSWORD) {
      return refuse(
        response,
        401,
        "AUTH_LOGIN_FAILED",
        "the user name or the password is wrong",
        "try again",
      );
    }
    this.signedIn = true;
    json(response, { user: this.#me(), expiresAt: "2030-01-01T00:00:00Z" });
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 200\nevent: ready\ndata: {"sequence":${this.grid.sequence}}\n\n`);
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const name = extname(path) === "" ? "/index.html" : normalize(path);
    try {
      const body = await readFile(join(this.#dist, name));
      response.writeHead(200, {
        "content-type": MIME[extname(name)] ?? "application/octet-stream",
        "content-security-policy": CONTENT_SECURITY_POLICY,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  remedy?: string,
): void {
  json(response, { error: { code, message, remedy, retry: "later", details: {}, requestId: "r-1" } }, status);
}
