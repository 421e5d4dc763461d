import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "../under-test.ts";
import { merge } from "./open-api.ts";

let platform: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  platform = await startGateway();
});
afterAll(() => platform.stop());

test("/healthz is about the process, /readyz about every service that is needed", async () => {
  expect((await platform.send("GET", "/healthz")).json).toMatchObject({ status: "ok", service: "gateway" });
  expect((await platform.send("GET", "/readyz")).json).toMatchObject({ status: "ok" });
  await platform.registrations[1]?.deregister();
  expect((await platform.send("GET", "/healthz")).status).toBe(200);
  const { status, json } = await platform.send("GET", "/readyz");
  expect([status, json.error.details]).toEqual([503, { service: "authority", instances: 0 }]);
});

test("one document tells the whole public API, as it is at this moment", async () => {
  const { json } = await platform.send("GET", "/api/openapi.json");
  const paths = Object.keys(json["paths"] as object);
  expect(paths).toContain("/api/echo/mine");
  expect(paths.filter((path) => path.includes("internal"))).toEqual([]);
  const late = {
    service: "late",
    version: "1",
    routes: ["/api/late"],
    endpoint: { kind: "local" as const, handle: platform.services[0]!.app.routing },
  };
  const registration = await platform.registry.register(late);
  expect(Object.keys((await platform.send("GET", "/api/openapi.json")).json["paths"] as object)).toEqual(
    paths,
  );
  await registration.deregister();
});

const part = (service: string, type: string) => ({
  service,
  document: {
    openapi: "3.1.0",
    info: { title: service, version: "1" },
    paths: {
      [`/api/${service}`]: {
        get: { responses: { 200: { $ref: "#/components/schemas/Page" } }, "x-gridlake-access": "public" },
      },
    },
    components: { schemas: { Page: { type }, Same: { type: "null" } } },
  },
});

test("documents are merged; schemas of one name that differ are told apart, with their references", () => {
  const merged = merge([part("b", "string"), part("a", "object")]);
  expect(merged.components.schemas).toEqual({
    Page: { type: "object" },
    "b.Page": { type: "string" },
    Same: { type: "null" },
  });
  expect(merged.paths["/api/b"]?.["get"]?.responses).toEqual({
    200: { $ref: "#/components/schemas/b.Page" },
  });
  expect(merged.paths["/api/a"]?.["get"]?.responses).toEqual({ 200: { $ref: "#/components/schemas/Page" } });
});

test("metrics: from the machine itself; through a proxy for administrators alone", async () => {
  const local = await platform.send("GET", "/metrics");
  expect([local.status, local.text]).toEqual([200, expect.stringContaining("gridlake_http_request_seconds")]);
  const proxied = { "x-forwarded-for": "203.0.113.5" };
  expect((await platform.send("GET", "/metrics", { headers: proxied })).status).toBe(401);
});
