import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { GridlakeError, hasCode, MIB } from "@gridlake/kernel";
import type { Engine, ProcessPlan } from "./engine.ts";
import { hostsFile, type Node } from "./hosts.ts";
import type { Java } from "./java/java.ts";
import { lastLines } from "./process/log-tail.ts";
import { isAlive, type ProcessRecord, readRecord } from "./process/process-record.ts";
import { environment } from "./process/spawn.ts";

/** What all engines of a cluster share. */
export interface Toolbox {
  java(): Promise<Java>;
  /** The folder with the jars of a pom file. */
  jars(pom: string): Promise<string>;
  /** Another engine of the cluster: one that is up, or is started with this one. */
  peer(name: string): Promise<Site | null>;
}

/** What an engine was started with; kept, because its data may hold its addresses. */
export interface SiteState {
  ports: Readonly<Record<string, number>>;
  settings: Readonly<Record<string, number>>;
}

export interface StartedProcess {
  record: ProcessRecord;
  alive: boolean;
}

const RECORD = ".pid";
const LOG = ".log";
const ONCE_OUTPUT_BYTES = 16 * MIB;
const SHOWN_LINES = 20;

/**
 * The place of an engine: `<cluster>/<engine>/`, with
 *   site.json            ports and settings of the last start
 *   conf/ tmp/ run/      written at a start, removed by a stop
 *   logs/ data/          kept until they are purged
 */
export class Site {
  readonly engine: Engine;
  readonly folder: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, number>>;
  readonly #cluster: string;
  readonly #tools: Toolbox;

  constructor(engine: Engine, cluster: string, state: SiteState, tools: Toolbox) {
    this.engine = engine;
    this.folder = siteFolder(cluster, engine.name);
    this.#cluster = cluster;
    this.ports = state.ports;
    this.settings = state.settings;
    this.#tools = tools;
  }

  get conf(): string {
    return join(this.folder, "conf");
  }
  get data(): string {
    return join(this.folder, "data");
  }
  get tmp(): string {
    return join(this.folder, "tmp");
  }
  get logs(): string {
    return join(this.folder, "logs");
  }

  logFile(process: string): string {
    return join(this.logs, process + LOG);
  }

  recordFile(process: string): string {
    return join(this.#run, process + RECORD);
  }

  get #run(): string {
    return join(this.folder, "run");
  }

  port(role: string): number {
    const port = this.ports[role];
    if (port === undefined) throw new Error(`${this.engine.name} has no port ${role}`);
    return port;
  }

  setting(name: string): number {
    const value = this.settings[name];
    if (value === undefined) throw new Error(`${this.engine.name} has no setting ${name}`);
    return value;
  }

  java(): Promise<Java> {
    return this.#tools.java();
  }

  jars(pom: string): Promise<string> {
    return this.#tools.jars(pom);
  }

  peer(name: string): Promise<Site | null> {
    return this.#tools.peer(name);
  }

  async makeFolders(): Promise<void> {
    for (const folder of [this.conf, this.data, this.tmp, this.logs, this.#run]) {
      await mkdir(folder, { recursive: true });
    }
  }

  /** A file of its configuration; folders are made. @returns its path */
  async configFile(name: string, text: string): Promise<string> {
    const path = join(this.conf, name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  async writeState(): Promise<void> {
    const file = stateFile(this.folder);
    const state: SiteState = { ports: this.ports, settings: this.settings };
    await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
    await rename(`${file}.new`, file);
  }

  /** Runs a program of the engine to its end, such as the formatting of a disk. @throws CLUSTER_STEP_FAILED */
  async runOnce(
    name: string,
    {
      command,
      args,
      env = {},
      limitMs,
    }: Omit<ProcessPlan, "name" | "ready" | "startLimitMs"> & { limitMs: number },
  ): Promise<void> {
    const log = this.logFile(name);
    const options = {
      cwd: this.folder,
      env: environment({ env, folder: this.folder }),
      timeout: limitMs,
      maxBuffer: ONCE_OUTPUT_BYTES,
    };
    try {
      const { stdout, stderr } = await promisify(execFile)(command, args, options);
      await writeFile(log, stdout + stderr);
    } catch (cause) {
      const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
      await writeFile(log, stdout + stderr);
      throw await this.#stepFailed(name, log, cause);
    }
  }

  async #stepFailed(name: string, log: string, cause: unknown): Promise<GridlakeError> {
    const lines = await lastLines(log, SHOWN_LINES);
    return new GridlakeError(
      "CLUSTER_STEP_FAILED",
      [`${this.engine.name}: ${name} failed; its last words:`, ...lines].join("\n  "),
      { remedy: `see ${log}`, details: { engine: this.engine.name, step: name, log }, cause },
    );
  }

  /** For the JVMs of a node: the names that they know. */
  hostsFile(node: Node): string {
    return hostsFile(this.#cluster, node);
  }

  /** The processes that were started and not stopped, by name; one that is not alive has ended without being told to. */
  async processes(): Promise<Map<string, StartedProcess>> {
    const names = await readdir(this.#run).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    });
    const found = new Map<string, StartedProcess>();
    for (const name of names.filter((file) => file.endsWith(RECORD)).sort()) {
      const record = await readRecord(join(this.#run, name));
      if (record) found.set(name.slice(0, -RECORD.length), { record, alive: await isAlive(record) });
    }
    return found;
  }

  /** Of the processes and steps that have a log. */
  async logNames(): Promise<string[]> {
    const names = await readdir(this.logs).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    });
    return names
      .filter((name) => name.endsWith(LOG))
      .map((name) => name.slice(0, -LOG.length))
      .sort();
  }

  /** What a stopped engine leaves: its data and logs, or with `purge` nothing. */
  async clear({ purge }: { purge: boolean }): Promise<void> {
    const gone = purge ? [this.folder] : [this.conf, this.tmp, this.#run];
    for (const folder of gone) await rm(folder, { recursive: true, force: true });
  }
}

export function siteFolder(cluster: string, engine: string): string {
  return join(cluster, engine);
}

function stateFile(folder: string): string {
  return join(folder, "site.json");
}

/** Of the last start; null when there was none. @throws CLUSTER_STATE */
export async function readState(folder: string): Promise<SiteState | null> {
  const file = stateFile(folder);
  try {
    return JSON.parse(await readFile(file, "utf8")) as SiteState;
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw new GridlakeError("CLUSTER_STATE", `${file} can't be read`, {
      remedy: "remove it: the engine then starts with its default ports",
      details: { file },
      cause,
    });
  }
}
