import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { expect, test } from "vitest";
import { ADMIN_PASSWORD, startAuthority } from "../under-test.ts";

const WRONG = "not the password";

test("login gives a session in a cookie that scripts and other sites don't get, and says who one is", async () => {
  const { login, call, session } = await startAuthority();
  const { status, headers, body } = await login("Admin", ADMIN_PASSWORD);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    user: { username: "admin", roles: ["admin"] },
    expiresAt: "2026-01-01T12:00:00.000Z",
  });
  expect(headers["set-cookie"]).toMatch(
    /^gridlake_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
  );
  expect(headers["cache-control"]).toBe("no-store");
  const credentials = { username: "admin", password: ADMIN_PASSWORD };
  const secure = await call("POST", "/api/authority/login", { https: true, body: credentials });
  expect(secure.headers["set-cookie"]).toMatch(/; Secure$/);
  const { as } = await session();
  expect((await call("GET", "/api/authority/me", { as })).body).toEqual(body["user"]);
});

test("a wrong password, an unknown name and a disabled account are told the same", async () => {
  const { login, addUser, call, session } = await startAuthority();
  const gone = await addUser("gone", ["viewer"]);
  const { as } = await session();
  await call("PATCH", `/api/authority/users/${gone.id}`, {
    as,
    body: { version: gone.version, enabled: false },
  });
  const answers = await Promise.all([
    login("admin", WRONG),
    login("nobody", WRONG),
    login("gone", gone.password),
    login("x'; drop table account; --", WRONG),
  ]);
  const told = answers.map(({ status, body }) => [status, { ...(body["error"] as object), requestId: "" }]);
  expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(told[0]).toMatchObject([401, { code: "AUTHORITY_LOGIN_REFUSED" }]);
});

const median = (of: number[]) => of.toSorted((a, b) => a - b)[3] as number;

test("an unknown name costs as much work as a known one", async () => {
  const { login, clock } = await startAuthority();
  await login("nobody", WRONG, "192.0.2.200");
  const time = async (username: string, n: number) => {
    const start = performance.now();
    await login(username, WRONG, `192.0.2.${n}`);
    clock.advance(2 * HOUR_MS); // so that nobody is locked out
    return performance.now() - start;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 1; n <= 7; n += 1) {
    known.push(await time("admin", n));
    unknown.push(await time("nobody", n + 100));
  }
  // skipping the hash would be ten times faster; the rest is the machine's noise
  expect(median(unknown)).toBeGreaterThan(median(known) / 3);
});

test("the fifth failure locks the name, also for the right password and from elsewhere; the lock doubles and ends", async () => {
  const { login, clock } = await startAuthority();
  for (let n = 0; n < 5; n += 1) expect((await login("admin", WRONG)).status).toBe(401);
  const locked = await login("admin", ADMIN_PASSWORD, "198.51.100.7");
  expect([locked.status, locked.headers["retry-after"]]).toEqual([429, "30"]);
  expect(locked.body["error"]).toMatchObject({
    code: "AUTHORITY_LOCKED",
    details: { retryAfterSeconds: 30 },
  });
  clock.advance(30 * SECOND_MS);
  expect((await login("admin", WRONG)).status).toBe(401);
  expect((await login("admin", WRONG)).headers["retry-after"]).toBe("60");
  clock.advance(MINUTE_MS);
  expect((await login("admin", ADMIN_PASSWORD)).status).toBe(200);
  expect((await login("admin", WRONG)).status).toBe(401);
  expect((await login("admin", ADMIN_PASSWORD)).status).toBe(200);
});

test("a name that does not exist is locked just so", async () => {
  const { login } = await startAuthority();
  for (let n = 0; n < 5; n += 1) await login("nobody", WRONG);
  expect((await login("nobody", WRONG)).status).toBe(429);
});

test("guesses made at once count like guesses made in turn", async () => {
  const { login } = await startAuthority();
  const answers = await Promise.all(Array.from({ length: 30 }, () => login("admin", WRONG)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
});

test("an address that tries many names is locked; an IPv6 network is one address; others go on", async () => {
  const { login, clock } = await startAuthority();
  for (let n = 0; n < 20; n += 1) await login(`name${n}`, WRONG, `2001:db8:1:2::${n.toString(16)}`);
  expect((await login("admin", ADMIN_PASSWORD, "2001:db8:1:2:ffff::1")).status).toBe(429);
  expect((await login("admin", ADMIN_PASSWORD, "2001:db8:1:3::1")).status).toBe(200);
  clock.advance(30 * SECOND_MS);
  expect((await login("admin", ADMIN_PASSWORD, "2001:db8:1:2::1")).status).toBe(200);
  // one success does not wipe out the address's failures
  await login("name1", WRONG, "2001:db8:1:2::1");
  expect((await login("admin", ADMIN_PASSWORD, "2001:db8:1:2::1")).status).toBe(429);
});

test("the lock outlives a restart", async () => {
  const dir = mkdtempSync(join(tmpdir(), "gridlake-authority-"));
  const databasePath = join(dir, "authority.sqlite");
  const first = await startAuthority({ databasePath });
  for (let n = 0; n < 5; n += 1) await first.login("admin", WRONG);
  await first.service.stop();
  const second = await startAuthority({ databasePath });
  expect((await second.login("admin", ADMIN_PASSWORD)).status).toBe(429);
  await second.service.stop();
  rmSync(dir, { recursive: true });
});

test("logout ends the session; idling and age end it too", async () => {
  const { session, call, introspect, clock } = await startAuthority();
  const first = await session();
  const out = await call("POST", "/api/authority/logout", { as: first.as });
  expect([out.status, out.headers["set-cookie"]]).toEqual([
    204,
    expect.stringContaining("gridlake_session=; "),
  ]);
  expect(await introspect("session", first.secret)).toEqual({ active: false });

  const idle = await session();
  clock.advance(HOUR_MS - 1);
  expect(await introspect("session", idle.secret)).toMatchObject({ active: true });
  clock.advance(HOUR_MS);
  expect(await introspect("session", idle.secret)).toEqual({ active: false });

  const old = await session();
  for (let quarter = 1; quarter < 48; quarter += 1) {
    clock.advance(15 * MINUTE_MS);
    expect(await introspect("session", old.secret)).toMatchObject({ active: true });
  }
  clock.advance(15 * MINUTE_MS);
  expect(await introspect("session", old.secret)).toEqual({ active: false });
});

test.each(["", "x", "A".repeat(43), "' or 1=1 --"])("a made-up session is nobody's: %j", async (secret) => {
  const { introspect } = await startAuthority();
  expect((await introspect("session", secret)).active ?? false).toBe(false);
});

test("changing the password: the present one is asked, the new one is judged, other sessions end", async () => {
  const { session, call, introspect, login } = await startAuthority();
  const here = await session();
  const there = await session();
  const change = (currentPassword: string, newPassword: string) =>
    call("POST", "/api/authority/password", { as: here.as, body: { currentPassword, newPassword } });
  expect((await change(WRONG, "whatever it may be")).body["error"]).toMatchObject({
    code: "AUTHORITY_PASSWORD_WRONG",
  });
  expect((await change(ADMIN_PASSWORD, "password123")).body["error"]).toMatchObject({
    code: "AUTHORITY_PASSWORD_REFUSED",
    details: { rule: "common" },
  });
  expect((await change(ADMIN_PASSWORD, "seven feeders east")).status).toBe(204);
  expect(await introspect("session", here.secret)).toMatchObject({ active: true });
  expect(await introspect("session", there.secret)).toEqual({ active: false });
  expect((await login("admin", ADMIN_PASSWORD)).status).toBe(401);
  expect((await login("admin", "seven feeders east")).status).toBe(200);
});

test("who sits at an open session can't guess its password without end", async () => {
  const { session, call } = await startAuthority();
  const { as } = await session();
  const guess = () =>
    call("POST", "/api/authority/password", {
      as,
      body: { currentPassword: WRONG, newPassword: "seven feeders east" },
    });
  for (let n = 0; n < 5; n += 1) expect((await guess()).status).toBe(403);
  expect((await guess()).status).toBe(429);
});
