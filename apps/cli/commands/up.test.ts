import { setTimeout as pause } from "node:timers/promises";
import { GridlakeError } from "@gridlake/kernel";
import { expect, test, vi } from "vitest";
import { FakeContext } from "../fake-context.ts";
import type { RunningPlatform, StartOptions } from "../platform.ts";
import { runCommandLine } from "../program.ts";
import { StopSignals } from "../stop-signals.ts";

const URL = "http://127.0.0.1:8080";

function serving(running: Partial<RunningPlatform> = {}, env: Record<string, string> = {}) {
  const started: StartOptions[] = [];
  const context = new FakeContext({
    root: "/repo",
    env,
    platform: {
      startPlatform(options) {
        started.push(options);
        return Promise.resolve({ url: URL, stop: () => Promise.resolve(), ...running });
      },
    },
  });
  return { context, started };
}

const ready = (context: FakeContext) => vi.waitFor(() => expect(context.stdout).toContain("ready"));

test("it starts with the defaults, says ready, and stops at the first signal with exit code 0", async () => {
  const stop = vi.fn(() => Promise.resolve());
  const { context, started } = serving({ stop });
  const code = runCommandLine(["up"], context);
  await ready(context);
  expect(context.stdout).toBe(`ready ${URL}\n`);
  expect(started[0]).toMatchObject({
    dataDir: "/repo/data",
    host: "127.0.0.1",
    port: 8080,
    profile: "embedded",
    webRoot: "/repo/apps/web/dist",
  });
  expect(started[0]).not.toHaveProperty("adminPassword");
  expect(stop).not.toHaveBeenCalled();
  context.signal("SIGTERM");
  expect(await code).toBe(0);
  expect(stop).toHaveBeenCalledOnce();
  expect(context.listeners).toBe(0);
});

test("options and environment reach the platform", async () => {
  const { context, started } = serving(
    {},
    { GRIDLAKE_ADMIN_PASSWORD: "secret", GRIDLAKE_DATA: "/elsewhere" },
  );
  const code = runCommandLine(["up", "--port", "0", "--host", "::1"], context);
  await ready(context);
  context.signal("SIGINT");
  expect(await code).toBe(0);
  expect(started[0]).toMatchObject({ dataDir: "/elsewhere", port: 0, host: "::1", adminPassword: "secret" });
});

test("a generated password is printed once, before ready", async () => {
  const { context } = serving({ adminPassword: "three-new-words" });
  const code = runCommandLine(["up", "--data", "/d"], context);
  await ready(context);
  context.signal("SIGTERM");
  await code;
  expect(context.stdout).toBe(`admin password (shown only now): three-new-words\nready ${URL}\n`);
  expect(context.stderr).not.toContain("three-new-words");
});

test("a refused start shows code, message and remedy, and exits 1", async () => {
  const context = new FakeContext({
    root: "/repo",
    platform: {
      startPlatform() {
        const remedy = "stop the other one";
        return Promise.reject(
          new GridlakeError("PLATFORM_DATA_IN_USE", "another platform runs on it", { remedy }),
        );
      },
    },
  });
  expect(await runCommandLine(["up"], context)).toBe(1);
  expect(context.stderr).toBe("PLATFORM_DATA_IN_USE: another platform runs on it\n  → stop the other one\n");
  expect(context.stdout).toBe("");
});

test("a second signal does not wait for the stop", async () => {
  const { context } = serving({ stop: () => new Promise(() => {}) });
  const code = runCommandLine(["up"], context);
  await ready(context);
  context.signal("SIGTERM");
  await pause(20);
  context.signal("SIGTERM");
  expect(await code).toBe(1);
  expect(context.stderr).toContain("CLI_STOP_CUT_SHORT");
});

test("a second signal during the start ends it too", async () => {
  const context = new FakeContext({
    root: "/repo",
    platform: { startPlatform: () => new Promise(() => {}) },
  });
  const code = runCommandLine(["up"], context);
  await vi.waitFor(() => expect(context.listeners).toBe(1));
  await pause(20);
  context.signal("SIGINT");
  context.signal("SIGINT");
  expect(await code).toBe(1);
  expect(context.stderr).toContain("CLI_STOP_CUT_SHORT");
});

test("a stop that takes too long is cut short", async () => {
  const context = new FakeContext({ root: "/repo" });
  const signals = new StopSignals(context);
  await expect(signals.stopWithin(() => new Promise(() => {}), 30)).rejects.toMatchObject({
    code: "CLI_STOP_CUT_SHORT",
  });
});

test("a stop that fails is a failure", async () => {
  const { context } = serving({ stop: () => Promise.reject(new GridlakeError("LOG_CLOSED", "no sync")) });
  const code = runCommandLine(["up"], context);
  await ready(context);
  context.signal("SIGTERM");
  expect(await code).toBe(1);
  expect(context.stderr).toContain("LOG_CLOSED: no sync");
});

test.each([["--port", "70000"], ["--port", "http"], ["--profile", "cluster"], ["--nonsense"]])(
  "%s %s is refused as wrong usage",
  async (...args) => {
    const { context, started } = serving();
    expect(await runCommandLine(["up", ...args], context)).toBe(2);
    expect(started).toEqual([]);
    expect(context.stderr).toContain("error:");
  },
);
