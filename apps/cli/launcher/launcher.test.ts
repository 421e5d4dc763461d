import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Sandbox, type Ended } from "./sandbox.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const told = (ended: Ended) =>
  JSON.parse(ended.stdout) as { pid: number; args: string[]; cwd: string; cache: string };

async function until(what: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain`);
    await pause(20);
  }
}

test("the first start installs, the second does nothing but run", async () => {
  const first = await sandbox.run(["query", "SELECT 'a b'", "--x=$HOME *"]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(told(first).args).toEqual(["query", "SELECT 'a b'", "--x=$HOME *"]);
  expect(told(first).cwd).toBe(sandbox.home);
  expect(told(first).cache).toBe(join(sandbox.root, ".gridlake/node-compile-cache"));
  expect(sandbox.steps()).toEqual(["npm ci"]);

  await sandbox.run(["query"]);
  expect(sandbox.steps()).toEqual(["npm ci"]);
});

test("a changed lockfile or a lost node_modules is installed again", async () => {
  await sandbox.run([]);
  sandbox.lockfile("2.0.0");
  await sandbox.run([]);
  expect(sandbox.steps()).toHaveLength(2);
  rmSync(join(sandbox.root, "node_modules"), { recursive: true });
  await sandbox.run([]);
  expect(sandbox.steps()).toHaveLength(3);
});

test("packages that a developer installed by hand are left alone if they are what the lockfile says", async () => {
  await sandbox.run([]);
  sandbox.lockfile("2.0.0");
  const lockfile = readFileSync(join(sandbox.root, "package-lock.json"));
  writeFileSync(join(sandbox.root, "node_modules/.package-lock.json"), lockfile);
  expect(await sandbox.run([])).toMatchObject({ code: 0 });
  expect(sandbox.steps()).toEqual(["npm ci"]);
});

test("it runs through a chain of symbolic links, from any folder", async () => {
  const elsewhere = join(sandbox.home, "else where");
  mkdirSync(elsewhere);
  symlinkSync("../a clone/gridlake", join(elsewhere, "lake"));
  symlinkSync(join(elsewhere, "lake"), join(sandbox.home, "grid"));
  const ended = await sandbox.run(["version"], { file: join(sandbox.home, "grid"), cwd: elsewhere });
  expect(ended).toMatchObject({ code: 0 });
  expect(told(ended)).toMatchObject({ args: ["version"], cwd: elsewhere });
});

test("the exit code is the command's own", async () => {
  expect(await sandbox.run(["exit", "0"])).toMatchObject({ code: 0 });
  expect(await sandbox.run(["exit", "23"])).toMatchObject({ code: 23 });
});

test("a signal reaches the command, which has the launcher's process number", async () => {
  const { child, ended, output } = sandbox.start(["wait"]);
  await until(() => output.stdout.includes("\n"));
  expect((JSON.parse(output.stdout) as { pid: number }).pid).toBe(child.pid);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 47 });
});

test("of two that start at once, one installs and both run", async () => {
  const env = { SANDBOX_NPM_SECONDS: "1" };
  const ended = await Promise.all([1, 2, 3].map((n) => sandbox.run(["exit", `${n}`], { env })));
  expect(ended.map(({ code }) => code)).toEqual([1, 2, 3]);
  expect(sandbox.steps()).toEqual(["npm ci"]);
  expect(ended.filter(({ stderr }) => stderr.includes("waiting for another start"))).toHaveLength(2);
});

test("the lock of a setup that was killed is taken over, by one alone", async () => {
  const dead = Number(execFileSync("/bin/sh", ["-c", "echo $$"], { encoding: "utf8" }));
  sandbox.write(".gridlake/setup.lock/owner", `${dead}\n`);
  const env = { SANDBOX_NPM_SECONDS: "0.5" };
  const ended = await Promise.all([1, 2, 3].map(() => sandbox.run(["version"], { env })));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(sandbox.steps()).toEqual(["npm ci"]);
  expect(sandbox.has(".gridlake/setup.lock")).toBe(false);
  expect(sandbox.has(".gridlake/setup.lock.clearing")).toBe(false);
});

test("a setup that is stopped ends npm, gives the lock back and leaves nothing that looks whole", async () => {
  const { child, ended } = sandbox.start(["version"], { env: { SANDBOX_NPM_SECONDS: "5" } });
  await until(() => sandbox.steps().length === 1);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 143, stdout: "" });
  expect(sandbox.has(".gridlake/setup.lock")).toBe(false);
  expect(await sandbox.run(["version"])).toMatchObject({ code: 0 });
  expect(sandbox.steps()).toEqual(["npm ci", "npm ci"]);
});

test("an install that fails shows why, and is tried again the next time", async () => {
  const failed = await sandbox.run(["version"], { env: { SANDBOX_NPM_FAILS: "yes" } });
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toContain("npm error: no such registry");
  expect(failed.stderr).toContain("→ check the network");
  expect(await sandbox.run(["version"])).toMatchObject({ code: 0 });
});

test("what takes more than two seconds says so", async () => {
  const ended = await sandbox.run(["version"], { env: { SANDBOX_NPM_SECONDS: "2.5" } });
  expect(ended.stderr).toContain("gridlake: installing the dependencies");
  expect(told(ended).args).toEqual(["version"]);
});

test("a Node that is too old is refused before anything is touched", async () => {
  sandbox.command("node", "#!/bin/sh\necho 18\n");
  const ended = await sandbox.run(["version"]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("too old");
  expect(ended.stderr).toContain("→ install Node 20 or newer");
  expect(sandbox.steps()).toEqual([]);
});

test("where npm has no Node 24 for the machine, the system's own runs, and an older one is refused", async () => {
  sandbox.command("npm", "#!/bin/sh\nmkdir -p node_modules/.bin\n");
  expect(await sandbox.run(["exit", "5"])).toMatchObject({ code: 5 });
  sandbox.lockfile("2.0.0");
  sandbox.command("node", "#!/bin/sh\necho 20\n");
  const ended = await sandbox.run(["version"]);
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain("no Node 24 for this machine");
});

test("the web is built for what serves or tests it, once for each state of its sources", async () => {
  await sandbox.run(["query"]);
  await sandbox.run(["up", "--help"]);
  expect(sandbox.steps()).toEqual(["npm ci"]);
  await sandbox.run(["up", "--port", "1"]);
  await sandbox.run(["test", "all"]);
  expect(sandbox.steps()).toEqual(["npm ci", "vite build"]);

  sandbox.write("packages/contracts/index.ts", "export const changed = 1;");
  sandbox.write("apps/web/some.test.ts", "a test is no part of it");
  await sandbox.run(["up"]);
  await sandbox.run(["up"]);
  expect(sandbox.steps()).toEqual(["npm ci", "vite build", "vite build"]);

  rmSync(join(sandbox.root, "apps/web/dist"), { recursive: true });
  await sandbox.run(["up"]);
  expect(sandbox.steps()).toHaveLength(4);
});
