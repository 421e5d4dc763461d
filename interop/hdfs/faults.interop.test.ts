import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findJava, jarsFolder, resolveJars } from "@gridlake/cluster";
import type { HdfsStorage } from "@gridlake/hudi/storage/hdfs/storage.ts";
import { hasCode, MIB, MINUTE_MS } from "@gridlake/kernel";
import { describe, expect, it, vi } from "vitest";
import { useHdfs } from "./hdfs-cluster.fixture.ts";

// JVMs start in between, which on a machine that has other work takes minutes
vi.setConfig({ testTimeout: 15 * MINUTE_MS });
/** Longer than any of those starts. */
const PATIENT = { retryForMs: 10 * MINUTE_MS };

const REPOSITORY = resolve(import.meta.dirname, "../..");
const hdfs = useHdfs({ blockMib: 1, deadAfterSeconds: 15 });
/** A DataNode tells metrics that are so old at most. */
const METRICS_AGE_MS = 11_000;
const big = Buffer.alloc(24 * MIB, "big");

/** WebHDFS asked for what a storage has no use for. */
async function administer(method: "PUT" | "GET", path: string, query: string): Promise<void> {
  const port = new URL(hdfs.endpoints["webhdfs"] ?? "").port;
  const user = hdfs.endpoints["user"];
  const url = `http://127.0.0.1:${port}/webhdfs/v1${path}?user.name=${user}&op=${query}`;
  const response = await fetch(url, { method });
  expect(response.status, await response.text()).toBe(200);
}

/** What only RPC can: Hadoop's own tool. */
async function dfsadmin(...args: string[]): Promise<void> {
  const java = await findJava();
  const pom = join(REPOSITORY, "deploy/cluster/engines/hdfs/pom.xml");
  const jars = await resolveJars({ pom, cache: jarsFolder(REPOSITORY), say: () => {} });
  const { directory } = hdfs.cluster;
  const options = [
    `-Djdk.net.hosts.file=${join(directory, "hosts/master")}`,
    "-cp",
    `${join(directory, "hdfs/conf/master")}:${jars}/*`,
  ];
  await promisify(execFile)(java.path, [...options, "org.apache.hadoop.hdfs.tools.DFSAdmin", ...args], {
    env: { HADOOP_USER_NAME: hdfs.endpoints["user"] },
  });
}

async function kill(name: string): Promise<void> {
  const pid = (await hdfs.status()).processes.find((one) => one.name === name)?.pid;
  process.kill(pid ?? 0, "SIGKILL");
}

async function upload(storage: HdfsStorage, path: string, bytes: Buffer): Promise<void> {
  const staged = await storage.stage(path);
  await writeFile(staged.localPath, bytes);
  await staged.publish();
}

/** How often a DataNode has brought a file to its disk. */
async function syncs(): Promise<number> {
  const { ports } = JSON.parse(await readFile(join(hdfs.cluster.directory, "hdfs/site.json"), "utf8")) as {
    ports: Record<string, number>;
  };
  const url = `http://127.0.0.1:${ports["slave1Http"]}/jmx?qry=Hadoop:service=DataNode,name=DataNodeActivity-*`;
  const { beans } = (await (await fetch(url)).json()) as { beans: { FsyncCount?: number }[] };
  return beans[0]?.FsyncCount ?? Number.NaN;
}

/** Creates files, one after the other. */
async function writeUntil(
  enough: AbortSignal,
  storage: HdfsStorage,
  { path, answered }: { path: string; answered: Set<string> },
): Promise<void> {
  for (let i = 0; !enough.aborted; i += 1) {
    expect(await storage.createIfAbsent(`${path}/${i}`, Buffer.from(`${i}`))).toBe(true);
    answered.add(`${i}`);
  }
}

async function untilHas(names: ReadonlySet<string>, count: number): Promise<void> {
  while (names.size < count) await sleep(50);
}

describe("a real HDFS that refuses", () => {
  it("who has no right is told so, with few bytes and with many", async () => {
    const path = hdfs.path();
    await hdfs.storage().replace(`${path}/f`, Buffer.from("mine"));
    const eve = hdfs.storage({ user: "eve" });
    expect(String(await eve.read(`${path}/f`))).toBe("mine");
    const refused = { code: "HDFS_PERMISSION", message: expect.stringContaining("user=eve") };
    await expect(eve.replace(`${path}/f`, Buffer.from("hers"))).rejects.toMatchObject(refused);
    await expect(eve.take(`${path}/f`)).rejects.toMatchObject(refused);
    await expect(eve.remove(`${path}/f`)).rejects.toMatchObject(refused);
    await expect(upload(eve, `${path}/big`, big)).rejects.toMatchObject(refused);
    expect(String(await eve.read(`${path}/f`))).toBe("mine");
  });

  it("a used up quota is told, of names and in the midst of an upload", async () => {
    const [names, space] = [hdfs.path(), hdfs.path()];
    const storage = hdfs.storage();
    await storage.replace(`${names}/f`, Buffer.from("x"));
    await administer("PUT", names, "SETQUOTA&namespacequota=2");
    await expect(storage.replace(`${names}/g`, Buffer.from("x"))).rejects.toMatchObject({
      code: "HDFS_QUOTA",
    });
    await storage.replace(`${space}/f`, Buffer.from("x"));
    await administer("PUT", space, `SETQUOTA&storagespacequota=${16 * MIB}`);
    await expect(upload(storage, `${space}/big`, big)).rejects.toMatchObject({ code: "HDFS_QUOTA" });
    expect((await storage.list(space)).map(({ name }) => name)).toEqual(["f"]);
  });

  it("in safe mode it is read, and a write waits or says why not", async () => {
    const path = hdfs.path();
    const storage = hdfs.storage(PATIENT);
    await storage.replace(`${path}/f`, Buffer.from("before"));
    await dfsadmin("-safemode", "enter");
    expect(String(await storage.read(`${path}/f`))).toBe("before");
    const impatient = hdfs.storage({ retryForMs: 500 });
    await expect(impatient.replace(`${path}/f`, Buffer.from("x"))).rejects.toMatchObject({
      code: "HDFS_SAFE_MODE",
      retry: "later",
    });
    const waiting = storage.replace(`${path}/f`, Buffer.from("after"));
    await dfsadmin("-safemode", "leave");
    await waiting;
    expect(String(await storage.read(`${path}/f`))).toBe("after");
  });
});

describe("a real HDFS", () => {
  it("of writers in several processes' place one creates a file", async () => {
    const path = hdfs.path();
    const storages = Array.from({ length: 5 }, () => hdfs.storage());
    for (let round = 0; round < 5; round += 1) {
      const file = `${path}/${round}`;
      const tries = storages.flatMap((storage, of) =>
        Array.from({ length: 10 }, (_, i) => storage.createIfAbsent(file, Buffer.from(`${of} ${i}`))),
      );
      const won = (await Promise.all(tries)).flatMap((first, i) => (first ? [i] : []));
      expect(won).toHaveLength(1);
      const winner = `${Math.floor((won[0] ?? 0) / 10)} ${(won[0] ?? 0) % 10}`;
      expect(String(await storages[0]?.read(file))).toBe(winner);
    }
    expect(await storages[0]?.list(path)).toHaveLength(5);
  });

  it("a durable file is on the DataNodes' disks when it is closed", async () => {
    const [path, storage] = [hdfs.path(), hdfs.storage()];
    await sleep(METRICS_AGE_MS);
    const before = await syncs();
    await storage.createIfAbsent(`${path}/lock`, Buffer.from("x"), { durable: false });
    await storage.createIfAbsent(`${path}/commit`, Buffer.from("x"));
    await upload(storage, `${path}/big`, big);
    await sleep(METRICS_AGE_MS);
    // the commit, and each block of a megabyte
    expect((await syncs()) - before).toBe(1 + 24);
  });

  it("goes on without a DataNode, and with it when it is back", async () => {
    const [path, storage] = [hdfs.path(), hdfs.storage(PATIENT)];
    await upload(storage, `${path}/before`, big);
    await kill("datanode-slave1");
    for (let i = 0; i < 5; i += 1) {
      await storage.replace(`${path}/small-${i}`, Buffer.from(`${i}`));
      expect(String(await storage.read(`${path}/small-${i}`))).toBe(`${i}`);
    }
    expect((await storage.read(`${path}/before`))?.equals(big)).toBe(true);
    await upload(storage, `${path}/during`, big);
    await hdfs.cluster.up({ only: ["hdfs"] });
    const [local] = await hdfs.storage().localPaths([`${path}/during`]);
    expect(local).toBeDefined();
  });

  it("what was answered is there when the NameNode was killed, and calls outlast its restart", async () => {
    const [path, storage] = [hdfs.path(), hdfs.storage(PATIENT)];
    const answered = new Set<string>();
    const enough = new AbortController();
    const writing = writeUntil(enough.signal, storage, { path, answered });
    // an error of the writer ends the wait
    const more = (count: number) => Promise.race([writing, untilHas(answered, answered.size + count)]);
    await more(5);
    await kill("namenode");
    const impatient = hdfs.storage({ retryForMs: 300 });
    const error: unknown = await impatient.read(`${path}/0`).catch((caught: unknown) => caught);
    expect(hasCode(error, "HDFS_UNREACHABLE")).toBe(true);
    await hdfs.cluster.up({ only: ["hdfs"] });
    await more(5);
    enough.abort();
    await writing;
    const there = new Set((await storage.list(path)).map(({ name }) => name));
    expect([...answered].filter((name) => !there.has(name))).toEqual([]);
    for (const name of answered) expect(String(await storage.read(`${path}/${name}`))).toBe(name);
  });
});
