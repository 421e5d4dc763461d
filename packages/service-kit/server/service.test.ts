import { GridlakeError } from "@gridlake/kernel";
import { Type } from "typebox";
import { expect, test } from "vitest";
import { silentLogger } from "../telemetry/logger.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import type { Principal } from "../identity/principal.ts";
import { IDENTITY_HEADER } from "./access.ts";
import type { ServiceApp } from "./create-server.ts";
import { buildService, defineService, describeService, type ServiceDefinition } from "./service.ts";

interface Deps {
  answer: number;
}

const echo: ServiceDefinition<Deps> = defineService<Deps>({
  name: "echo",
  title: "Echo",
  version: "1.2.3",
  description: "answers",
  prefixes: ["/api/echo"],
  routes(app, deps) {
    app.get(
      "/api/echo/answer",
      {
        config: { access: "public" },
        schema: { response: { 200: Type.Object({ answer: Type.Integer() }) } },
      },
      () => ({ answer: deps.answer }),
    );
    app.post(
      "/api/echo/sums/:id",
      {
        config: { access: ["admin"] },
        schema: {
          operationId: "addSum",
          params: Type.Object({ id: Type.Integer() }),
          querystring: Type.Object({ limit: Type.Integer({ default: 7, maximum: 10 }) }),
          body: Type.Object({ n: Type.Integer() }, { additionalProperties: false }),
        },
      },
      (request) => ({
        sum: request.params.id + request.query.limit + request.body.n,
        by: request.principal?.username,
      }),
    );
    app.get("/api/echo/broken", { config: { access: "public" } }, () => {
      throw new Error("secret path /var/lib/x");
    });
    app.get("/api/echo/busy", { config: { access: "public" } }, () => {
      throw new GridlakeError("ECHO_BUSY", "too much", {
        status: 503,
        retry: "later",
        details: { retryAfterSeconds: 3 },
      });
    });
    app.get("/api/echo/internal/one", { config: { access: "service" } }, () => ({ ok: true }));
    app.get("/api/echo/mine", { config: { access: "authenticated" } }, () => ({ ok: true }));
  },
});

const people: Record<string, Principal> = {
  ann: { kind: "user", subject: "1", username: "ann", roles: ["admin"], credential: "s" },
  vic: { kind: "user", subject: "2", username: "vic", roles: ["viewer"], credential: "s" },
  sister: { kind: "service", subject: "telemetry", username: "telemetry", roles: [], credential: null },
};

async function start(): Promise<ServiceApp> {
  const runtime = {
    logger: silentLogger(),
    metrics: createMetrics(),
    identity: {
      verify: async (token: string) => {
        const who = people[token];
        if (who === undefined) throw new GridlakeError("AUTH_INVALID", "no", { status: 401 });
        return who;
      },
    },
  };
  return (await buildService(echo, runtime, { answer: 42 })).app;
}

const as = (who: string) => ({ [IDENTITY_HEADER]: who });

test("a handler answers, and what the schema does not name does not leave", async () => {
  const app = await start();
  const reply = await app.inject("/api/echo/answer");
  expect(reply.json()).toEqual({ answer: 42 });
});

test("access: anonymous 401, wrong role 403, right role passes; services and people don't mix", async () => {
  const app = await start();
  const post = (headers: Record<string, string>) =>
    app.inject({ method: "POST", url: "/api/echo/sums/1", headers, payload: { n: 2 } });
  expect((await post({})).statusCode).toBe(401);
  expect((await post(as("nobody"))).json().error.code).toBe("AUTH_INVALID");
  expect((await post(as("vic"))).json().error.code).toBe("AUTH_FORBIDDEN");
  expect((await post(as("sister"))).statusCode).toBe(403);
  expect((await post(as("ann"))).json()).toEqual({ sum: 10, by: "ann" });
  const get = async (url: string, who: string) => (await app.inject({ url, headers: as(who) })).statusCode;
  expect(await get("/api/echo/internal/one", "ann")).toBe(403);
  expect(await get("/api/echo/internal/one", "sister")).toBe(200);
  expect(await get("/api/echo/mine", "vic")).toBe(200);
  expect(await get("/api/echo/mine", "sister")).toBe(200);
});

test.each([
  ["/api/echo/sums/1?limit=11", { n: 1 }, "querystring/limit"],
  ["/api/echo/sums/x", { n: 1 }, "params/id"],
  ["/api/echo/sums/1", { n: "1" }, "body/n"],
  ["/api/echo/sums/1", { n: 1, more: 1 }, "body/more"],
])("a request outside the schema is refused: %s %j", async (url, payload, at) => {
  const app = await start();
  const reply = await app.inject({ method: "POST", url, payload, headers: as("ann") });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().error).toMatchObject({ code: "REQUEST_INVALID", retry: "never", details: { at } });
});

test("an unknown failure is a 500 that tells nothing of the inside; a known one keeps its words", async () => {
  const app = await start();
  const broken = await app.inject("/api/echo/broken");
  expect(broken.statusCode).toBe(500);
  expect(broken.body).not.toContain("secret path");
  expect(broken.json().error).toMatchObject({ code: "INTERNAL_ERROR", requestId: expect.any(String) });
  const busy = await app.inject("/api/echo/busy");
  expect([busy.statusCode, busy.headers["retry-after"], busy.json().error.code]).toEqual([
    503,
    "3",
    "ECHO_BUSY",
  ]);
  expect((await app.inject("/api/echo/none")).json().error.code).toBe("ROUTE_UNKNOWN");
});

test("bodies: too large 413, malformed 400, wrong type 415", async () => {
  const app = await start();
  const post = (payload: string, type: string) =>
    app.inject({
      method: "POST",
      url: "/api/echo/sums/1",
      headers: { ...as("ann"), "content-type": type },
      payload,
    });
  expect((await post(`{"n":${" ".repeat(2_000_000)}1}`, "application/json")).json().error.code).toBe(
    "BODY_TOO_LARGE",
  );
  expect((await post("{", "application/json")).json().error.code).toBe("BODY_MALFORMED");
  expect((await post("a", "application/x-nothing")).statusCode).toBe(415);
});

test.each([
  ["/api/echo/x", undefined, "ROUTE_ACCESS_MISSING"],
  ["/api/echo/x", { access: [] }, "ROUTE_ACCESS_MISSING"],
  ["/elsewhere", { access: "public" }, "ROUTE_OUTSIDE_PREFIX"],
])("a route that could do harm fails at build: %s %j", async (url, config, code) => {
  const definition = defineService<Deps>({
    ...echo,
    routes(app) {
      app.get(url, { config: config as never }, () => ({}));
    },
  });
  await expect(describeService(definition)).rejects.toMatchObject({ code });
});

test("the document is written without dependencies, and names access, security and errors", async () => {
  const document = await describeService(echo);
  expect(document.openapi).toBe("3.1.0");
  const operation = document.paths["/api/echo/sums/{id}"]?.["post"];
  expect(operation).toMatchObject({
    operationId: "addSum",
    tags: ["echo"],
    security: [{ session: [] }, { token: [] }],
    "x-gridlake-access": ["admin"],
  });
  expect(operation?.responses).toHaveProperty("default");
  expect(document.components.schemas).toHaveProperty("ErrorBody");
  expect(Object.keys(document.paths)).not.toContain("/healthz");
});

test("a definition that reads its dependencies too early is told so", async () => {
  const eager = defineService<Deps>({ ...echo, routes: (_app, deps) => void deps.answer });
  await expect(describeService(eager)).rejects.toMatchObject({ code: "SERVICE_DEPS_TOUCHED" });
});

test("readiness names the check that fails", async () => {
  const runtime = {
    logger: silentLogger(),
    metrics: createMetrics(),
    identity: { verify: () => Promise.reject() },
  };
  let fit = false;
  const checks = new Map([["disk", () => (fit ? undefined : Promise.reject(new Error("full")))]]);
  const { app } = await buildService(echo, runtime, { answer: 1 }, { checks });
  const before = await app.inject("/readyz");
  expect([before.statusCode, before.json().error.details]).toEqual([503, { service: "echo", check: "disk" }]);
  fit = true;
  expect((await app.inject("/readyz")).json()).toEqual({ status: "ok", service: "echo", version: "1.2.3" });
});

test("durations are measured by route, not by URL", async () => {
  const metrics = createMetrics();
  const { app } = await buildService(
    echo,
    { logger: silentLogger(), metrics, identity: { verify: async () => people["ann"] as Principal } },
    { answer: 1 },
  );
  await app.inject({ method: "POST", url: "/api/echo/sums/77", headers: as("ann"), payload: { n: 1 } });
  const text = await metrics.registry.metrics();
  expect(text).toContain('route="/api/echo/sums/:id",status="200"');
  expect(text).not.toContain("sums/77");
});
