import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "@gridlake/kernel";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "./cluster.ts";
import { isFree } from "./ports.ts";
import { readRecord, startOf } from "./process/process-record.ts";
import { fakeEngine, type FakeEngineOptions } from "./testing/fake-engine.ts";

let root = "";
let directories = 0;
/** Of its own range: other tests of this machine take ports too. */
let nextPort = 42_000 + (process.pid % 1_000) * 10;
const clusters: Cluster[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gridlake-cluster-"));
});
afterEach(async () => {
  for (const one of clusters.splice(0)) await one.down({ purge: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

function newPort(): number {
  nextPort += 5;
  return nextPort;
}

function cluster(...engines: Partial<FakeEngineOptions>[]): { cluster: Cluster; said: string[] } {
  directories += 1;
  const said: string[] = [];
  const made = new Cluster({
    directory: join(root, `cluster-${directories}`),
    jars: join(root, "jars"),
    engines: engines.map((options) => fakeEngine({ port: newPort(), ...options })),
    say: (message) => said.push(message),
  });
  clusters.push(made);
  return { cluster: made, said };
}

/** The same cluster, as the next command sees it. */
function again(of: Cluster): Cluster {
  return new Cluster({ directory: of.directory, jars: join(root, "jars"), engines: of.engines });
}

async function pidOf(of: Cluster, process: string, engine = "fake"): Promise<number> {
  const record = await readRecord(join(of.directory, engine, "run", `${process}.pid`));
  return record?.pid ?? 0;
}

describe("up", () => {
  it("starts an engine that outlives the command, with its own log, and finds it again", async () => {
    const { cluster: one, said } = cluster({ behaviours: [{ logLines: 3 }] });
    const [status] = await one.up();
    expect(status).toMatchObject({ engine: "fake", state: "up" });
    expect(await (await fetch(status?.endpoints?.["web"] ?? "")).text()).toBe("ready");
    expect(said).toEqual([expect.stringMatching(/^fake: up in \d+\.\d s$/)]);
    const [seen] = await again(one).status();
    expect(seen).toMatchObject({
      state: "up",
      endpoints: status?.endpoints,
      processes: [{ name: "server1", state: "ready", pid: await pidOf(one, "server1") }],
    });
    const [log] = await again(one).logs("fake", 2);
    expect(log?.lines).toEqual(["line 2", "line 3"]);
  });

  it("leaves alone what is up, and starts what has died again", async () => {
    const { cluster: one, said } = cluster({ behaviours: [{}, {}] });
    await one.up();
    const pids = [await pidOf(one, "server1"), await pidOf(one, "server2")];
    await again(one).up();
    expect([await pidOf(one, "server1"), await pidOf(one, "server2")]).toEqual(pids);
    process.kill(pids[1] ?? 0, "SIGKILL");
    await untilGone(pids[1] ?? 0);
    expect(await again(one).status()).toMatchObject([
      { state: "partly", processes: [{ state: "ready" }, { state: "died", pid: null }] },
    ]);
    await one.up();
    expect(await pidOf(one, "server1")).toBe(pids[0]);
    expect(await pidOf(one, "server2")).not.toBe(pids[1]);
    expect(said).toHaveLength(2);
  });

  it("starts what an engine needs before it, and what it uses if that is wanted too", async () => {
    const engines = [
      { name: "top", needs: ["base"], uses: ["beside", "absent"] },
      { name: "beside" },
      { name: "base" },
    ];
    const needed = cluster(...engines);
    expect((await needed.cluster.up({ only: ["top"] })).map(({ engine }) => engine)).toEqual(["base", "top"]);
    const all = cluster(...engines);
    expect((await all.cluster.up()).map(({ engine }) => engine)).toEqual(["base", "beside", "top"]);
  });

  it("hands its settings to the engine, and refuses others while it runs", async () => {
    const { cluster: one } = cluster({});
    await one.up({ settings: { fake: { greetings: 7 } } });
    expect(await readFile(join(one.directory, "fake/conf/fake.conf"), "utf8")).toBe("greetings=7\n");
    expect((await one.logs("fake", 1))[0]?.lines).toEqual(["started with greetings 7"]);
    await expect(one.up({ settings: { fake: { greetings: 8 } } })).rejects.toMatchObject({
      code: "CLUSTER_ENGINE_UP",
    });
    await one.up({ settings: { fake: { greetings: 7 } } });
  });

  it("gives an engine none of our own variables", async () => {
    process.env["HADOOP_CONF_DIR"] = "/elsewhere";
    const { cluster: one } = cluster({});
    await one.up();
    delete process.env["HADOOP_CONF_DIR"];
    if (!existsSync("/proc/self/environ")) return;
    const environment = await readFile(`/proc/${await pidOf(one, "server1")}/environ`, "utf8");
    expect(environment).not.toContain("HADOOP_CONF_DIR");
    expect(environment).toContain(`GRIDLAKE_CLUSTER_ENGINE=${join(one.directory, "fake")}`);
  });
});

describe("a start that fails", () => {
  it("names a process that dies, with the end of its log", async () => {
    const { cluster: one } = cluster({ behaviours: [{}, { logLines: 50, diesWith: 3 }] });
    const error: unknown = await one.up().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "CLUSTER_PROCESS_DIED" });
    const lines = (error as Error).message.split("\n");
    expect(lines[0]).toBe("fake: server2 ended; the end of its log:");
    expect(lines.slice(-2)).toEqual(["  line 50", "  cannot go on"]);
    expect(lines).toHaveLength(21);
    // nothing half started is left, and the log is
    expect(await again(one).status()).toMatchObject([{ state: "down", processes: [] }]);
    expect(await isFree(one.engines[0]?.ports["web1"] ?? 0)).toBe(true);
    expect((await one.logs("fake", 1)).map(({ lines: last }) => last)).toEqual([
      ["started with greetings 1"],
      ["cannot go on"],
    ]);
  });

  it("is bounded, and says what it waited for", async () => {
    const { cluster: one } = cluster({ behaviours: [{ listens: false }], startLimitMs: 4_000 });
    await expect(one.up()).rejects.toMatchObject({
      code: "CLUSTER_START_TIMEOUT",
      message: expect.stringMatching(
        /^fake: server1 is not ready after 4 s \(no answer from http.*\); the end of its log:\n {2}started/,
      ),
    });
    expect(await again(one).status()).toMatchObject([{ state: "down" }]);
  });

  it("can be cancelled", async () => {
    const { cluster: one } = cluster({ behaviours: [{ listens: false }] });
    const starting = one.up({ signal: AbortSignal.timeout(300) });
    await expect(starting).rejects.toMatchObject({ code: "CLUSTER_START_CANCELLED" });
    expect(await again(one).status()).toMatchObject([{ state: "down" }]);
  });

  it("names a port that is taken, or takes another one when told so", async () => {
    const { cluster: one } = cluster({});
    const port = one.engines[0]?.ports["web1"] ?? 0;
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await expect(one.up()).rejects.toMatchObject({
      code: "CLUSTER_PORT_TAKEN",
      message: `fake wants port ${port} (web1), and it is taken`,
    });
    await expect(one.up({ portPolicy: "free", ports: { fake: { web1: port } } })).rejects.toMatchObject({
      code: "CLUSTER_PORT_TAKEN",
    });
    const [status] = await one.up({ portPolicy: "free" });
    expect(status?.state).toBe("up");
    expect(status?.endpoints?.["web"]).not.toContain(String(port));
    await new Promise((resolve) => other.close(resolve));
    // the port is kept: data may name it
    await one.down();
    expect((await one.up())[0]?.endpoints).toEqual(status?.endpoints);
  });

  it("gives two engines that want one port an error each way", async () => {
    const port = newPort();
    const { cluster: one } = cluster({ name: "a", port }, { name: "b", port });
    await expect(one.up()).rejects.toMatchObject({ code: "CLUSTER_PORT_TAKEN" });
    const statuses = await one.up({ portPolicy: "free" });
    expect(new Set(statuses.map(({ endpoints }) => endpoints?.["web"])).size).toBe(2);
  });

  it("waits for no other command: one changes a cluster at a time", async () => {
    const { cluster: one } = cluster({ behaviours: [{ listens: false }], startLimitMs: 1_000 });
    const starting = one.up().catch((caught: unknown) => caught);
    await sleep(200);
    await expect(again(one).down()).rejects.toMatchObject({ code: "CLUSTER_BUSY", retry: "later" });
    expect(hasCode(await starting, "CLUSTER_START_TIMEOUT")).toBe(true);
    // the lock of a command that was killed is nobody's
    await writeFile(join(one.directory, "lock"), "4194305 1\n");
    await again(one).down();
  });
});

describe("down", () => {
  it("leaves data and logs, or with purge nothing", async () => {
    const { cluster: one } = cluster({});
    await one.up();
    await again(one).down();
    expect((await readdir(join(one.directory, "fake"))).sort()).toEqual(["data", "logs", "site.json"]);
    expect(await readFile(join(one.directory, "fake/data/kept"), "utf8")).toBe("data");
    expect(await readdir(one.directory)).toEqual(["fake"]);
    expect(await one.status()).toMatchObject([{ state: "down" }]);
    await one.up();
    await one.down({ purge: true });
    expect(existsSync(one.directory)).toBe(false);
  });

  it("stops those that are named, and no others", async () => {
    const { cluster: one } = cluster({ name: "a" }, { name: "b" });
    await one.up();
    await one.down({ only: ["a"] });
    expect(await one.status()).toMatchObject([{ state: "down" }, { state: "up" }]);
    await expect(one.down({ only: ["c"] })).rejects.toMatchObject({ code: "CLUSTER_UNKNOWN_ENGINE" });
  });

  it("ends what its processes have started", async () => {
    const { cluster: one } = cluster({ behaviours: [{ leavesChild: true }] });
    await one.up();
    const [log] = await one.logs("fake", 1);
    const child = Number(/^child (\d+)$/.exec(log?.lines[0] ?? "")?.[1]);
    expect(await startOf(child)).not.toBeNull();
    process.kill(await pidOf(one, "server1"), "SIGKILL");
    await one.down();
    expect(await startOf(child)).toBeNull();
  });

  it("touches no process that got the pid of one of ours", async () => {
    const { cluster: one } = cluster({});
    await one.up();
    const file = join(one.directory, "fake/run/server1.pid");
    const record = await readRecord(file);
    process.kill(record?.pid ?? 0, "SIGKILL");
    await untilGone(record?.pid ?? 0);
    const stranger = spawn("sleep", ["600"]);
    await writeFile(file, `${stranger.pid} ${record?.startedAt}\n`);
    expect(await one.status()).toMatchObject([{ state: "down", processes: [{ state: "died" }] }]);
    await one.down();
    expect(stranger.exitCode).toBeNull();
    expect(await startOf(stranger.pid ?? 0)).not.toBeNull();
    stranger.kill("SIGKILL");
  });
});

async function untilGone(pid: number): Promise<void> {
  while ((await startOf(pid)) !== null) await sleep(10);
}
