import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demoToken } from "./token.ts";

const PASSWORD = "mill-lane-three";
const invalid = { error: { code: "AUTH_INVALID", message: "no", retry: "never", requestId: "r1" } };

let dataDir: string;
let server: Server;
let url: string;
/** What the stand-in for authority takes for a token that holds. */
let valid: Set<string>;
let calls: string[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "gridlake-demo-"));
  valid = new Set();
  calls = [];
  server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(body === null ? undefined : JSON.stringify(body));
    const { authorization = "", cookie = "" } = request.headers;
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (request.url === "/api/authority/me") {
        return valid.has(authorization.replace("Bearer ", "")) ? answer(200, {}) : answer(401, invalid);
      }
      if (request.url === "/api/authority/login") {
        const good = (JSON.parse(body) as { password: string }).password === PASSWORD;
        if (!good) return answer(401, invalid);
        return answer(200, {}, { "set-cookie": "gridlake_session=s1; HttpOnly; Path=/" });
      }
      if (cookie !== "gridlake_session=s1") return answer(401, invalid);
      if (request.url === "/api/authority/logout") return answer(204, null);
      const token = `gla_${valid.size + 1}`;
      valid.add(token);
      return answer(201, { token });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (adminPassword?: string) => demoToken({ dataDir, url, adminPassword });
const file = () => join(dataDir, "demo-token");

test("the first start makes a token, ends its session, and keeps the token for the owner alone", async () => {
  expect(await ask(PASSWORD)).toBe("gla_1");
  expect(readFileSync(file(), "utf8")).toBe("gla_1\n");
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(calls.at(-1)).toBe("POST /api/authority/logout");
});

test("a later start needs no password while the token holds", async () => {
  await ask(PASSWORD);
  expect(await ask()).toBe("gla_1");
});

test("a token that was revoked is replaced if a password is there", async () => {
  await ask(PASSWORD);
  valid.delete("gla_1");
  valid.add("gla_other");
  expect(await ask(PASSWORD)).toBe("gla_2");
  expect(readFileSync(file(), "utf8")).toBe("gla_2\n");
});

test("with neither it says what it needs", async () => {
  await expect(ask()).rejects.toMatchObject({ code: "CLI_DEMO_NO_ACCESS" });
  writeFileSync(file(), "gla_old\n");
  await expect(ask()).rejects.toMatchObject({ code: "CLI_DEMO_NO_ACCESS" });
});

test("a wrong password is refused with authority's own code, and nothing is kept", async () => {
  await expect(ask("wrong")).rejects.toMatchObject({ code: "AUTH_INVALID" });
  expect(() => statSync(file())).toThrow("ENOENT");
});

test("a file that others could read becomes the owner's alone when it is written anew", async () => {
  writeFileSync(file(), "gla_old\n");
  chmodSync(file(), 0o644);
  await ask(PASSWORD);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});
