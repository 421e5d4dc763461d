import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Cluster, type EngineStatus, jarsFolder, NODE_ADDRESSES } from "@gridlake/cluster";
import type { HdfsOptions } from "@gridlake/hudi/storage/hdfs/options.ts";
import { HdfsStorage } from "@gridlake/hudi/storage/hdfs/storage.ts";
import { MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");
// formatting, NameNode, DataNodes: each may take minutes on a machine that has other work
const START_LIMIT_MS = 20 * MINUTE_MS;
const STOP_LIMIT_MS = 5 * MINUTE_MS;

export interface HdfsFixture {
  /** For a client of it, with a cache of its own. */
  options(options?: Partial<HdfsOptions>): HdfsOptions;
  /** A storage of its own cache. Closed after the tests. */
  storage(options?: Partial<HdfsOptions>): HdfsStorage;
  /** A new path, which is not there yet. */
  path(): string;
  /** A folder of this machine. */
  readonly folder: string;
  readonly cluster: Cluster;
  readonly endpoints: Readonly<Record<string, string>>;
  status(): Promise<EngineStatus>;
}

/** A real HDFS of its own for the tests of a file: on free ports, below a temporary folder, gone afterwards. */
export function useHdfs(settings: Readonly<Record<string, number>> = {}): HdfsFixture {
  let folder = "";
  let cluster: Cluster | undefined;
  let engine: EngineStatus | undefined;
  let numbers = 0;
  const storages: HdfsStorage[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gridlake-hdfs-"));
    cluster = new Cluster({ directory: join(folder, "cluster"), jars: jarsFolder(REPOSITORY) });
    [engine] = await cluster.up({ only: ["hdfs"], portPolicy: "free", settings: { hdfs: settings } });
  }, START_LIMIT_MS);
  afterAll(async () => {
    for (const storage of storages) await storage.close();
    await cluster?.down({ purge: true });
    await rm(folder, { recursive: true, force: true });
  }, STOP_LIMIT_MS);

  const endpoints = () => started(engine?.endpoints);
  const optionsOf = (options: Partial<HdfsOptions> = {}): HdfsOptions => {
    numbers += 1;
    return {
      namenodes: [endpoints()["webhdfs"] ?? ""],
      uri: endpoints()["fs"] ?? "",
      user: endpoints()["user"] ?? "",
      hosts: NODE_ADDRESSES,
      cache: { directory: join(folder, `cache-${numbers}`) },
      ...options,
    };
  };
  return {
    options: optionsOf,
    storage(options = {}) {
      const storage = new HdfsStorage(optionsOf(options));
      storages.push(storage);
      return storage;
    },
    path() {
      numbers += 1;
      return `/lake/table-${numbers}`;
    },
    get folder() {
      return folder;
    },
    get cluster() {
      return started(cluster);
    },
    get endpoints() {
      return endpoints();
    },
    async status() {
      const all = await started(cluster).status();
      return started(all.find(({ engine: name }) => name === "hdfs"));
    },
  };
}

function started<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error("the fixture is used before its tests run");
  return value;
}
