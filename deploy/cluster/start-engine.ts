import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import type { ProcessPlan } from "./engine.ts";
import { lastLines } from "./process/log-tail.ts";
import { forgetRecord, isAlive, type ProcessRecord } from "./process/process-record.ts";
import { start } from "./process/spawn.ts";
import { stop } from "./process/stop.ts";
import type { Site } from "./site.ts";

const POLL_MS = 200;
/** Of the log of a process that failed, so many lines are shown. */
const SHOWN_LINES = 20;

interface Running {
  plan: ProcessPlan;
  record: ProcessRecord;
}

/**
 * Starts those of an engine's processes that do not run, and waits until all are ready. If one is not, those that this call has
 * started are stopped again; the logs stay.
 * @returns how many it has started
 * @throws CLUSTER_PROCESS_DIED, CLUSTER_START_TIMEOUT, CLUSTER_START_CANCELLED, CLUSTER_NOT_STARTED
 */
export async function startEngine(
  site: Site,
  waves: readonly (readonly ProcessPlan[])[],
  signal?: AbortSignal,
): Promise<number> {
  const fresh: Running[] = [];
  const there = await site.processes();
  try {
    for (const wave of waves) {
      const running: Running[] = [];
      for (const plan of wave) {
        const known = there.get(plan.name);
        const record = known?.alive ? known.record : await startProcess(site, plan);
        if (!known?.alive) fresh.push({ plan, record });
        running.push({ plan, record });
      }
      await Promise.all(running.map((one) => untilReady(site, one, signal)));
    }
    return fresh.length;
  } catch (error) {
    await stop(fresh.map(({ record }) => record));
    for (const { plan } of fresh) await forgetRecord(site.recordFile(plan.name));
    throw error;
  }
}

function startProcess(site: Site, { name, command, args, env = {} }: ProcessPlan): Promise<ProcessRecord> {
  return start({
    command,
    args,
    env,
    folder: site.folder,
    logFile: site.logFile(name),
    recordFile: site.recordFile(name),
  });
}

async function untilReady(site: Site, { plan, record }: Running, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + plan.startLimitMs;
  for (;;) {
    const missing = await plan.ready();
    // the order matters: what answers may be another's process that took the port
    if (!(await isAlive(record))) throw await failure(site, plan, "CLUSTER_PROCESS_DIED", "ended");
    if (missing === null) return;
    if (signal?.aborted) throw cancelled(site, plan);
    if (performance.now() > deadline) {
      const what = `is not ready after ${plan.startLimitMs / SECOND_MS} s (${missing})`;
      throw await failure(site, plan, "CLUSTER_START_TIMEOUT", what);
    }
    await sleep(POLL_MS);
  }
}

async function failure(site: Site, plan: ProcessPlan, code: string, what: string): Promise<GridlakeError> {
  const log = site.logFile(plan.name);
  const lines = await lastLines(log, SHOWN_LINES);
  const said = lines.length === 0 ? ["its log is empty"] : ["the end of its log:", ...lines];
  return new GridlakeError(
    code,
    [`${site.engine.name}: ${plan.name} ${what}; ${said[0]}`, ...said.slice(1)].join("\n  "),
    {
      remedy: `see ${log}`,
      retry: "later",
      details: { engine: site.engine.name, process: plan.name, log },
    },
  );
}

function cancelled(site: Site, plan: ProcessPlan): GridlakeError {
  return new GridlakeError(
    "CLUSTER_START_CANCELLED",
    `${site.engine.name}: the start was cancelled while ${plan.name} was not ready`,
    { remedy: "what was up before it stays up: ./gridlake cluster down ends it" },
  );
}
