import { expect, test } from "vitest";
import { FakeContext } from "../../fake-context.ts";
import type { FlinkDeployment, FlinkPlace, FlinkUpgrade } from "../../platform.ts";
import { runCommandLine } from "../../program.ts";

const PLACE = ["--gateway", "http://g", "--flink", "http://f", "--kafka", "k:1", "--lake", "hdfs://m:9/lake"];

const deployment: FlinkDeployment = {
  jobName: "gridlake-g2",
  jobId: "j2",
  state: "running",
  lakePath: "hdfs://m:9/lake/g2",
  servedPath: "hdfs://m:9/lake/g1",
  savepoints: [{ path: "hdfs://s/1", takenAt: "2024-01-01T00:00:00.000Z", generation: 1, drained: false }],
};

function fake(state: string): { context: FakeContext; places: FlinkPlace[]; called: string[] } {
  const places: FlinkPlace[] = [];
  const called: string[] = [];
  const say = <T>(what: string, answer: T): Promise<T> => {
    called.push(what);
    return Promise.resolve(answer);
  };
  const plan: FlinkUpgrade = { kind: "rebuild", changes: { added: ["n"], changed: ["c", "d"], removed: [] } };
  const openFlinkPipeline = (place: FlinkPlace) => {
    places.push(place);
    return Promise.resolve({
      pipeline: {
        deploy: () => say("deploy", deployment),
        stop: ({ drain }: { drain: boolean }) =>
          say(`stop ${drain}`, { ...deployment, state: "stopped" as const }),
        plan: () => say("plan", plan),
        upgrade: ({ rebuild }: { rebuild: boolean }) => say(`upgrade ${rebuild}`, { plan, deployment }),
        takeSavepoint: () => say("take", deployment),
        deployment: () => say("deployment", deployment),
        status: () =>
          say("status", {
            deployment,
            state,
            restarts: 3,
            lastFailure: { cause: "OutOfMemoryError: heap", atMs: Date.now() },
            checkpoints: {
              completed: 4,
              failed: 1,
              latest: { number: 5, completedAtMs: Date.now(), durationMs: 1_500, stateBytes: 2 * 1_048_576 },
              lastFailure: null,
            },
            lag: { readings: 12 },
            caughtUp: false,
            models: [
              { model: "dwd_reading", rowsWritten: 34 },
              { model: "ads_load", rowsWritten: null },
            ],
          }),
      },
      close: () => say("close", undefined),
    });
  };
  return { context: new FakeContext({ root: "/repo", platform: { openFlinkPipeline } }), places, called };
}

test("the flags name the cluster, and what was opened is closed", async () => {
  const { context, places, called } = fake("RUNNING");
  expect(await runCommandLine(["pipeline", "deploy", ...PLACE, "--parallelism", "2"], context)).toBe(0);
  expect(places[0]).toMatchObject({
    gateway: "http://g",
    flink: "http://f",
    kafka: "k:1",
    lake: "hdfs://m:9/lake",
    parallelism: 2,
  });
  expect(called).toEqual(["deploy", "close"]);
  expect(context.stdout).toContain("gridlake-g2: running, job j2\n");
  expect(context.stdout).toContain("the tables to read are in hdfs://m:9/lake/g1\n");
});

test("a plan is told and nothing is done; an upgrade says which models differ", async () => {
  const { context, called } = fake("RUNNING");
  await runCommandLine(["pipeline", "upgrade", "--plan", ...PLACE], context);
  await runCommandLine(["pipeline", "upgrade", ...PLACE], context);
  expect(called).toEqual(["plan", "close", "upgrade false", "close"]);
  expect(context.stdout).toContain("new models: n\nchanged models: c, d\n");
});

test("a stop names its savepoint, and they are listed", async () => {
  const { context, called } = fake("RUNNING");
  await runCommandLine(["pipeline", "stop", "--drain", ...PLACE], context);
  await runCommandLine(["pipeline", "savepoints", ...PLACE], context);
  expect(called).toEqual(["stop true", "close", "deployment", "close"]);
  expect(context.stdout).toContain("savepoint: hdfs://s/1\n");
  expect(context.stdout).toContain("2024-01-01T00:00:00.000Z  generation 1  hdfs://s/1\n");
});

test.each([
  ["RUNNING", 0],
  ["FAILED", 1],
])("flink-status of a job that is %s ends with %i", async (state, code) => {
  const { context } = fake(state);
  expect(await runCommandLine(["pipeline", "flink-status", ...PLACE], context)).toBe(code);
  expect(context.stdout).toMatch(/^gridlake-g2: \w+, job j2, started over 3 times\ncheckpoint 5: /);
  expect(context.stdout).toMatch(/\nreadings +12\n/);
  expect(context.stdout).toMatch(/\ndwd_reading +34\nads_load +-\n/);
  expect(context.stdout).toContain("OutOfMemoryError: heap\n");
});
