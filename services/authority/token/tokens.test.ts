import { DAY_MS } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { startAuthority } from "../under-test.ts";

const TOKENS = "/api/authority/tokens";

test("a device token: shown once, stands for its devices until it is revoked", async () => {
  const { call, session, introspect } = await startAuthority();
  const { as } = await session();
  const body = { kind: "device", name: "substation 4", scope: { devices: ["M1", "M2"] } };
  const made = await call("POST", TOKENS, { as, body });
  expect([made.status, made.headers["cache-control"]]).toEqual([201, "no-store"]);
  expect(made.body).toMatchObject({
    kind: "device",
    expiresAt: "2027-01-01T00:00:00.000Z",
    scope: { devices: ["M1", "M2"] },
  });
  const secret = made.body["token"] as string;
  expect(secret).toMatch(/^gld_[\w-]{43}$/);
  expect(await introspect("token", secret)).toMatchObject({
    active: true,
    kind: "device",
    devices: ["M1", "M2"],
  });
  const listed = await call("GET", TOKENS, { as });
  expect(listed.body).toMatchObject({
    total: 1,
    items: [{ name: "substation 4", lastUsedAt: "2026-01-01T00:00:00.000Z" }],
  });
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  expect((await call("DELETE", `${TOKENS}/${made.body["id"]}`, { as })).status).toBe(204);
  expect((await call("DELETE", `${TOKENS}/${made.body["id"]}`, { as })).status).toBe(204);
  expect(await introspect("token", secret)).toEqual({ active: false });
});

test("a token ends by itself", async () => {
  const { call, session, introspect, clock } = await startAuthority();
  const { as } = await session();
  const body = { kind: "device", name: "all", scope: { devices: "*" }, expiresInDays: 2 };
  const { body: made } = await call("POST", TOKENS, { as, body });
  clock.advance(2 * DAY_MS - 1);
  expect(await introspect("token", made["token"] as string)).toMatchObject({ active: true, devices: "*" });
  clock.advance(1);
  expect(await introspect("token", made["token"] as string)).toEqual({ active: false });
});

test("an API token can do what its account can at that moment, and no more than it was given", async () => {
  const { call, session, introspect, addUser } = await startAuthority();
  const admin = await session();
  const bob = await addUser("bob", ["analyst", "viewer"]);
  const his = await session("bob", bob.password);
  const make = (roles?: string[]) =>
    call("POST", TOKENS, { as: his.as, body: { kind: "api", name: "script", ...(roles && { roles }) } });
  expect((await make(["admin"])).body["error"]).toMatchObject({ code: "AUTHORITY_TOKEN_FORBIDDEN" });
  const all = (await make()).body["token"] as string;
  const one = (await make(["analyst"])).body["token"] as string;
  expect(all).toMatch(/^gla_/);
  expect((await introspect("token", all)).principal).toMatchObject({
    username: "bob",
    roles: ["analyst", "viewer"],
  });
  expect((await introspect("token", one)).principal.roles).toEqual(["analyst"]);
  const change = (body: object) => call("PATCH", `/api/authority/users/${bob.id}`, { as: admin.as, body });
  await change({ version: 1, roles: ["viewer", "admin"] });
  expect((await introspect("token", all)).principal.roles).toEqual(["viewer"]);
  expect((await introspect("token", one)).principal.roles).toEqual([]);
  await change({ version: 2, enabled: false });
  expect(await introspect("token", all)).toEqual({ active: false });
  await change({ version: 3, enabled: true });
  await call("DELETE", `/api/authority/users/${bob.id}`, { as: admin.as });
  expect(await introspect("token", all)).toEqual({ active: false });
});

test("an API token can't make itself a successor", async () => {
  const { call, session } = await startAuthority();
  const { as } = await session();
  const stolen = { ...as, credential: "token:1" };
  const { body } = await call("POST", TOKENS, { as: stolen, body: { kind: "api", name: "next" } });
  expect(body["error"]).toMatchObject({ code: "AUTHORITY_TOKEN_FORBIDDEN" });
});

test("who may: viewers make no device tokens, see and revoke their own alone", async () => {
  const { call, session, addUser, introspect } = await startAuthority();
  const admin = await session();
  const device = { kind: "device", name: "d", scope: { devices: "*" } };
  const made = (await call("POST", TOKENS, { as: admin.as, body: device })).body;
  const bob = await addUser("bob", ["viewer"]);
  const { as } = await session("bob", bob.password);
  expect((await call("POST", TOKENS, { as, body: device })).status).toBe(403);
  expect((await call("GET", TOKENS, { as })).body).toEqual({ items: [], total: 0 });
  expect((await call("DELETE", `${TOKENS}/${made["id"]}`, { as })).status).toBe(404);
  expect(await introspect("token", made["token"] as string)).toMatchObject({ active: true });
  await call("POST", TOKENS, { as, body: { kind: "api", name: "mine" } });
  expect((await call("GET", TOKENS, { as: admin.as })).body["total"]).toBe(2);
});

test("devices stay connected when the one who let them in has left", async () => {
  const { call, session, addUser, introspect } = await startAuthority();
  const mia = await addUser("mia", ["maintainer"]);
  const hers = await session("mia", mia.password);
  const body = { kind: "device", name: "d", scope: { devices: "*" } };
  const made = (await call("POST", TOKENS, { as: hers.as, body })).body;
  const { as } = await session();
  await call("DELETE", `/api/authority/users/${mia.id}`, { as });
  expect(await introspect("token", made["token"] as string)).toMatchObject({ active: true });
});

test.each([
  [{ kind: "device", name: "d" }],
  [{ kind: "device", name: "d", scope: { devices: [] } }],
  [{ kind: "device", name: "d", scope: { devices: "*" }, roles: ["admin"] }],
  [{ kind: "api", name: "d", expiresInDays: 0 }],
  [{ kind: "api", name: "d", expiresInDays: 4000 }],
  [{ kind: "root", name: "d" }],
])("a malformed wish is refused: %j", async (body) => {
  const { call, session } = await startAuthority();
  const { as } = await session();
  expect((await call("POST", TOKENS, { as, body })).status).toBe(400);
});
