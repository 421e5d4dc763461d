import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { runCommandLine } from "../program.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gridlake-cluster-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; context: FakeContext }> {
  const context = new FakeContext({ root: folder, env: { GRIDLAKE_DATA: join(folder, "data") } });
  return { code: await runCommandLine(["cluster", ...args], context), context };
}

test("status of a cluster that was never started: all engines, all down", async () => {
  const { code, context } = await run("status");
  expect(code).toBe(0);
  expect(context.stdout).toMatch(/│ hdfs +│ +│ down/);
  const json = await run("status", "--format", "json");
  const statuses = JSON.parse(json.context.stdout) as { engine: string; state: string }[];
  expect(statuses.map(({ engine }) => engine)).toEqual(["zookeeper", "kafka", "hdfs", "yarn", "flink"]);
  expect(new Set(statuses.map(({ state }) => state))).toEqual(new Set(["down"]));
  expect(existsSync(join(folder, "data"))).toBe(false);
});

test("an engine, a port or a setting that does not exist is named with those that do", async () => {
  const engine = await run("up", "--only", "hdfs,kafak");
  expect(engine.code).toBe(1);
  expect(engine.context.stderr).toMatch(/CLUSTER_UNKNOWN_ENGINE: there is no engine kafak\n.*hdfs, yarn/);
  const port = await run("up", "--only", "hdfs", "--port", "hdfs.web=1");
  expect(port.context.stderr).toMatch(/CLUSTER_UNKNOWN_PORT: hdfs has no port web\n.*namenodeHttp/);
  const setting = await run("up", "--only", "kafka", "--set", "kafka.slots=1");
  expect(setting.context.stderr).toMatch(/CLUSTER_UNKNOWN_SETTING: kafka has no setting slots\n.*heapMib/);
});

test("what belongs to an engine that is not asked for is no silent no-op", async () => {
  const { code, context } = await run("up", "--only", "zookeeper", "--set", "flink.slots=1");
  expect(code).toBe(1);
  expect(context.stderr).toContain("CLUSTER_NOT_STARTED_HERE: flink is not among what is started");
});

test.each([
  [["up", "--port", "hdfs=9000"]],
  [["up", "--set", "flink.slots=many"]],
  [["up", "--ports", "any"]],
  [["logs"]],
  [["logs", "hdfs", "--lines", "0"]],
])("a wrong command line begins nothing: %o", async (args) => {
  expect((await run(...args)).code).toBe(2);
});

test("down of what is not up is done", async () => {
  const { code, context } = await run("down", "--purge");
  expect(code).toBe(0);
  expect(context.stdout + context.stderr).toBe("");
});

test("there are no logs of an engine that was never started", async () => {
  const { code, context } = await run("logs", "hdfs");
  expect(code).toBe(1);
  expect(context.stderr).toContain("CLUSTER_NO_LOG");
});
