import { ROLES } from "@gridlake/contracts";
import { describeService, type Principal } from "@gridlake/service-kit";
import { expect, test } from "vitest";
import { authority } from "./index.ts";
import { ADMIN_PASSWORD, startAuthority } from "./under-test.ts";

const user = (roles: Principal["roles"]): Principal => ({
  kind: "user",
  subject: "00000000-0000-4000-8000-000000000000",
  username: "x",
  roles,
  credential: "session:00000000-0000-4000-8000-000000000000",
});

test("the authorisation matrix: every route for nobody, every role and a sister service", async () => {
  const { call, sister } = await startAuthority();
  const document = await describeService(authority);
  const matrix: string[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const access = operation["x-gridlake-access"] as "public" | "authenticated" | "service" | string[];
      const url = path.replace("{id}", "00000000-0000-4000-8000-000000000001");
      const letsIn = async (as?: Principal) => {
        const given = { ...(as && { as }), ...(method === "get" || method === "delete" ? {} : { body: {} }) };
        const { status, body } = await call(method.toUpperCase() as "GET", url, given);
        const code = status === 204 ? "" : (body["error"] as { code: string } | undefined)?.code;
        return !(code === "AUTH_REQUIRED" || code === "AUTH_FORBIDDEN");
      };
      matrix.push(`${method} ${path} ${JSON.stringify(access)}`);
      expect(await letsIn(), `anonymous ${method} ${path}`).toBe(access === "public");
      expect(await letsIn(sister), `service ${method} ${path}`).toBe(typeof access === "string");
      for (const role of ROLES) {
        const may =
          access === "public" ||
          access === "authenticated" ||
          (access !== "service" && access.includes(role));
        expect(await letsIn(user([role])), `${role} ${method} ${path}`).toBe(may);
      }
    }
  }
  // whoever adds a route says here who may call it
  expect(matrix).toMatchInlineSnapshot(`
    [
      "post /api/authority/login "public"",
      "post /api/authority/logout "authenticated"",
      "get /api/authority/me "authenticated"",
      "post /api/authority/password "authenticated"",
      "get /api/authority/users ["admin"]",
      "post /api/authority/users ["admin"]",
      "get /api/authority/users/{id} ["admin"]",
      "patch /api/authority/users/{id} ["admin"]",
      "delete /api/authority/users/{id} ["admin"]",
      "post /api/authority/tokens "authenticated"",
      "get /api/authority/tokens "authenticated"",
      "delete /api/authority/tokens/{id} "authenticated"",
      "get /api/authority/audit ["admin"]",
      "post /api/authority/internal/introspect-session "service"",
      "post /api/authority/internal/introspect-token "service"",
    ]
  `);
});

test("what was done and refused is on record, newest first, with who, what and from where", async () => {
  const { call, session, login, addUser } = await startAuthority();
  await login("admin", "wrong password", "198.51.100.9");
  await addUser("bob", ["viewer"]);
  const { as } = await session();
  const { body } = await call("GET", "/api/authority/audit?limit=3", { as });
  const items = body["items"] as { id: number; action: string }[];
  expect(items.map((entry) => entry.action)).toEqual(["login", "account-create", "login"]);
  const rest = await call("GET", `/api/authority/audit?before=${items[2]?.id}`, { as });
  expect(rest.body["items"]).toMatchObject([
    {
      action: "login",
      outcome: "refused",
      actor: "admin",
      address: "198.51.100.9",
      at: "2026-01-01T00:00:00.000Z",
    },
    { action: "account-create", actor: "platform", target: "admin" },
  ]);
  const filtered = await call("GET", "/api/authority/audit?actor=platform", { as });
  expect(filtered.body["items"]).toHaveLength(1);
});

test("no secret reaches the store in clear", async () => {
  const { service, session, call } = await startAuthority();
  const { as, secret } = await session();
  const made = await call("POST", "/api/authority/tokens", { as, body: { kind: "api", name: "x" } });
  const { body } = await call("GET", "/api/authority/audit", { as });
  expect(JSON.stringify(body)).not.toContain(ADMIN_PASSWORD);
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(JSON.stringify(body)).not.toContain(made.body["token"]);
  expect((await service.app.inject("/readyz")).statusCode).toBe(200);
});
