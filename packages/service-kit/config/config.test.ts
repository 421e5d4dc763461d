import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "typebox";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { loadOrCreateSecrets } from "./secrets.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-config-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const schema = Type.Object({
  gateway: Type.Object(
    {
      port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
      host: Type.String({ default: "127.0.0.1" }),
    },
    { default: {} },
  ),
});

const load = (sources: object) => loadConfig(schema, sources).gateway;

test("command line over environment over file over default", () => {
  const file = join(dir, "gridlake.json");
  writeFileSync(file, JSON.stringify({ gateway: { port: 1, host: "file" } }));
  const envKeys = { GRIDLAKE_PORT: "gateway.port" };
  expect(load({})).toEqual({ port: 8080, host: "127.0.0.1" });
  expect(load({ file: join(dir, "absent.json") }).port).toBe(8080);
  expect(load({ file })).toEqual({ port: 1, host: "file" });
  expect(load({ file, envKeys, env: { GRIDLAKE_PORT: "2" } })).toEqual({ port: 2, host: "file" });
  const overrides = { gateway: { port: 3, host: undefined } };
  expect(load({ file, envKeys, env: { GRIDLAKE_PORT: "2" }, overrides })).toEqual({ port: 3, host: "file" });
});

test("a bad value names its key", () => {
  const sources = { envKeys: { P: "gateway.port" }, env: { P: "70000" } };
  expect(() => load(sources)).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      details: expect.objectContaining({ path: "gateway.port" }),
    }),
  );
  writeFileSync(join(dir, "c.json"), "[1]");
  expect(() => loadConfig(schema, { file: join(dir, "c.json") })).toThrow(/holds no JSON object/);
});

test("secrets are made once, for the owner alone, and kept", () => {
  const first = loadOrCreateSecrets(dir);
  expect(statSync(join(dir, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(loadOrCreateSecrets(dir)).toEqual(first);
  expect(readdirSync(dir)).toEqual(["secrets.json"]);
});

test("secrets that others may read, or that are damaged, are refused, not replaced", () => {
  loadOrCreateSecrets(dir);
  const path = join(dir, "secrets.json");
  chmodSync(path, 0o640);
  expect(() => loadOrCreateSecrets(dir)).toThrow(expect.objectContaining({ code: "SECRETS_EXPOSED" }));
  chmodSync(path, 0o600);
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, whole.slice(0, 40));
  expect(() => loadOrCreateSecrets(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  writeFileSync(path, whole.replace('"version": 1', '"version": 2'));
  expect(() => loadOrCreateSecrets(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});
