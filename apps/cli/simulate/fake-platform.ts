import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** How the next posts of readings are met: a status, or the connection cut before or after they are taken. */
export type Mood = number | "cut-before" | "cut-after";

/** A platform as the simulator sees it: it keeps what it acknowledged, and is as moody as a test wants it. */
export class FakePlatform {
  /** Bodies in the order of their acknowledgement. */
  readonly batches: string[] = [];
  /** Bodies that were taken although the answer was lost. */
  readonly unheard: string[] = [];
  readonly imports: { path: string; csv: string }[] = [];
  readonly revoked: string[] = [];
  readonly moods: Mood[] = [];
  tokens = 0;
  logins = 0;
  /** The device token that is taken now; an older one gets 401. */
  valid = 0;
  readonly #server = createServer((request, reply) => void this.#serve(request, reply));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** All lines that the platform holds. */
  get lines(): string[] {
    return [...this.batches, ...this.unheard].flatMap((body) => body.split("\n"));
  }

  async #serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString();
    const path = request.url ?? "";
    if (path === "/ingest/readings") return this.#take(request, reply, body);
    if (path === "/api/authority/login") {
      const right = (JSON.parse(body) as { password: string }).password === "secret";
      if (!right)
        return answer(reply, 401, { error: { code: "AUTHORITY_LOGIN", message: "wrong", requestId: "1" } });
      this.logins += 1;
      reply.setHeader("set-cookie", "gridlake_session=s; HttpOnly");
      return answer(reply, 200, {});
    }
    const known =
      (request.headers.cookie === "gridlake_session=s" && request.headers.origin !== undefined) ||
      request.headers.authorization === "Bearer api";
    if (!known) return answer(reply, 401, {});
    if (path === "/api/authority/tokens") {
      this.tokens += 1;
      this.valid = this.tokens;
      return answer(reply, 201, { token: `device-${this.tokens}`, id: `id-${this.tokens}` });
    }
    if (request.method === "DELETE") this.revoked.push(path);
    else this.imports.push({ path, csv: body });
    return answer(reply, 200, {});
  }

  #take(request: IncomingMessage, reply: ServerResponse, body: string): void {
    if (request.headers.authorization !== `Bearer device-${this.valid}`) return answer(reply, 401, {});
    const mood = this.moods.shift() ?? 200;
    if (mood === "cut-after") this.unheard.push(body);
    if (typeof mood === "string") return void request.socket.destroy();
    if (mood === 429) reply.setHeader("retry-after", "0");
    if (mood !== 200)
      return answer(reply, mood, { error: { code: "INGEST_X", message: "no", requestId: "1" } });
    this.batches.push(body);
    answer(reply, 200, { batch: `readings-${this.batches.length - 1}`, lines: 1, bytes: body.length });
  }
}

function answer(reply: ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
