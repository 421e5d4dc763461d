import { readFile, readlink, rm } from "node:fs/promises";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hasCode, SECOND_MS } from "@gridlake/kernel";

/**
 * What tells one process from all others, also after its end: a pid is given out again, a pid with its start is not. Written by the
 * process itself before it becomes the engine (see `spawn.ts`), so there is no moment at which it runs unrecorded.
 */
export interface ProcessRecord {
  pid: number;
  /** On Linux the kernel's ticks since boot, else what ps says; only compared for equality. */
  startedAt: string;
}

const PS_LIMIT_MS = 5 * SECOND_MS;

/** Shell text that prints the start of the process `$$`; the same as `startOf` reads. */
export const PRINT_START = `if [ -r /proc/$$/stat ]; then sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20; else ps -o lstart= -p $$; fi`;

/** Null when the file is not there. A file that can't be read as a record is none. */
export async function readRecord(file: string): Promise<ProcessRecord | null> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (text === null) return null;
  const [pid = "", ...startedAt] = text.trim().split(" ");
  return /^\d+$/.test(pid) ? { pid: Number(pid), startedAt: startedAt.join(" ") } : null;
}

export async function forgetRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Whether this very process runs; a zombie does not. */
export async function isAlive(record: ProcessRecord): Promise<boolean> {
  return (await startOf(record.pid)) === record.startedAt;
}

/** When the process of this pid started; null when there is none, or only its remains. */
export async function startOf(pid: number): Promise<string | null> {
  if (await hasProc()) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch((error: unknown) => {
      if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return null;
      throw error;
    });
    if (stat === null) return null;
    // pid (name) state …: the name may hold spaces and brackets
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return isGone(fields) ? null : (fields[19] ?? null);
  }
  const ps = promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)], { timeout: PS_LIMIT_MS });
  // ps ends with 1 when there is no such process
  const { stdout } = await ps.catch(() => ({ stdout: "" }));
  return stdout.trim() || null;
}

/**
 * Only its remains: its first thread may have ended before the others, and as long as one of them lives, the process holds its ports
 * and files.
 */
function isGone([state = "", ...rest]: readonly string[]): boolean {
  const threads = Number(rest[16] ?? 0);
  return state === "X" || (state === "Z" && threads <= 1);
}

let proc: Promise<boolean> | undefined;

function hasProc(): Promise<boolean> {
  proc ??= readlink("/proc/self").then(
    () => true,
    () => false,
  );
  return proc;
}

/** Memory that it holds, in bytes; null where the system does not tell. */
export async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1_024;
}
