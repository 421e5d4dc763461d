import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError, systemClock } from "@gridlake/kernel";
import { Type } from "typebox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newIdentityKey } from "../config/secrets.ts";
import { createIdentityIssuer, createIdentityVerifier } from "../identity/token.ts";
import { EmbeddedRegistry } from "../registry/embedded/registry.ts";
import type { Endpoint, Instance } from "../registry/registry.ts";
import { buildService, defineService, type Service } from "../server/service.ts";
import { silentLogger } from "../telemetry/logger.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createCaller } from "./caller.ts";
import { choose, createRemote } from "./remote.ts";

interface Paths {
  "/api/adder/internal/sum": {
    post: {
      parameters: { query: { scale: number } };
      requestBody: { content: { "application/json": { terms: number[] } } };
      responses: {
        200: { content: { "application/json": { sum: number; by: string } } };
        default: { content: { "application/json": { error: { code: string } } } };
      };
    };
  };
  "/api/adder/slow": { get: { responses: { 204: { content?: never } } } };
}

const adder = defineService<object>({
  name: "adder",
  title: "Adder",
  version: "1",
  description: "adds",
  prefixes: ["/api/adder"],
  routes(app) {
    app.post(
      "/api/adder/internal/sum",
      {
        config: { access: "service" },
        schema: {
          querystring: Type.Object({ scale: Type.Integer() }),
          body: Type.Object({ terms: Type.Array(Type.Number()) }),
        },
      },
      (request) => {
        if (request.body.terms.length === 0)
          throw new GridlakeError("ADDER_EMPTY", "nothing to add", { status: 422 });
        const sum = request.body.terms.reduce((a, b) => a + b, 0) * request.query.scale;
        return { sum, by: request.principal?.subject };
      },
    );
    app.get("/api/adder/slow", { config: { access: "public" } }, async (_request, reply) => {
      await sleep(300);
      return reply.code(204).send();
    });
  },
});

const keys = [newIdentityKey()];
const caller = createCaller("tester", createIdentityIssuer(keys, systemClock));
let service: Service;
beforeAll(async () => {
  const identity = createIdentityVerifier(keys, systemClock);
  service = await buildService(adder, { logger: silentLogger(), metrics: createMetrics(), identity }, {});
  await service.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => service.stop());

const endpoints: [string, () => Endpoint][] = [
  [
    "in process",
    () => ({ kind: "local", handle: (request, response) => service.app.routing(request, response) }),
  ],
  [
    "over HTTP",
    () => ({ kind: "http", host: "127.0.0.1", port: (service.app.server.address() as AddressInfo).port }),
  ],
];

describe.each(endpoints)("the same typed client, %s", (_name, endpoint) => {
  async function client(timeoutMs?: number) {
    const registry = new EmbeddedRegistry({ onListenerError: () => {} });
    const registration = await registry.register({
      service: "adder",
      version: "1",
      routes: [],
      endpoint: endpoint(),
    });
    const remote = createRemote<Paths>({
      registry,
      service: "adder",
      caller,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return { remote, registration };
  }

  test("gives the answer, in the service's own name", async () => {
    const { remote } = await client();
    const { data } = await remote.POST("/api/adder/internal/sum", {
      params: { query: { scale: 10 } },
      body: { terms: [1, 2] },
    });
    expect(data).toEqual({ sum: 30, by: "tester" });
  });

  test("gives a refusal as an error body", async () => {
    const { remote } = await client();
    const { error, response } = await remote.POST("/api/adder/internal/sum", {
      params: { query: { scale: 1 } },
      body: { terms: [] },
    });
    expect([response.status, error?.error.code]).toEqual([422, "ADDER_EMPTY"]);
  });

  test("throws when it takes too long, and when nobody is there", async () => {
    const { remote, registration } = await client(50);
    await expect(remote.GET("/api/adder/slow")).rejects.toMatchObject({
      code: "SERVICE_TIMEOUT",
      status: 504,
    });
    await registration.deregister();
    await expect(remote.GET("/api/adder/slow")).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      status: 503,
    });
  });

  test("an empty answer is an empty answer", async () => {
    const { remote } = await client();
    expect((await remote.GET("/api/adder/slow")).response.status).toBe(204);
  });
});

test("a dead address is unavailable, not a crash", async () => {
  const registry = new EmbeddedRegistry({ onListenerError: () => {} });
  await registry.register({
    service: "adder",
    version: "1",
    routes: [],
    endpoint: { kind: "http", host: "127.0.0.1", port: 9 },
  });
  const remote = createRemote<Paths>({ registry, service: "adder", caller });
  await expect(remote.GET("/api/adder/slow")).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
});

const instance = (id: string, weight: number) => ({ id, weight }) as Instance;

test("instances are chosen by their weight", () => {
  const all = [instance("a", 1), instance("b", 3)];
  expect([0, 0.24, 0.26, 0.99].map((at) => choose(all, () => at)?.id)).toEqual(["a", "a", "b", "b"]);
  expect(choose([])).toBeUndefined();
});
