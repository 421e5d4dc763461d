import { expect, test } from "vitest";
import type { FlinkJob } from "../dialect/flink/job.ts";
import type { Model } from "../ir/index.ts";
import type { Deployment, Savepoint } from "./deployment.ts";
import { jobDigest, planUpgrade } from "./upgrade.ts";

const model = (name: string, fingerprint: string) => ({ name, fingerprint }) as Model;
const deployed = (more: Partial<Deployment> = {}): Deployment => ({
  version: 1,
  jobName: "grid-g2",
  jobId: "j",
  state: "running",
  generation: 2,
  lakePath: "/lake/g2",
  servedPath: "/lake/g2",
  digest: "same",
  models: { a: "1", b: "1", c: "1" },
  topics: ["readings"],
  deployedAt: "2024-01-01T00:00:00.000Z",
  savepoints: [],
  ...more,
});
const statement = (sql: string) => ({ name: "t", of: "t", sql });
const savepoint = (more: Partial<Savepoint> = {}): Savepoint => ({
  path: "hdfs://s",
  takenAt: "2024-01-01T00:00:00.000Z",
  generation: 2,
  digest: "same",
  drained: false,
  ...more,
});

test("the same statements that run need nothing; stopped, they go on from their newest savepoint", () => {
  const wanted = { digest: "same", models: [model("a", "1")] };
  expect(planUpgrade(deployed(), wanted)).toEqual({ kind: "nothing" });
  const savepoints = [savepoint({ path: "new" }), savepoint({ path: "old" })];
  expect(planUpgrade(deployed({ state: "stopped", savepoints }), wanted)).toEqual({
    kind: "resume",
    savepoint: savepoints[0],
  });
});

test.each([
  ["of another generation", { generation: 1 }],
  ["of other statements", { digest: "other" }],
  ["that was drained", { drained: true }],
])("a savepoint %s is not gone on from", (_what, more) => {
  const stopped = deployed({ state: "stopped", savepoints: [savepoint(more)] });
  expect(planUpgrade(stopped, { digest: "same", models: [model("a", "1")] }).kind).toBe("rebuild");
});

test("other statements are built anew, and it is told which models differ", () => {
  const models = [model("a", "1"), model("b", "2"), model("d", "1")];
  expect(planUpgrade(deployed({ savepoints: [savepoint()] }), { digest: "other", models })).toEqual({
    kind: "rebuild",
    changes: { added: ["d"], changed: ["b"], removed: ["c"] },
  });
});

test("the digest is of the statements, and not of the settings or the name", () => {
  const job: FlinkJob = {
    name: "one",
    settings: { "execution.checkpointing.interval": "10000 ms" },
    sources: [statement("CREATE TABLE t")],
    views: [],
    sinks: [],
    inserts: [],
    statementSet: "EXECUTE",
    topics: { read: [], written: [] },
  };
  expect(jobDigest({ ...job, name: "two", settings: {} })).toBe(jobDigest(job));
  expect(jobDigest({ ...job, sources: [statement("CREATE TABLE u")] })).not.toBe(jobDigest(job));
  expect(jobDigest({ ...job, statementSet: "OTHER" })).not.toBe(jobDigest(job));
});
