import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import { withClusterLock } from "./cluster-lock.ts";
import type { Engine, ProcessPlan } from "./engine.ts";
import { type EngineStatus, notRunning, processStatus } from "./engine-status.ts";
import { startOrder, unknownEngine } from "./engine-order.ts";
import { ENGINES } from "./engines/index.ts";
import { hostsFolder, writeHostsFiles } from "./hosts.ts";
import { resolveJars } from "./java/jars.ts";
import { findJava, type Java } from "./java/java.ts";
import { choosePorts, type PortPolicy } from "./ports.ts";
import { lastLines } from "./process/log-tail.ts";
import { marked, stop } from "./process/stop.ts";
import { chooseSettings } from "./settings.ts";
import { readState, Site, type SiteState, siteFolder, type StartedProcess, type Toolbox } from "./site.ts";
import { startEngine } from "./start-engine.ts";

export interface ClusterOptions {
  /** Its folder; made when something is started. */
  directory: string;
  /** Where jars are kept, for all clusters of this machine. */
  jars: string;
  /** Progress, for people. @default silent */
  say?: (message: string) => void;
  /** @default ENGINES */
  engines?: readonly Engine[];
}

export interface UpOptions {
  /** @default all */
  only?: readonly string[];
  /** What to do when a port is taken. @default "fixed" */
  portPolicy?: PortPolicy;
  /** Per engine, ports by role. */
  ports?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Per engine, settings by name. */
  settings?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Cancels the start. */
  signal?: AbortSignal;
}

export interface DownOptions {
  /** @default all */
  only?: readonly string[];
  /** Data and logs too. @default false */
  purge?: boolean;
}

/** Engines of this machine, below one folder. Each outlives the process that started it. */
export class Cluster {
  readonly directory: string;
  readonly engines: readonly Engine[];
  readonly #jars: string;
  readonly #say: (message: string) => void;
  readonly #sites = new Map<string, Site>();
  #java: Promise<Java> | undefined;

  constructor({ directory, jars, say = () => {}, engines = ENGINES }: ClusterOptions) {
    this.directory = resolve(directory);
    this.engines = engines;
    this.#jars = resolve(jars);
    this.#say = say;
  }

  /**
   * Starts engines and what they need, one after another, and waits until they are ready; one that is up stays as it is.
   * @returns the status of each
   * @throws CLUSTER_NO_JAVA, CLUSTER_NO_MAVEN, CLUSTER_PORT_TAKEN, CLUSTER_START_TIMEOUT, CLUSTER_PROCESS_DIED, CLUSTER_BUSY …
   */
  async up(options: UpOptions = {}): Promise<EngineStatus[]> {
    const order = startOrder(this.engines, options.only);
    for (const name of Object.keys({ ...options.ports, ...options.settings })) {
      if (!order.includes(this.#engine(name))) throw notAsked(name);
    }
    return withClusterLock(this.directory, async () => {
      const taken = new Set<number>();
      this.#sites.clear();
      // what is missing shows before anything is started
      const starts: { site: Site; waves: readonly (readonly ProcessPlan[])[] }[] = [];
      for (const engine of order) {
        const site = await this.#place(engine, { taken, options });
        this.#sites.set(engine.name, site);
        starts.push({ site, waves: await engine.processes(site) });
      }
      await writeHostsFiles(this.directory);
      for (const { site, waves } of starts) await this.#start(site, waves, options.signal);
      return Promise.all(starts.map(({ site }) => this.#statusOf(site.engine)));
    });
  }

  /**
   * Looks for what engines need of this machine and fetches their jars, so that a start waits for neither.
   * @throws CLUSTER_NO_JAVA, CLUSTER_JAVA_VERSION, CLUSTER_NO_MAVEN, CLUSTER_JARS
   */
  async fetch({ only }: { only?: readonly string[] } = {}): Promise<void> {
    for (const engine of startOrder(this.engines, only)) {
      await engine.processes(this.#site(engine, { ports: engine.ports, settings: engine.settings }));
    }
  }

  /** Of all engines, in the order of their start. */
  async status(): Promise<EngineStatus[]> {
    this.#sites.clear();
    return Promise.all(startOrder(this.engines).map((engine) => this.#statusOf(engine)));
  }

  /** Stops engines, the last started first, and whatever they have started. Data and logs stay, unless they are purged. */
  async down({ only, purge = false }: DownOptions = {}): Promise<void> {
    const names = new Set(only ?? this.engines.map((engine) => engine.name));
    for (const name of names) this.#engine(name);
    if (!existsSync(this.directory)) return;
    await withClusterLock(this.directory, async () => {
      this.#sites.clear();
      for (const engine of startOrder(this.engines).toReversed()) {
        if (names.has(engine.name)) await this.#stop(engine, purge);
      }
      const left = await Promise.all(this.engines.map((engine) => this.#known(engine)));
      const running = await Promise.all(left.map((site) => site !== null && runs(site)));
      if (!running.includes(true)) await rm(hostsFolder(this.directory), { recursive: true, force: true });
    });
  }

  /** The last lines of an engine's logs, by process. @throws CLUSTER_UNKNOWN_ENGINE, CLUSTER_NO_LOG */
  async logs(name: string, lines: number): Promise<{ process: string; file: string; lines: string[] }[]> {
    const site = await this.#known(this.#engine(name));
    if (site === null) {
      throw new GridlakeError("CLUSTER_NO_LOG", `${name} was never started in ${this.directory}`, {
        remedy: `start it: ./gridlake cluster up --only ${name}`,
      });
    }
    return Promise.all(
      (await site.logNames()).map(async (process) => {
        const file = site.logFile(process);
        return { process, file, lines: await lastLines(file, lines) };
      }),
    );
  }

  async #start(site: Site, waves: readonly (readonly ProcessPlan[])[], signal?: AbortSignal): Promise<void> {
    const { name } = site.engine;
    const beganAt = performance.now();
    // one that runs has read its configuration
    if (!(await runs(site))) {
      await stop(await marked(site.folder)); // left by a process of its that died
      await site.makeFolders();
      await site.writeState();
      await site.engine.configure(site);
    }
    const started = await startEngine(site, waves, signal);
    const seconds = ((performance.now() - beganAt) / SECOND_MS).toFixed(1);
    this.#say(started === 0 ? `${name}: is up` : `${name}: up in ${seconds} s`);
  }

  async #stop(engine: Engine, purge: boolean): Promise<void> {
    const site = await this.#known(engine);
    if (site === null) {
      // a start that was killed before it wrote what it had chosen
      if (purge) await rm(siteFolder(this.directory, engine.name), { recursive: true, force: true });
      return;
    }
    const alive = [...(await site.processes()).values()].filter((process) => process.alive);
    await stop(alive.map(({ record }) => record));
    await stop(await marked(site.folder));
    await site.clear({ purge });
    if (alive.length > 0) this.#say(`${engine.name}: down`);
  }

  async #statusOf(engine: Engine): Promise<EngineStatus> {
    const site = await this.#known(engine);
    const started = site ? await site.processes() : new Map<string, StartedProcess>();
    const base = { engine: engine.name, about: engine.about };
    if (site === null || ![...started.values()].some((process) => process.alive)) {
      const processes = site ? [...started.keys()].map((name) => notRunning(site, name, "died")) : [];
      return { ...base, state: "down", endpoints: null, processes };
    }
    const plans = (await engine.processes(site)).flat();
    const processes = await Promise.all(
      plans.map((plan) => processStatus(site, plan, started.get(plan.name))),
    );
    const state = processes.every((process) => process.state === "ready") ? "up" : "partly";
    return { ...base, state, endpoints: engine.endpoints(site), processes };
  }

  /** The place that a start gives an engine: where it runs, that which it has. */
  async #place(
    engine: Engine,
    { taken, options }: { taken: Set<number>; options: UpOptions },
  ): Promise<Site> {
    const known = await this.#known(engine);
    const asked = options.ports?.[engine.name] ?? {};
    const settings = chooseSettings(engine, options.settings?.[engine.name] ?? {});
    if (known && (await runs(known))) {
      const differs = Object.entries(asked).some(([role, port]) => known.ports[role] !== port);
      const given = Object.entries(options.settings?.[engine.name] ?? {});
      if (differs || given.some(([name, value]) => known.settings[name] !== value)) throw isUp(engine.name);
      return known;
    }
    const ports = await choosePorts({
      engine: engine.name,
      defaults: engine.ports,
      remembered: known?.ports ?? {},
      asked,
      policy: options.portPolicy ?? "fixed",
      taken,
    });
    return this.#site(engine, { ports, settings });
  }

  /** The place of an engine that was started once; null when it never was. */
  async #known(engine: Engine): Promise<Site | null> {
    const started = this.#sites.get(engine.name);
    if (started) return started;
    const state = await readState(siteFolder(this.directory, engine.name));
    return state && this.#site(engine, state);
  }

  #site(engine: Engine, state: SiteState): Site {
    const tools: Toolbox = {
      java: () => (this.#java ??= findJava()),
      jars: (pom) => resolveJars({ pom, cache: this.#jars, say: this.#say }),
      peer: async (name) => {
        const other = await this.#known(this.#engine(name));
        return other && (this.#sites.has(name) || (await runs(other))) ? other : null;
      },
    };
    return new Site(engine, this.directory, state, tools);
  }

  #engine(name: string): Engine {
    const engine = this.engines.find((one) => one.name === name);
    if (engine) return engine;
    throw unknownEngine(
      name,
      this.engines.map((one) => one.name),
    );
  }
}

async function runs(site: Site): Promise<boolean> {
  return [...(await site.processes()).values()].some((process) => process.alive);
}

function notAsked(engine: string): GridlakeError {
  return new GridlakeError("CLUSTER_NOT_STARTED_HERE", `${engine} is not among what is started`, {
    remedy: `name it too (--only ${engine}), or leave its ports and settings out`,
    details: { engine },
  });
}

function isUp(engine: string): GridlakeError {
  return new GridlakeError("CLUSTER_ENGINE_UP", `${engine} is up, with other ports or settings`, {
    remedy: `stop it first: ./gridlake cluster down --only ${engine}`,
    details: { engine },
  });
}
