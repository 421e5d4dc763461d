import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { runCommandLine } from "../program.ts";

const run = async (args: string[], env: Record<string, string> = {}) => {
  const context = new FakeContext({ root: "/repo", env });
  const code = await runCommandLine(["simulate", ...args], context);
  return { code, context };
};

test.each([
  [[], "one of --series FILE and --demo"],
  [["--demo", "--series", "a.csv"], "one of --series FILE and --demo"],
  [["--series", "a.csv", "--late", "2"], "0.02 or 2%"],
  [["--series", "a.csv", "--noise", "-1%"], "0.02 or 2%"],
  [["--series", "a.csv", "--meters", "many"], "It takes a number"],
  [["--series", "a.csv", "--format", "xml"], "Allowed choices"],
  [["--demo", "--speed", "60"], "--speed does not go with --demo"],
])("%j is wrong usage", async (args, message) => {
  const { code, context } = await run(args);
  expect(code).toBe(2);
  expect(context.stderr).toContain(message);
  expect(context.listeners).toBe(0);
});

test("without token and password it says what it needs", async () => {
  const { code, context } = await run(["--series", "nothing.csv"]);
  expect(code).toBe(1);
  expect(context.stderr).toMatch(/^SIMULATE_ACCESS_MISSING: .*\n {2}→ give --token or GRIDLAKE_TOKEN/);
  expect(context.listeners).toBe(0);
});

test("the token, from the option or the environment, goes to the platform that --url names", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers.authorization}`);
    response.writeHead(403, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { GRIDLAKE_TOKEN: "gla_environment" };
    expect((await run(["--demo", "--url", url], env)).code).toBe(1);
    expect((await run(["--demo", "--url", url, "--token", "gla_option"], env)).code).toBe(1);
    expect(new Set(seen)).toEqual(new Set(["Bearer gla_environment", "Bearer gla_option"]));
  } finally {
    server.close();
  }
});
