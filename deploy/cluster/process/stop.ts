import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import { isAlive, type ProcessRecord, startOf } from "./process-record.ts";
import { MARK } from "./spawn.ts";

/** How long a process may take to end by itself; then it is killed. */
export const STOP_LIMIT_MS = 20 * SECOND_MS;
/** How long the system may take to remove a killed process. */
const KILL_LIMIT_MS = 10 * SECOND_MS;
const POLL_MS = 50;

/** Ends these processes, asked first, then killed. @throws CLUSTER_NOT_STOPPED */
export async function stop(records: readonly ProcessRecord[], limitMs = STOP_LIMIT_MS): Promise<void> {
  let left = await living(records);
  for (const { pid } of left) send(pid, "SIGTERM");
  left = await gone(left, limitMs);
  for (const { pid } of left) send(-pid, "SIGKILL");
  left = await gone(left, KILL_LIMIT_MS);
  if (left.length === 0) return;
  const pids = left.map((record) => record.pid);
  throw new GridlakeError("CLUSTER_NOT_STOPPED", `processes ${pids.join(", ")} do not end`, {
    remedy: "see what they wait for (a disk that hangs?); they were sent SIGKILL",
    details: { pids },
  });
}

/**
 * The processes that carry an engine's mark: what its processes started and left behind, such as a container of YARN's,
 * or one whose record was lost. Only where the system shows environments (Linux); elsewhere none.
 */
export async function marked(folder: string): Promise<ProcessRecord[]> {
  const names = await readdir("/proc").catch(() => []);
  const wanted = `${MARK}=${folder}`;
  const found: ProcessRecord[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    // processes of other users can't be read, and are not ours
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    if (!environment.split("\0").includes(wanted)) continue;
    const startedAt = await startOf(Number(name));
    if (startedAt !== null) found.push({ pid: Number(name), startedAt });
  }
  return found;
}

async function living(records: readonly ProcessRecord[]): Promise<ProcessRecord[]> {
  const alive = await Promise.all(records.map(isAlive));
  return records.filter((_, index) => alive[index]);
}

/** Those that are still there after the limit. */
async function gone(records: readonly ProcessRecord[], limitMs: number): Promise<ProcessRecord[]> {
  const deadline = performance.now() + limitMs;
  let left = await living(records);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    left = await living(left);
  }
  return left;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // a group exists as long as its leader; a leader that is no leader of a group is killed alone
    if (!hasCode(error, "ESRCH")) throw error;
    if (pid < 0) send(-pid, signal);
  }
}
