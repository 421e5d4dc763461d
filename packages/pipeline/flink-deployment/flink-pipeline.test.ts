import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FlinkJob, FlinkOptions } from "../dialect/flink/job.ts";
import type { ModelSet } from "../ir/index.ts";
import { type FakeAnswer, FakeFlink } from "../flink-gateway/fake-flink.fixture.ts";
import { FlinkPipeline } from "./flink-pipeline.ts";

/** A cluster with one job at a time, whose gateway takes everything but what `refuses` says. */
class Cluster {
  readonly statements: string[] = [];
  readonly sessions: Record<string, string>[] = [];
  readonly ensured: string[] = [];
  jobs = 0;
  states = new Map<string, string>();
  lag = 0;
  refuses = "";
  failsWith = "";
  server: FakeFlink | undefined;

  async start(): Promise<void> {
    this.server = await FakeFlink.start(({ method, path, body }) =>
      this.#answer(method, path, body as never),
    );
  }

  #answer(method: string, path: string, body: Record<string, never>): FakeAnswer {
    if (path === "/v1/sessions") {
      this.sessions.push(body["properties"]! as Record<string, string>);
      return { body: { sessionHandle: "s" } };
    }
    if (path.endsWith("/statements")) {
      this.statements.push(String(body["statement"]));
      return { body: { operationHandle: String(this.statements.length - 1) } };
    }
    const [, nth] = /operations\/(\d+)\/result/.exec(path) ?? [];
    if (nth !== undefined) return this.#result(this.statements[Number(nth)]!);
    const [, job = "", rest = ""] = /^\/jobs\/([^/?]+)(.*)$/.exec(path) ?? [];
    if (method === "PATCH") this.states.set(job, "CANCELED");
    if (rest === "/stop") this.states.set(job, "FINISHED");
    if (rest === "/stop" || rest === "/savepoints") return { body: { "request-id": "r" } };
    if (rest.startsWith("/savepoints/"))
      return { body: { status: { id: "COMPLETED" }, operation: { location: `hdfs://savepoint-${job}` } } };
    if (rest === "/checkpoints") return { body: { counts: { completed: 1 } } };
    if (rest === "/exceptions")
      return {
        body: { exceptionHistory: { entries: this.failsWith ? [{ stacktrace: this.failsWith }] : [] } },
      };
    if (rest.startsWith("/metrics")) return { body: [] };
    if (job !== "" && rest === "") return this.#job(job);
    return {};
  }

  #result(statement: string): FakeAnswer {
    if (this.refuses !== "" && statement.includes(this.refuses))
      return { status: 500, body: { errors: ["a.B: outer\nCaused by: c.Parse: no such thing"] } };
    if (!statement.startsWith("EXECUTE")) return { body: { resultType: "EOS" } };
    this.jobs += 1;
    this.states.set(`j${this.jobs}`, this.failsWith === "" ? "RUNNING" : "FAILED");
    return { body: { resultType: "EOS", jobID: `j${this.jobs}` } };
  }

  #job(job: string): FakeAnswer {
    const state = this.states.get(job);
    if (state === undefined) return { status: 404, body: { errors: ["not found"] } };
    const vertices = [
      {
        id: "1",
        name: "stream_write: default_database.a",
        status: state,
        parallelism: 1,
        metrics: { "read-records": 3 },
      },
      {
        id: "2",
        name: "stream_write: default_database.a_b",
        status: state,
        parallelism: 1,
        metrics: { "read-records": 5 },
      },
    ];
    return { body: { jid: job, name: "n", state, "start-time": 1, vertices } };
  }
}

const compile = (set: ModelSet, options: FlinkOptions): FlinkJob => ({
  name: options.name,
  settings: { "pipeline.name": options.name },
  sources: [{ name: "source", of: "readings", sql: "CREATE TABLE source" }],
  views: set.models.map(({ name, fingerprint }) => ({
    name,
    of: name,
    sql: `CREATE VIEW ${name} ${fingerprint}`,
  })),
  sinks: [{ name: "sink", of: "a", sql: `CREATE TABLE sink ${options.lake.path}` }],
  inserts: [{ name: "sink", of: "a", sql: "INSERT" }],
  statementSet: "EXECUTE STATEMENT SET",
  topics: { read: ["readings"], written: ["live.a"] },
});
const models = (fingerprint: string) =>
  ({ models: ["a", "a_b"].map((name) => ({ name, fingerprint })) }) as unknown as ModelSet;

let folder = "";
let cluster: Cluster;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gridlake-deployment-"));
  cluster = new Cluster();
  await cluster.start();
});
afterEach(async () => {
  await cluster.server?.stop();
  await rm(folder, { recursive: true });
});

function pipeline(fingerprint = "1"): FlinkPipeline {
  return new FlinkPipeline({
    gateway: cluster.server!.url,
    flink: cluster.server!.url,
    file: join(folder, "deep", "deployment.json"),
    models: models(fingerprint),
    compile,
    job: { name: "grid", kafka: { bootstrapServers: "k:1" }, lake: { path: "hdfs://lake" } },
    topics: {
      ensure: async (topics) => void cluster.ensured.push(...topics),
      lag: async (_group, topics) => Object.fromEntries(topics.map((topic) => [topic, cluster.lag])),
    },
  });
}

describe("deploy", () => {
  test("makes the topics, runs the statements in order, waits for the first checkpoint and writes it down", async () => {
    const deployed = await pipeline().deploy();
    expect(deployed).toMatchObject({
      jobName: "grid-g1",
      jobId: "j1",
      state: "running",
      generation: 1,
      lakePath: "hdfs://lake/g1",
      servedPath: "hdfs://lake/g1",
      models: { a: "1", a_b: "1" },
    });
    expect(cluster.ensured).toEqual(["readings", "live.a"]);
    expect(cluster.statements).toEqual([
      "CREATE TABLE source",
      "CREATE VIEW a 1",
      "CREATE VIEW a_b 1",
      "CREATE TABLE sink hdfs://lake/g1",
      "EXECUTE STATEMENT SET",
    ]);
    expect(cluster.sessions).toEqual([{ "pipeline.name": "grid-g1" }]);
    expect(await pipeline().deployment()).toEqual(deployed);
    await expect(pipeline().deploy()).rejects.toMatchObject({
      code: "PIPELINE_DEPLOYED",
      details: { job: "j1" },
    });
  });

  test("a statement that is refused is named, and nothing is written down", async () => {
    cluster.refuses = "VIEW a_b";
    await expect(pipeline().deploy()).rejects.toMatchObject({
      code: "FLINK_REFUSED",
      message: "a_b (of a_b): Flink refused: Parse: no such thing",
    });
    expect(await pipeline().deployment()).toBeNull();
    expect(cluster.jobs).toBe(0);
  });

  test("a job that fails is told with its root cause, and cancelled", async () => {
    cluster.failsWith = "a.B: outer\nCaused by: x.OutOfMemoryError: heap";
    await expect(pipeline().deploy()).rejects.toMatchObject({
      code: "FLINK_JOB_FAILED",
      message: "job j1 FAILED: OutOfMemoryError: heap",
    });
    expect(cluster.server!.count("PATCH", "/jobs/j1?mode=cancel")).toBe(1);
    expect(await pipeline().deployment()).toBeNull();
    // it may have written rows, so its folder is left alone
    cluster.failsWith = "";
    expect(await pipeline().deploy()).toMatchObject({ jobId: "j2", generation: 2 });
  });
});

describe("stop and start", () => {
  test("a stop takes a savepoint, and the next deploy goes on from it in the same tables", async () => {
    await pipeline().deploy();
    const stopped = await pipeline().stop({ drain: false });
    expect(stopped).toMatchObject({
      state: "stopped",
      savepoints: [{ path: "hdfs://savepoint-j1", generation: 1, drained: false }],
    });
    await expect(pipeline().stop({ drain: false })).rejects.toMatchObject({ code: "PIPELINE_NOT_RUNNING" });
    expect(await pipeline().deploy()).toMatchObject({
      jobId: "j2",
      generation: 1,
      lakePath: "hdfs://lake/g1",
    });
    expect(cluster.sessions[1]).toEqual({
      "pipeline.name": "grid-g1",
      "execution.savepoint.path": "hdfs://savepoint-j1",
    });
  });

  test("after a drain, a start is a new generation", async () => {
    await pipeline().deploy();
    await pipeline().stop({ drain: true });
    expect(await pipeline().deploy()).toMatchObject({ generation: 2, lakePath: "hdfs://lake/g2" });
  });

  test("a savepoint that does not fit is told as such, and what is deployed stays written down", async () => {
    await pipeline().deploy();
    const stopped = await pipeline().stop({ drain: false });
    cluster.failsWith =
      "Caused by: j.IllegalStateException: Failed to rollback to checkpoint/savepoint hdfs://s.";
    await expect(pipeline().deploy()).rejects.toMatchObject({ code: "FLINK_SAVEPOINT_INCOMPATIBLE" });
    expect(await pipeline().deployment()).toEqual(stopped);
  });
});

describe("upgrade", () => {
  test("does nothing for the same models", async () => {
    const deployed = await pipeline().deploy();
    expect(await pipeline().upgrade()).toEqual({ plan: { kind: "nothing" }, deployment: deployed });
    expect(cluster.jobs).toBe(1);
  });

  test("builds changed models anew beside the old tables, which are served until all is taken in", async () => {
    await pipeline("1").deploy();
    cluster.lag = 7;
    const { plan, deployment } = await pipeline("2").upgrade();
    expect(plan).toEqual({ kind: "rebuild", changes: { added: [], changed: ["a", "a_b"], removed: [] } });
    expect(deployment).toMatchObject({
      jobId: "j2",
      generation: 2,
      lakePath: "hdfs://lake/g2",
      servedPath: "hdfs://lake/g1",
      savepoints: [{ path: "hdfs://savepoint-j1", generation: 1 }],
    });
    expect(cluster.states).toEqual(
      new Map([
        ["j1", "FINISHED"],
        ["j2", "RUNNING"],
      ]),
    );
    expect(await pipeline("2").status()).toMatchObject({
      caughtUp: false,
      lag: { readings: 7 },
      deployment: { servedPath: "hdfs://lake/g1" },
    });
    cluster.lag = 0;
    expect(await pipeline("2").status()).toMatchObject({
      state: "RUNNING",
      caughtUp: true,
      deployment: { servedPath: "hdfs://lake/g2" },
      models: [
        { model: "a", rowsWritten: 3 },
        { model: "a_b", rowsWritten: 5 },
      ],
    });
  });

  test("one that fails leaves the old tables served, and can be gone back from with the old models", async () => {
    await pipeline("1").deploy();
    cluster.failsWith = "Caused by: x.Y: boom";
    await expect(pipeline("2").upgrade()).rejects.toMatchObject({ code: "FLINK_JOB_FAILED" });
    cluster.failsWith = "";
    expect(await pipeline("1").deploy()).toMatchObject({
      generation: 1,
      state: "running",
      servedPath: "hdfs://lake/g1",
    });
    expect(cluster.sessions.at(-1)).toMatchObject({ "execution.savepoint.path": "hdfs://savepoint-j1" });
  });
});

test("a job that the cluster has forgotten is unknown, and can be deployed again", async () => {
  await pipeline().deploy();
  cluster.states.clear();
  expect(await pipeline().status()).toMatchObject({ state: "UNKNOWN", caughtUp: false });
  expect(await pipeline().deploy()).toMatchObject({ generation: 2 });
});

test("nothing deployed, and a file that is none, are told as such", async () => {
  await expect(pipeline().status()).rejects.toMatchObject({ code: "PIPELINE_NOT_DEPLOYED" });
  await pipeline().deploy();
  const file = join(folder, "deep", "deployment.json");
  await writeFile(file, (await readFile(file, "utf8")).slice(0, 40));
  await expect(pipeline().status()).rejects.toMatchObject({ code: "PIPELINE_DEPLOYMENT_UNREADABLE" });
});
