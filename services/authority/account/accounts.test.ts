import { expect, test } from "vitest";
import { ADMIN_PASSWORD, startAuthority } from "../under-test.ts";

const USERS = "/api/authority/users";
const names = (body: Record<string, unknown>) =>
  (body["items"] as { username: string }[]).map((u) => u.username);

test("an account is made, listed by name in pages, changed, deleted", async () => {
  const { call, session, addUser, login } = await startAuthority();
  const { as } = await session();
  for (const name of ["carol", "Bob", "dave"]) await addUser(name, ["viewer"]);
  const first = await call("GET", `${USERS}?limit=3`, { as });
  expect([names(first.body), first.body["next"]]).toEqual([["admin", "bob", "carol"], "carol"]);
  const rest = await call("GET", `${USERS}?limit=3&after=carol`, { as });
  expect([names(rest.body), rest.body["next"]]).toEqual([["dave"], null]);

  const bob = (first.body["items"] as { id: string; username: string }[]).find((u) => u.username === "bob");
  const changed = await call("PATCH", `${USERS}/${bob?.id}`, {
    as,
    body: { version: 1, displayName: "Bob M.", roles: ["analyst", "viewer", "analyst"] },
  });
  expect(changed.body).toMatchObject({ displayName: "Bob M.", roles: ["analyst", "viewer"], version: 2 });
  expect((await call("DELETE", `${USERS}/${bob?.id}`, { as })).status).toBe(204);
  expect((await call("GET", `${USERS}/${bob?.id}`, { as })).body["error"]).toMatchObject({
    code: "AUTHORITY_ACCOUNT_UNKNOWN",
  });
  expect((await login("bob", "a quiet night shift")).status).toBe(401);
});

test("two who edit the same state: the second is told", async () => {
  const { call, session, addUser } = await startAuthority();
  const { as } = await session();
  const bob = await addUser("bob", ["viewer"]);
  const change = (displayName: string) =>
    call("PATCH", `${USERS}/${bob.id}`, { as, body: { version: bob.version, displayName } });
  const answers = await Promise.all([change("one"), change("two")]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body["error"]).toMatchObject({
    code: "AUTHORITY_ACCOUNT_CHANGED",
    retry: "after-refresh",
  });
});

test.each([
  ["BOB", "a quiet night shift", ["viewer"], "AUTHORITY_USERNAME_TAKEN"],
  ["eve", "eve12345", ["viewer"], "AUTHORITY_PASSWORD_REFUSED"],
  ["eve", "short", ["viewer"], "REQUEST_INVALID"],
  ["eve", "a quiet night shift", ["emperor"], "REQUEST_INVALID"],
  ["../eve", "a quiet night shift", ["viewer"], "REQUEST_INVALID"],
])("not every account can be made: %s %s %j → %s", async (username, password, roles, code) => {
  const { call, session, addUser } = await startAuthority();
  await addUser("bob", ["viewer"]);
  const { as } = await session();
  const { body } = await call("POST", USERS, { as, body: { username, password, roles } });
  expect(body["error"]).toMatchObject({ code });
});

test("disabling ends sessions; a password set by an administrator ends them too", async () => {
  const { call, session, addUser, introspect, login } = await startAuthority();
  const { as } = await session();
  const bob = await addUser("bob", ["viewer"]);
  const his = await session("bob", bob.password);
  await call("PATCH", `${USERS}/${bob.id}`, { as, body: { version: 1, password: "over the hills 11kV" } });
  expect(await introspect("session", his.secret)).toEqual({ active: false });
  expect((await login("bob", bob.password)).status).toBe(401);
  const again = await session("bob", "over the hills 11kV");
  await call("PATCH", `${USERS}/${bob.id}`, { as, body: { version: 2, enabled: false } });
  expect(await introspect("session", again.secret)).toEqual({ active: false });
});

test("a changed role holds for the sessions that there are", async () => {
  const { call, session, addUser, introspect } = await startAuthority();
  const { as } = await session();
  const bob = await addUser("bob", ["viewer"]);
  const his = await session("bob", bob.password);
  await call("PATCH", `${USERS}/${bob.id}`, { as, body: { version: 1, roles: ["analyst"] } });
  expect((await introspect("session", his.secret)).principal.roles).toEqual(["analyst"]);
});

test("somebody can always administer", async () => {
  const { call, session, addUser } = await startAuthority();
  const { as } = await session();
  const refused = { error: expect.objectContaining({ code: "AUTHORITY_LAST_ADMIN" }) };
  const change = (body: object) =>
    call("PATCH", `${USERS}/${as.subject}`, { as, body: { version: 1, ...body } });
  expect((await change({ enabled: false })).body).toEqual(refused);
  expect((await change({ roles: ["viewer"] })).body).toEqual(refused);
  expect((await call("DELETE", `${USERS}/${as.subject}`, { as })).body).toEqual(refused);
  const other = await addUser("second", ["admin"]);
  // both try to leave at once: one may
  const bye = await Promise.all([as.subject, other.id].map((id) => call("DELETE", `${USERS}/${id}`, { as })));
  expect(bye.map(({ status }) => status).toSorted()).toEqual([204, 409]);
});

test("the first start makes admin, once; a password given later is the way back in", async () => {
  const { service, login, call, session, addUser } = await startAuthority();
  expect(await service.bootstrapAdmin({})).toEqual({ created: false, password: null });
  expect((await login("admin", ADMIN_PASSWORD)).status).toBe(200);
  await addUser("second", ["admin"]);
  const { as } = await session("second", "a quiet night shift");
  const { body } = await call("GET", USERS, { as });
  const admin = (body["items"] as { id: string; username: string }[]).find((u) => u.username === "admin");
  await call("PATCH", `${USERS}/${admin?.id}`, { as, body: { version: 1, enabled: false, roles: [] } });
  await service.bootstrapAdmin({ password: "back in through the roof" });
  const back = await login("admin", "back in through the roof");
  expect(back.body["user"]).toMatchObject({ roles: ["admin"] });
  // deleted on purpose: it stays so until it is asked for
  await call("DELETE", `${USERS}/${admin?.id}`, { as });
  expect(await service.bootstrapAdmin({})).toEqual({ created: false, password: null });
  expect((await login("admin", "back in through the roof")).status).toBe(401);
});

test("a made-up password is told once, is good, and differs each time", async () => {
  const { inventPassword } = await import("./bootstrap.ts");
  const one = inventPassword();
  expect(one).toMatch(/^(\w{5}-){3}\w{5}$/);
  expect(inventPassword()).not.toBe(one);
});
