import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster, jarsFolder } from "@gridlake/cluster";
import { GridlakeError, hasCode, MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "..");
const START_LIMIT_MS = 10 * MINUTE_MS;
const STOP_LIMIT_MS = 2 * MINUTE_MS;
const POLL_MS = 200;
const PORTS_MS = 1_000;
const MOST_TRIES = 60;

type Settings = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ClusterFixture {
  /** A folder of this machine, gone after the tests. */
  readonly folder: string;
  endpoint(engine: string, purpose: string): string;
  /** Ends one process of an engine with -9; it stays dead until `restart`. */
  kill(engine: string, process: string): Promise<void>;
  /** Starts what has died again, on the same ports and data. */
  restart(engine: string): Promise<void>;
}

/** Real engines of their own for the tests of a file: on free ports, below a temporary folder, gone afterwards. */
export function useCluster(only: readonly string[], settings: Settings = {}): ClusterFixture {
  let folder = "";
  let cluster: Cluster | undefined;
  const endpoints = new Map<string, Readonly<Record<string, string>>>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gridlake-engines-"));
    cluster = new Cluster({ directory: join(folder, "cluster"), jars: jarsFolder(REPOSITORY) });
    for (const status of await cluster.up({ only, portPolicy: "free", settings })) {
      endpoints.set(status.engine, status.endpoints ?? {});
    }
  }, START_LIMIT_MS);
  afterAll(async () => {
    await cluster?.down({ purge: true });
    await rm(folder, { recursive: true, force: true });
  }, STOP_LIMIT_MS);
  const running = (): Cluster => {
    if (cluster === undefined) throw notStarted("cluster");
    return cluster;
  };
  return {
    get folder() {
      return folder;
    },
    endpoint(engine, purpose) {
      const found = endpoints.get(engine)?.[purpose];
      if (found === undefined) throw notStarted(`${engine} ${purpose}`);
      return found;
    },
    async kill(engine, name) {
      const pid = await pidOf(running(), engine, name);
      if (pid === null) throw notStarted(`${engine} ${name}`);
      process.kill(pid, "SIGKILL");
      while ((await pidOf(running(), engine, name)) !== null) await pause(POLL_MS);
    },
    async restart(engine) {
      const asked = { only: [engine], settings: { [engine]: settings[engine] ?? {} } };
      for (let tried = 1; ; tried += 1) {
        try {
          await running().up(asked);
          return;
        } catch (error) {
          // its threads hold the ports for a while after the process counts as dead
          if (!hasCode(error, "CLUSTER_PORT_TAKEN") || tried === MOST_TRIES) throw error;
        }
        await pause(PORTS_MS);
      }
    },
  };
}

async function pidOf(cluster: Cluster, engine: string, name: string): Promise<number | null> {
  const status = (await cluster.status()).find((one) => one.engine === engine);
  return status?.processes.find((one) => one.name === name)?.pid ?? null;
}

function notStarted(what: string): GridlakeError {
  return new GridlakeError("INTEROP_NOT_STARTED", `${what} does not run`);
}
