import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startGateway } from "../under-test.ts";

let platform: Awaited<ReturnType<typeof startGateway>>;
beforeEach(async () => {
  platform = await startGateway();
});
afterEach(() => platform.stop());

const SESSION = "S".repeat(43);
const cookie = (secret = SESSION) => ({ cookie: `theme=dark; gridlake_session=${secret}; x=1` });
const knowAnn = (roles = ["admin"]) =>
  platform.known.set(SESSION, { kind: "session", username: "ann", roles });

test("a session becomes an identity; the cookie and the token stay at the door", async () => {
  knowAnn();
  platform.known.set("gla_1", { kind: "token", username: "bot", roles: ["viewer"] });
  const ann = await platform.send("GET", "/api/echo/mine", { headers: cookie() });
  expect(ann.json["principal"]).toMatchObject({ kind: "user", username: "ann", roles: ["admin"] });
  expect(ann.json["headers"]).not.toHaveProperty("cookie");
  const bot = await platform.send("GET", "/api/echo/mine", {
    headers: { authorization: "Bearer gla_1", ...cookie() },
  });
  expect(bot.json["principal"]).toMatchObject({ username: "bot", roles: ["viewer"] });
  expect(bot.json["headers"]).not.toHaveProperty("authorization");
});

test("roles are held to at the service", async () => {
  expect((await platform.send("GET", "/api/echo/mine")).json.error.code).toBe("AUTH_REQUIRED");
  knowAnn(["viewer"]);
  expect((await platform.send("GET", "/api/echo/admin", { headers: cookie() })).json.error.code).toBe(
    "AUTH_FORBIDDEN",
  );
});

test.each([
  ["Bearer gla_unknown", 401],
  ["Bearer gld_device", 401],
  ["Bearer eyJhbGciOiJub25lIn0.e30.", 401],
  ["Basic YWRtaW46YWRtaW4=", 401],
  [`Bearer gla_${"x".repeat(500)}`, 401],
  ["", 200],
])(
  "a token that is not a live API token is refused, also on public routes: %s",
  async (authorization, status) => {
    platform.known.set("gld_device", { kind: "device", username: "d", roles: ["admin"] });
    const headers = authorization === "" ? {} : { authorization };
    const answer = await platform.send("GET", "/api/echo/public", { headers });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.json.error.code).toBe("AUTH_INVALID");
  },
);

test("a forged or ended session is nobody's: public routes stay open, the rest is shut", async () => {
  for (const secret of ["forged", "a b", `${SESSION}'`, "x".repeat(4000)]) {
    expect((await platform.send("GET", "/api/echo/mine", { headers: cookie(secret) })).status).toBe(401);
    expect((await platform.send("GET", "/api/echo/public", { headers: cookie(secret) })).status).toBe(200);
  }
});

test("what a caller claims about itself counts for nothing", async () => {
  const stolen = await platform.issuer.tokenFor({
    kind: "service",
    subject: "telemetry",
    username: "telemetry",
    roles: [],
    credential: null,
  });
  const forged = [{ alg: "none" }, { sub: "1", kind: "user", username: "admin", roles: ["admin"] }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .concat("")
    .join(".");
  for (const token of [stolen, forged]) {
    const headers = {
      "x-gridlake-identity": token,
      "X-Gridlake-Client": "10.0.0.1",
      "x-gridlake-scheme": "https",
      "x-forwarded-for": "10.9.9.9",
      "x-request-id": "mine",
    };
    expect((await platform.send("GET", "/api/echo/mine", { headers })).status).toBe(401);
    const seen = await platform.send("GET", "/api/echo/public", { headers });
    expect(seen.json["headers"]).toMatchObject({
      "x-gridlake-client": "127.0.0.1",
      "x-gridlake-scheme": "http",
    });
    expect(seen.json["headers"]).not.toHaveProperty("x-gridlake-identity");
    expect(seen.headers["x-request-id"]).not.toBe("mine");
    const ingest = await platform.send("POST", "/ingest/readings", { headers });
    expect(ingest.json["headers"]).not.toHaveProperty("x-gridlake-identity");
  }
});

test.each([
  ["/api/echo/internal/secret", 404],
  ["/api/authority/internal/introspect-session", 404],
  ["/api/echo/%69nternal/secret", 404],
  ["/api/echo/INTERNAL/secret", 404],
  ["/api/echo/internal", 404],
  ["/ingest/internal/x", 404],
  ["/api/echo/x/../internal/secret", 400],
  ["/api/echo/./internal/secret", 400],
  ["/api/echo//internal/secret", 400],
  ["/api/echo%2finternal/secret", 400],
  ["/api/echo\\internal\\secret", 400],
  ["/api/echo/%2e%2e/internal/secret", 400],
  ["/api/echo/%ff", 400],
  ["/api/echo/%00", 400],
  ["http://127.0.0.1/api/echo/internal/secret", 400],
])("what is internal can't be reached from outside: %s → %i", async (path, status) => {
  knowAnn();
  for (const method of ["GET", "POST"]) {
    const answer = await platform.send(method, path, { headers: cookie() });
    expect(answer.status).toBe(status);
    expect(answer.json.error.code).toBe(status === 404 ? "ROUTE_UNKNOWN" : "REQUEST_REFUSED");
  }
});

test.each([
  [{ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
  [{ "sec-fetch-site": "same-site", origin: "http://evil.127.0.0.1" }, 403],
  [{ origin: "https://evil.example" }, 403],
  [{ origin: "null" }, 403],
  [{ origin: "http://127.0.0.1" }, 403], // another port is another origin
  [{ "sec-fetch-site": "same-origin", origin: "http://HOST" }, 200],
  [{ origin: "http://HOST" }, 200],
  [{ "sec-fetch-site": "none" }, 200],
  [{}, 200],
])("a change made with a cookie has to come from our own pages: %j → %i", async (claims, status) => {
  knowAnn();
  const host = new URL(platform.url).host;
  const headers = { ...cookie(), "content-type": "application/json", ...claims };
  if ("origin" in headers) headers.origin = String(headers.origin).replace("HOST", host);
  const post = (path: string, more = {}) =>
    platform.send("POST", path, { headers: { ...headers, ...more }, body: "{}" });
  const answer = await post("/api/echo/mine");
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.json.error.code).toBe("CSRF_REFUSED");
  // nor can a page make somebody log in as another
  expect((await post("/api/authority/login", { cookie: "" })).status).toBe(status);
  // reading is harmless, and a token is never lent by a page
  expect((await platform.send("GET", "/api/echo/mine", { headers })).status).toBe(200);
  platform.known.set("gla_1", { kind: "token", username: "bot", roles: [] });
  expect((await post("/api/echo/mine", { authorization: "Bearer gla_1" })).status).toBe(200);
});

test("a session is asked about once in a while, not at every request, and by many at once only once", async () => {
  knowAnn();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => platform.send("GET", "/api/echo/mine", { headers: cookie() })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  await platform.send("GET", "/api/echo/mine", { headers: cookie() });
  expect(platform.asked).toEqual([SESSION]);
});

test("logout holds from the next request on", async () => {
  knowAnn();
  expect((await platform.send("GET", "/api/echo/mine", { headers: cookie() })).status).toBe(200);
  expect((await platform.send("POST", "/api/authority/logout", { headers: cookie() })).status).toBe(204);
  expect((await platform.send("GET", "/api/echo/mine", { headers: cookie() })).status).toBe(401);
});

test("a session revoked elsewhere is found out in time", async () => {
  await platform.stop();
  platform = await startGateway({ config: { identityCacheMs: 50 } });
  knowAnn();
  expect((await platform.send("GET", "/api/echo/mine", { headers: cookie() })).status).toBe(200);
  platform.known.clear();
  await sleep(60);
  expect((await platform.send("GET", "/api/echo/mine", { headers: cookie() })).status).toBe(401);
});

test("logins of one address are limited", async () => {
  await platform.stop();
  platform = await startGateway({ config: { loginsPerMinute: 5 } });
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const answer = await platform.send("POST", "/api/authority/login");
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers["retry-after"])).toBeGreaterThan(5);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect((await platform.send("GET", "/api/echo/public")).status).toBe(200);
});

test("without authority nobody gets in, and it says so; public routes go on", async () => {
  knowAnn();
  await platform.registrations[1]?.deregister();
  const answer = await platform.send("GET", "/api/echo/mine", { headers: cookie() });
  expect([answer.status, answer.json.error.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
  expect((await platform.send("GET", "/api/echo/public")).status).toBe(200);
});

test("a sick service is not called; when it is well again it is", async () => {
  await platform.registrations[0]?.setHealthy(false);
  const answer = await platform.send("GET", "/api/echo/public");
  expect([answer.status, answer.headers["retry-after"], answer.json.error.details]).toEqual([
    503,
    "1",
    { service: "echo" },
  ]);
  expect((await platform.send("GET", "/readyz")).status).toBe(503);
  await platform.registrations[0]?.setHealthy(true);
  expect((await platform.send("GET", "/api/echo/public")).status).toBe(200);
  expect((await platform.send("GET", "/readyz")).status).toBe(200);
});

test("device data passes by the sessions: its token and its body arrive untouched", async () => {
  knowAnn();
  const answer = await platform.send("POST", "/ingest/readings", {
    headers: { authorization: "Bearer gld_1", "content-type": "application/json", ...cookie() },
    body: '{"n":1}',
  });
  expect(answer.json["headers"]).toMatchObject({ authorization: "Bearer gld_1" });
  expect(answer.json["headers"]).not.toHaveProperty("cookie");
  expect(answer.json["body"]).toEqual({ n: 1 });
  expect(platform.asked).toEqual([]);
});

test("answers of the API are data: no cache, no frame, no sniffing", async () => {
  const { headers } = await platform.send("GET", "/api/echo/public");
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-request-id": expect.stringMatching(/^[\w.-]+$/),
  });
});

test("heads and bodies have bounds", async () => {
  const head = await platform.send("GET", "/api/echo/public", { headers: { "x-long": "a".repeat(20_000) } });
  expect([head.status, head.json.error.code]).toEqual([431, "HEADERS_TOO_LARGE"]);
  knowAnn();
  const body = await platform.send("POST", "/api/echo/mine", {
    headers: { ...cookie(), "content-type": "application/json" },
    body: JSON.stringify("x".repeat(1_100_000)),
  });
  expect([body.status, body.json.error.code]).toEqual([413, "BODY_TOO_LARGE"]);
});

test("what is not HTTP gets an answer and the door", async () => {
  const { hostname, port } = new URL(platform.url);
  const said = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write("HELO there\r\n\r\n"));
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("close", () => resolve(text));
  });
  expect(said).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(said).toContain("REQUEST_MALFORMED");
});

test("smuggling: a body with two lengths is no request", async () => {
  const { hostname, port } = new URL(platform.url);
  const said = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        "POST /api/authority/login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" +
          "0\r\n\r\nGET /api/echo/internal/secret HTTP/1.1\r\nHost: x\r\n\r\n",
      ),
    );
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("close", () => resolve(text));
  });
  expect(said.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
});

test("stopping ends streams, lets what runs finish, turns away what comes, and is quick", async () => {
  const stream = await fetch(`${platform.url}/api/echo/stream`);
  const reader = stream.body?.getReader();
  await reader?.read();
  const slow = platform.send("GET", "/api/echo/slow");
  await fetch(`${platform.url}/api/echo/public`).then((answer) => answer.text()); // leaves its connection open
  await sleep(50);
  const start = performance.now();
  const stopped = platform.gateway.stop();
  expect((await reader?.read())?.done).toBe(true);
  expect((await slow).json).toEqual({ done: true });
  await stopped;
  expect(performance.now() - start).toBeLessThan(2_000);
  await expect(platform.send("GET", "/api/echo/public")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a taken port is said plainly", async () => {
  const port = Number(new URL(platform.url).port);
  const second = await startGateway();
  await second.stop();
  await expect(second.gateway.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({
    code: "GATEWAY_PORT_TAKEN",
  });
});

test("what the gateway refuses is counted", async () => {
  await platform.send("GET", "/api/echo/internal/secret");
  await vi.waitFor(async () =>
    expect(await platform.runtime.metrics.registry.metrics()).toContain(
      'gridlake_gateway_refused_total{code="ROUTE_UNKNOWN"} 1',
    ),
  );
});
