import { readFile, readlink } from "node:fs/promises";
import { hasCode } from "@gridlake/kernel";

/** A process that others of the same machine can look for. */
export interface ProcessIdentity {
  /** Boot of the machine and pid namespace: only there does the pid mean this process. */
  machine: string;
  pid: number;
  /** When it started, in the kernel's ticks since boot: a pid may be given out again. */
  startedAt: string;
}

/** This process; null where the system does not tell (not Linux). */
export async function thisProcess(): Promise<ProcessIdentity | null> {
  const [machine, startedAt] = await Promise.all([thisMachine(), startOf("self")]);
  return machine === null || startedAt === null ? null : { machine, pid: process.pid, startedAt };
}

/** True only when it is certain that the process is gone; false also for one of another machine. */
export async function isGone(identity: ProcessIdentity): Promise<boolean> {
  if ((await thisMachine()) !== identity.machine) return false;
  return (await startOf(String(identity.pid))) !== identity.startedAt;
}

async function thisMachine(): Promise<string | null> {
  const boot = await absent(readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const namespace = await absent(readlink("/proc/self/ns/pid"));
  return boot === null || namespace === null ? null : `${boot.trim()}/${namespace}`;
}

async function startOf(pid: string): Promise<string | null> {
  const stat = await absent(readFile(`/proc/${pid}/stat`, "utf8"));
  // pid (name) state … ; the name may hold spaces and brackets, the 20th field after it is the start
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
}

async function absent<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return null;
    throw error;
  }
}
