import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface FakeAnswer {
  /** @default 200 */
  status?: number;
  body?: unknown;
  /** The connection is cut in place of an answer. */
  cut?: boolean;
}

export interface FakeRequest {
  method: string;
  path: string;
  body: unknown;
}

/** A server that answers as Flink's REST interfaces do, by rules of the test; it keeps what it was asked. */
export class FakeFlink {
  readonly asked: FakeRequest[] = [];
  readonly url: string;
  readonly #server: Server;

  static async start(answer: (request: FakeRequest, nth: number) => FakeAnswer): Promise<FakeFlink> {
    const counts = new Map<string, number>();
    const asked: FakeRequest[] = [];
    const server = createServer((incoming, response) => {
      void (async () => {
        const request = await requestOf(incoming);
        asked.push(request);
        const key = `${request.method} ${request.path}`;
        const nth = counts.get(key) ?? 0;
        counts.set(key, nth + 1);
        const { status = 200, body = {}, cut = false } = answer(request, nth);
        if (cut) return void incoming.socket.destroy();
        response.writeHead(status, { "content-type": "application/json" });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FakeFlink(server, asked);
  }

  private constructor(server: Server, asked: FakeRequest[]) {
    this.#server = server;
    this.asked = asked;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  count(method: string, path: string): number {
    return this.asked.filter((request) => request.method === method && request.path === path).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function requestOf(incoming: IncomingMessage): Promise<FakeRequest> {
  const body = await text(incoming);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    body: body === "" ? undefined : JSON.parse(body),
  };
}
