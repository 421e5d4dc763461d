import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "../under-test.ts";

let platform: Awaited<ReturnType<typeof startGateway>>;
let root = "";
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "gridlake-web-"));
  mkdirSync(join(root, "dist/assets"), { recursive: true });
  writeFileSync(join(root, "dist/index.html"), "<!doctype html><title>Gridlake</title>");
  writeFileSync(join(root, "dist/assets/app-1a2b.js"), "export {};");
  writeFileSync(join(root, "dist/assets/app-1a2b.js.br"), brotliCompressSync("export {};"));
  writeFileSync(join(root, "secret.txt"), "not for the web");
  platform = await startGateway({ webRoot: join(root, "dist") });
});
afterAll(async () => {
  await platform.stop();
  rmSync(root, { recursive: true });
});

const page = { accept: "text/html,application/xhtml+xml" };

test.each(["/", "/realtime", "/devices/M0001"])(
  "%s is the application, checked anew each time",
  async (path) => {
    const answer = await platform.send("GET", path, { headers: page });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("<title>Gridlake")]);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-cache",
      "content-type": expect.stringContaining("text/html"),
      "x-frame-options": "DENY",
    });
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain("unsafe");
  },
);

test("hashed files are kept for good, and go out compressed when they can", async () => {
  const plain = await platform.send("GET", "/assets/app-1a2b.js");
  expect([plain.text, plain.headers["cache-control"]]).toEqual([
    "export {};",
    "public, max-age=31536000, immutable",
  ]);
  const packed = await platform.send("GET", "/assets/app-1a2b.js", { headers: { "accept-encoding": "br" } });
  expect(packed.headers).toMatchObject({
    "content-encoding": "br",
    "content-type": expect.stringContaining("javascript"),
  });
  const again = await platform.send("GET", "/assets/app-1a2b.js", {
    headers: { "if-none-match": String(plain.headers.etag) },
  });
  expect(again.status).toBe(304);
});

test.each([
  ["/assets/none.js", page],
  ["/realtime", {}], // a program asks for data, not for a page
  ["/api/none", page],
  ["/secret.txt", page],
  ["/assets/%2e%2e/%2e%2e/secret.txt", page],
  ["/../secret.txt", page],
])("%s is not there", async (path, headers) => {
  const answer = await platform.send("GET", path, { headers });
  expect([400, 404]).toContain(answer.status);
  expect(answer.text).not.toContain("not for the web");
  expect(answer.json.error.code).toMatch(/ROUTE_UNKNOWN|REQUEST_REFUSED/);
});

test("without a built web the start page says how to build it", async () => {
  const bare = await startGateway({ webRoot: join(root, "nowhere") });
  const answer = await bare.send("GET", "/", { headers: page });
  expect(answer.json.error.code).toBe("GATEWAY_WEB_NOT_BUILT");
  await bare.stop();
});
