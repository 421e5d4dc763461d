import type { ProcessPlan } from "./engine.ts";
import { residentBytes } from "./process/process-record.ts";
import type { Site, StartedProcess } from "./site.ts";

export interface ProcessStatus {
  name: string;
  /** `died`: it was started, and ended without having been told to. */
  state: "ready" | "starting" | "died" | "stopped";
  /** Null when it does not run. */
  pid: number | null;
  /** Null when it does not run, or the system does not tell. */
  residentBytes: number | null;
  /** What it waits for, when it is starting. */
  missing: string | null;
  logFile: string;
}

export interface EngineStatus {
  engine: string;
  about: string;
  /** `partly`: some of its processes are not ready. */
  state: "up" | "partly" | "down";
  /** Null when it is down. */
  endpoints: Readonly<Record<string, string>> | null;
  processes: readonly ProcessStatus[];
}

/** Of one process, asked now. */
export async function processStatus(
  site: Site,
  plan: ProcessPlan,
  started: StartedProcess | undefined,
): Promise<ProcessStatus> {
  if (!started?.alive) return notRunning(site, plan.name, started ? "died" : "stopped");
  const { pid } = started.record;
  const [missing, bytes] = await Promise.all([plan.ready(), residentBytes(pid)]);
  return {
    name: plan.name,
    state: missing === null ? "ready" : "starting",
    pid,
    residentBytes: bytes,
    missing,
    logFile: site.logFile(plan.name),
  };
}

export function notRunning(site: Site, name: string, state: "died" | "stopped"): ProcessStatus {
  return { name, state, pid: null, residentBytes: null, missing: null, logFile: site.logFile(name) };
}
