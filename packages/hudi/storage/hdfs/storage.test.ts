import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, hasCode } from "@gridlake/kernel";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { useFixture } from "../../testing/fixture.ts";
import { describeStorage } from "../contract-tests/describe-storage.ts";
import { FakeHdfs, type Fault, type FaultPlan } from "./fake-hdfs.fixture.ts";
import type { HdfsOptions } from "./options.ts";
import { HdfsStorage } from "./storage.ts";

const fixture = useFixture();
let hdfs: FakeHdfs;
const opened: HdfsStorage[] = [];

beforeAll(async () => {
  hdfs = await FakeHdfs.start();
});
afterEach(() => {
  hdfs.faults = () => undefined;
  hdfs.calls.length = 0;
  hdfs.files.clear();
});
afterAll(async () => {
  for (const storage of opened) await storage.close();
  await hdfs.stop();
});

function open(options: Partial<HdfsOptions> = {}): HdfsStorage {
  const storage = new HdfsStorage({
    namenodes: [hdfs.url],
    uri: "hdfs://namenode.test:9000",
    user: "gridlake",
    hosts: { "namenode.test": "127.0.0.1", "datanode.test": "127.0.0.1" },
    cache: { directory: fixture.path() },
    // a busy machine is slow, not silent
    retryForMs: 60_000,
    silenceMs: 3_000,
    ...options,
  });
  opened.push(storage);
  return storage;
}

/** The first so many calls of an operation fail. */
function failing(operation: string, fault: Fault, { times = 1, server = "namenode" } = {}): FaultPlan {
  let left = times;
  return (call) => {
    if (call.operation !== operation || call.server !== server || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

const bytes = Buffer.from("0123456789");
const calls = (operation: string) => hdfs.calls.filter((call) => call.operation === operation);

describeStorage("HDFS in memory", async () => ({ storage: open(), directory: "/lake/t" }));

describe("HDFS: what breaks on the way", () => {
  const lost: Fault = { kind: "do, then break" };
  const reset = { exception: "SocketException", message: "Connection reset" };
  const brokeOff: Fault = { kind: "refuse", ...reset };
  const doneAndLost: Fault = { kind: "do, then refuse", ...reset };

  it.each([[lost], [{ kind: "break" } as Fault], [{ kind: "silence" } as Fault], [brokeOff], [doneAndLost]])(
    "a create wins once, also when the answer to its rename is lost: %o",
    async (fault) => {
      hdfs.faults = failing("RENAME", fault);
      expect(await open().createIfAbsent("/t/f", bytes)).toBe(true);
      expect([...hdfs.files.keys()]).toEqual(["/t/f"]);
    },
  );

  it.each([[lost], [doneAndLost]])(
    "a create loses to another's file, also when an answer is lost: %o",
    async (fault) => {
      const storage = open();
      hdfs.faults = (call) => {
        // the other comes after we have looked
        if (call.operation === "RENAME" && !hdfs.files.has("/t/f")) {
          hdfs.files.set("/t/f", { bytes: Buffer.from("theirs"), modifiedMs: 1, inode: 99, flags: "" });
          return fault;
        }
        return undefined;
      };
      expect(await storage.createIfAbsent("/t/f", bytes)).toBe(false);
      expect(String(await storage.read("/t/f"))).toBe("theirs");
      expect([...hdfs.files.keys()]).toEqual(["/t/f"]);
    },
  );

  it("replace, take and rename come to their end when an answer is lost", async () => {
    const storage = open();
    for (const fault of [lost, { kind: "break" } as Fault, brokeOff, doneAndLost]) {
      hdfs.faults = failing("RENAME", fault);
      await storage.replace("/t/f", bytes);
      hdfs.faults = failing("RENAME", fault);
      expect(await storage.rename("/t/f", "/t/g")).toBe(true);
      hdfs.faults = failing("RENAME", fault);
      expect(await storage.take("/t/g")).toEqual(bytes);
      expect(hdfs.files.size).toBe(0);
    }
  });

  it("who renames a file that another took in the meantime has not got it", async () => {
    const storage = open();
    for (const move of [() => storage.rename("/t/f", "/t/g"), () => storage.take("/t/f")]) {
      hdfs.files.set("/t/f", { bytes, modifiedMs: 1, inode: 7, flags: "" });
      const broken = failing("RENAME", { kind: "break" });
      hdfs.faults = (call) => {
        if (call.operation === "RENAME") hdfs.files.delete("/t/f");
        return broken(call);
      };
      expect(await move()).toBeFalsy();
    }
  });

  it.each([
    [lost],
    [doneAndLost],
    [brokeOff],
    [{ kind: "refuse", exception: "EOFException" } as Fault],
    [{ kind: "refuse", exception: "IOException", message: "Failed on local exception: x" } as Fault],
  ])("an upload is begun again from its first byte: %o", async (fault) => {
    hdfs.faults = failing("CREATE", fault, { server: "datanode", times: 2 });
    const storage = open();
    const staged = await storage.stage("/t/p/f.parquet");
    await writeFile(staged.localPath, bytes);
    expect((await staged.publish()).sizeBytes).toBe(bytes.length);
    expect(await storage.read("/t/p/f.parquet")).toEqual(bytes);
    expect(existsSync(staged.localPath)).toBe(false);
  });

  it("a DataNode that does not answer is left out the next time", async () => {
    const storage = open();
    await storage.replace("/t/f", bytes);
    hdfs.faults = failing("OPEN", { kind: "break" }, { server: "datanode" });
    expect(await storage.read("/t/f")).toEqual(bytes);
    expect(calls("OPEN").at(-1)?.query.get("excludedatanodes")).toMatch(/^datanode\.test:\d+$/);
  });

  it("half a file is never taken for a file", async () => {
    const storage = open();
    await storage.replace("/t/f", bytes);
    hdfs.faults = failing("OPEN", { kind: "half" }, { server: "datanode", times: 2 });
    expect(await storage.read("/t/f")).toEqual(bytes);
    hdfs.faults = failing("OPEN", { kind: "half" }, { server: "datanode", times: 2 });
    const [local = ""] = await storage.localPaths(["/t/f"]);
    expect(await readFile(local)).toEqual(bytes);
  });

  it("a DataNode that never reaches the NameNode is asked for a bounded time", async () => {
    hdfs.faults = (call) => (call.server === "datanode" ? brokeOff : undefined);
    const error = open({ retryForMs: 500 }).replace("/t/f", bytes);
    await expect(error).rejects.toMatchObject({ code: "HDFS_UNREACHABLE", retry: "later" });
    expect(hdfs.files.size).toBe(0);
  });

  it("says which addresses do not answer, in bounded time", async () => {
    const storage = open({
      namenodes: ["http://127.0.0.1:1", "http://nowhere.invalid:9870"],
      retryForMs: 300,
    });
    await expect(storage.read("/t/f")).rejects.toMatchObject({
      code: "HDFS_UNREACHABLE",
      retry: "later",
      message: expect.stringMatching(/OPEN \/t\/f: no answer from http:\/\/127.0.0.1:1.*nowhere/),
    });
    hdfs.faults = () => ({ kind: "silence" });
    await expect(open({ retryForMs: 500, silenceMs: 300 }).list("/t")).rejects.toMatchObject({
      code: "HDFS_UNREACHABLE",
    });
  });
});

describe("HDFS: NameNodes", () => {
  it("finds the active one of several, and stays with it", async () => {
    const dead = "http://127.0.0.1:1";
    const storage = open({ namenodes: [dead, hdfs.url] });
    await storage.replace("/t/f", bytes);
    expect(await storage.read("/t/f")).toEqual(bytes);
  });

  it("goes on to the next when one has become standby", async () => {
    const storage = open({ namenodes: [hdfs.url, hdfs.url.replace("namenode.test", "127.0.0.1")] });
    hdfs.faults = failing("GETFILESTATUS", { kind: "refuse", exception: "StandbyException" });
    expect(await storage.status("/t/f")).toBeNull();
    expect(await storage.status("/t/f")).toBeNull();
    const hosts = calls("GETFILESTATUS").map(({ host }) => host.split(":")[0]);
    expect(hosts).toEqual(["namenode.test", "127.0.0.1", "127.0.0.1"]);
  });

  it.each([
    ["RetriableException", ""],
    ["SafeModeException", "Cannot create /t/f. Name node is in safe mode."],
    ["IOException", "File /t/f could only be written to 0 of the 1 minReplication nodes."],
    ["IOException", "Failed to find datanode, suggest to check cluster health."],
    ["ConnectException", "Call From slave1 to master:9000 failed on connection exception"],
  ])("waits out a %s", async (exception, message) => {
    const storage = open();
    hdfs.faults = failing("CREATE", { kind: "refuse", exception, message }, { times: 3 });
    await storage.replace("/t/f", bytes);
    expect(await storage.read("/t/f")).toEqual(bytes);
  });

  it.each([
    ["SafeModeException", "Name node is in safe mode", "HDFS_SAFE_MODE", "later"],
    ["AccessControlException", "Permission denied: user=eve", "HDFS_PERMISSION", "never"],
    ["DSQuotaExceededException", "The DiskSpace quota of /t is exceeded", "HDFS_QUOTA", "never"],
    ["NSQuotaExceededException", "The NameSpace quota is exceeded", "HDFS_QUOTA", "never"],
    ["StandbyException", "Operation category WRITE is not supported", "HDFS_UNREACHABLE", "later"],
    ["BlockMissingException", "Could not obtain block", "HDFS_BLOCK_MISSING", "later"],
    ["ArithmeticException", "/ by zero", "HDFS_REFUSED", "never"],
  ])("shows a %s as an error of ours", async (exception, message, code, retry) => {
    const storage = open({ retryForMs: 200 });
    hdfs.faults = () => ({ kind: "refuse", exception, message });
    await expect(storage.list("/t")).rejects.toMatchObject({ code, retry });
    await expect(storage.read("/t/f")).rejects.toMatchObject({ code, retry });
    const error: unknown = await storage.replace("/t/f", bytes).catch((caught: unknown) => caught);
    expect(hasCode(error, code)).toBe(true);
    expect((error as Error).message).toContain(message);
  });
});

describe("HDFS: files", () => {
  it("asks for the disks of all DataNodes when a file is to be durable", async () => {
    const storage = open();
    await storage.createIfAbsent("/t/a", bytes);
    await storage.createIfAbsent("/t/b", bytes, { durable: false });
    await storage.replace("/t/c", bytes);
    const staged = await storage.stage("/t/d");
    await writeFile(staged.localPath, bytes);
    await staged.publish();
    const synced = [...hdfs.files].map(([name, { flags }]) => [name, flags.includes("SYNC_BLOCK")]);
    expect(Object.fromEntries(synced)).toEqual({ "/t/a": true, "/t/b": false, "/t/c": true, "/t/d": true });
  });

  it("a staged file that was published and then given up is gone", async () => {
    const storage = open();
    const staged = await storage.stage("/t/f");
    await writeFile(staged.localPath, bytes);
    await staged.publish();
    await staged.discard();
    expect(hdfs.files.size).toBe(0);
  });

  it("reads what it has just published from its own disk", async () => {
    const storage = open();
    const staged = await storage.stage("/t/p/f.parquet");
    await writeFile(staged.localPath, bytes);
    await staged.publish();
    const [local = ""] = await storage.localPaths(["/t/p/f.parquet"]);
    expect(await readFile(local)).toEqual(bytes);
    expect(calls("OPEN")).toEqual([]);
  });

  it("keeps copies for the work that reads them, and no longer", async () => {
    const storage = open({ cache: { directory: fixture.path(), maxBytes: 25 } });
    for (const name of ["a", "b", "c"]) await storage.replace(`/t/${name}`, bytes);
    const full = { code: "STORAGE_CACHE_FULL" };
    await storage.scoped(async () => {
      await storage.localPaths(["/t/a", "/t/b"]);
      await expect(storage.localPaths(["/t/c"])).rejects.toMatchObject(full);
    });
    await storage.localPaths(["/t/b", "/t/c"]);
    // outside of any work they are kept for their time
    await expect(storage.scoped(() => storage.localPaths(["/t/a"]))).rejects.toMatchObject(full);
  });

  it("names a file that is gone when its copy is asked for", async () => {
    const storage = open();
    await storage.replace("/t/f", bytes);
    await expect(storage.localPaths(["/t/f", "/t/none"])).rejects.toMatchObject({
      code: "HUDI_FILE_MISSING",
      retry: "after-refresh",
      message: expect.stringContaining("/t/none"),
    });
  });

  it("removes what a writer that died a day ago left behind, and nothing younger", async () => {
    const left = { bytes, inode: 1, flags: "" };
    hdfs.files.set("/t/.tmp-old", { ...left, modifiedMs: Date.now() - DAY_MS - 1 });
    hdfs.files.set("/t/.tmp-young", { ...left, modifiedMs: Date.now() });
    hdfs.files.set("/t/old", { ...left, modifiedMs: 1 });
    const storage = open();
    await storage.replace("/t/f", bytes);
    expect([...hdfs.files.keys()].sort()).toEqual(["/t/.tmp-young", "/t/f", "/t/old"]);
    expect((await storage.list("/t")).map(({ name }) => name)).toEqual(["f", "old"]);
  });

  it.each(["/t/12:00", "/t/../u", "/t//f", "t/f", "/t/."])("refuses %s before it asks", async (path) => {
    await expect(open().read(path)).rejects.toMatchObject({ code: "HDFS_INVALID_PATH" });
    expect(hdfs.calls).toEqual([]);
  });

  it("leaves nothing in its cache's folder of processes", async () => {
    const directory = fixture.path();
    const storage = open({ cache: { directory } });
    await storage.replace("/t/f", bytes);
    await storage.localPaths(["/t/f"]);
    expect(await readdir(join(directory, "processes"))).toHaveLength(1);
    await storage.close();
    expect(await readdir(join(directory, "processes"))).toEqual([]);
  });
});

describe("HDFS: options", () => {
  it.each([
    [{ namenodes: [] }, /no NameNode/],
    [{ namenodes: ["master:9870"] }, /master:9870/],
    [{ namenodes: ["https://master:9871"] }, /https/],
    [{ namenodes: ["http://master:9870/webhdfs"] }, /webhdfs/],
    [{ uri: "master" }, /master/],
    [{ uri: "hdfs://master:9000/lake" }, /lake/],
    [{ user: "" }, /user/],
  ])("refuses %o", (options, message) => {
    expect(() => open(options)).toThrow(message);
  });
});
