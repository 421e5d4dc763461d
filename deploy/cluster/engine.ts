import type { Site } from "./site.ts";

/**
 * An engine: what the launcher has to know to run it. Each is one file of this shape, `engines/<name>/engine.ts`, named in
 * `engines/index.ts`.
 */
export interface Engine {
  readonly name: string;
  /** For people, one line. */
  readonly about: string;
  /** Engines without which it does not start; they are started with it, before it. */
  readonly needs: readonly string[];
  /** Engines that it uses when the cluster has them; of those that are started together they come first. */
  readonly uses: readonly string[];
  /** Ports by their role: those it takes when nobody says otherwise. All on the loopback address. */
  readonly ports: Readonly<Record<string, number>>;
  /** Numbers a user may change; the unit ends the name: `heapMib`. */
  readonly settings: Readonly<Record<string, number>>;
  /** Where its users find it, by purpose: `{ webhdfs: "http://master:9870" }`. */
  endpoints(site: Site): Readonly<Record<string, string>>;
  /** Writes its configuration and formats its storage where that is new. Nothing of it runs then. */
  configure(site: Site): Promise<void>;
  /**
   * Its processes, in waves: those of a wave start side by side, once all of the wave before are ready. Changes nothing.
   * @throws when a tool that it needs is not there
   */
  processes(site: Site): Promise<readonly (readonly ProcessPlan[])[]>;
}

export interface ProcessPlan {
  /** Unique in the engine; names the log and the pid file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ready: Probe;
  /** How long until it must be ready. */
  readonly startLimitMs: number;
}

/** Null when it is ready, else what is missing, for people: "no answer from http://…". */
export type Probe = () => Promise<string | null>;
