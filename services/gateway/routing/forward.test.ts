import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startGateway } from "../under-test.ts";

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** A service in another process, as far as the gateway can see. */
async function behind(handle: RequestListener) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const platform = await startGateway();
  cleanups.push(() => platform.stop());
  const { port } = server.address() as AddressInfo;
  await platform.registry.register({
    service: "far",
    version: "1",
    routes: ["/api/far"],
    endpoint: { kind: "http", host: "127.0.0.1", port },
  });
  return { platform, server };
}

const read = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString();

test("over HTTP: method, path, query, body and headers arrive; hop-by-hop ones do not", async () => {
  const { platform } = await behind(async (request, response) => {
    response.setHeader("x-far", "yes");
    response.statusCode = 201;
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: await read(request),
      }),
    );
  });
  const answer = await platform.send("POST", "/api/far/x?a=1&b=%20", {
    headers: { connection: "x-gone", "x-gone": "1", "x-kept": "2", "x-gridlake-identity": "forged" },
    body: "hello",
  });
  expect([answer.status, answer.headers["x-far"]]).toEqual([201, "yes"]);
  expect(answer.json).toMatchObject({
    line: "POST /api/far/x?a=1&b=%20",
    body: "hello",
    headers: { "x-kept": "2" },
  });
  expect(answer.json["headers"]).not.toHaveProperty("x-gone");
  expect(answer.json["headers"]).not.toHaveProperty("x-gridlake-identity");
});

test("nobody at the address: 503; an answer torn off half-way is torn for the caller too", async () => {
  const { platform, server } = await behind((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  });
  await expect(platform.send("GET", "/api/far/x")).rejects.toMatchObject({ code: "ECONNRESET" });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const answer = await platform.send("GET", "/api/far/x");
  expect([answer.status, answer.json.error.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
});

test("a caller that goes away is gone for the service too", async () => {
  const left = Promise.withResolvers<void>();
  const { platform } = await behind((request, response) => {
    request.on("close", () => left.resolve());
    response.writeHead(200);
    response.write("…");
  });
  const controller = new AbortController();
  const answer = await fetch(`${platform.url}/api/far/x`, { signal: controller.signal });
  controller.abort();
  await expect(answer.text()).rejects.toThrow();
  await left.promise;
});
