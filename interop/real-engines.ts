import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster, jarsFolder } from "@gridlake/cluster";
import { GridlakeError, hasCode } from "@gridlake/kernel";

const REPOSITORY = resolve(import.meta.dirname, "..");
const POLL_MS = 200;
const PORTS_MS = 1_000;
const MOST_TRIES = 60;

export type EngineSettings = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Real engines on free ports, below a temporary folder, whose processes may be killed. */
export class RealEngines {
  /** A folder of this machine, gone after `end`. */
  readonly folder: string;
  readonly #cluster: Cluster;
  readonly #settings: EngineSettings;
  readonly #endpoints = new Map<string, Readonly<Record<string, string>>>();

  /** @throws what `Cluster.up` throws */
  static async start(only: readonly string[], settings: EngineSettings = {}): Promise<RealEngines> {
    const engines = new RealEngines(await mkdtemp(join(tmpdir(), "gridlake-engines-")), settings);
    try {
      for (const status of await engines.#cluster.up({ only, portPolicy: "free", settings })) {
        engines.#endpoints.set(status.engine, status.endpoints ?? {});
      }
      return engines;
    } catch (error) {
      await engines.end();
      throw error;
    }
  }

  private constructor(folder: string, settings: EngineSettings) {
    this.folder = folder;
    this.#settings = settings;
    this.#cluster = new Cluster({ directory: join(folder, "cluster"), jars: jarsFolder(REPOSITORY) });
  }

  endpoint(engine: string, purpose: string): string {
    const found = this.#endpoints.get(engine)?.[purpose];
    if (found === undefined) throw notStarted(`${engine} ${purpose}`);
    return found;
  }

  /** Null when it does not run. */
  async pidOf(engine: string, name: string): Promise<number | null> {
    const status = (await this.#cluster.status()).find((one) => one.engine === engine);
    return status?.processes.find((one) => one.name === name)?.pid ?? null;
  }

  /** Ends one process of an engine with -9; it stays dead until `restart`. */
  async kill(engine: string, name: string): Promise<void> {
    const pid = await this.pidOf(engine, name);
    if (pid === null) throw notStarted(`${engine} ${name}`);
    process.kill(pid, "SIGKILL");
    while ((await this.pidOf(engine, name)) !== null) await pause(POLL_MS);
  }

  /** Starts what has died again, on the same ports and data. */
  async restart(engine: string): Promise<void> {
    const asked = { only: [engine], settings: { [engine]: this.#settings[engine] ?? {} } };
    for (let tried = 1; ; tried += 1) {
      try {
        await this.#cluster.up(asked);
        return;
      } catch (error) {
        // its threads hold the ports for a while after the process counts as dead
        if (!hasCode(error, "CLUSTER_PORT_TAKEN") || tried === MOST_TRIES) throw error;
      }
      await pause(PORTS_MS);
    }
  }

  async end(): Promise<void> {
    await this.#cluster.down({ purge: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}

function notStarted(what: string): GridlakeError {
  return new GridlakeError("INTEROP_NOT_STARTED", `${what} does not run`);
}
