import { spawn } from "node:child_process";
import { open, rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import { forgetRecord, PRINT_START, type ProcessRecord, readRecord } from "./process-record.ts";

/** Names the engine's folder in the environment of all its processes, and so of whatever these start. */
export const MARK = "GRIDLAKE_CLUSTER_ENGINE";

/** Of our own environment an engine sees no more: a HADOOP_CONF_DIR of the user's must not lead it astray. */
const PASSED_ON = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ"];

/** How long a shell may take to write a record. */
const RECORD_LIMIT_MS = 10 * SECOND_MS;
const POLL_MS = 20;

export interface Started {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Its working folder, and what `MARK` names. */
  folder: string;
  logFile: string;
  recordFile: string;
}

/**
 * Starts a process that outlives ours, in a group of its own. The shell writes the record of its own pid and then becomes
 * the program, so whoever is killed whenever, a running process has its record.
 * @throws CLUSTER_NOT_STARTED
 */
export async function start(what: Started): Promise<ProcessRecord> {
  await forgetRecord(what.recordFile);
  await keepLast(what.logFile);
  const log = await open(what.logFile, "a");
  try {
    const script = `printf '%s %s\\n' "$$" "$(${PRINT_START})" > "$0.new" && mv "$0.new" "$0" && exec "$@"`;
    const child = spawn("/bin/sh", ["-c", script, what.recordFile, what.command, ...what.args], {
      cwd: what.folder,
      env: environment(what),
      stdio: ["ignore", log.fd, log.fd],
      detached: true,
    });
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    child.unref();
    return await Promise.race([recordOf(what), failed]);
  } catch (cause) {
    if (cause instanceof GridlakeError) throw cause;
    throw notStarted(what, cause);
  } finally {
    await log.close();
  }
}

export function environment({
  env,
  folder,
}: Pick<Started, "env" | "folder">): Readonly<Record<string, string>> {
  const own = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), ...env, [MARK]: folder };
}

async function recordOf(what: Started): Promise<ProcessRecord> {
  const deadline = performance.now() + RECORD_LIMIT_MS;
  for (;;) {
    const record = await readRecord(what.recordFile);
    if (record !== null) return record;
    if (performance.now() > deadline) throw notStarted(what, undefined);
    await sleep(POLL_MS);
  }
}

function notStarted({ command, logFile }: Started, cause: unknown): GridlakeError {
  return new GridlakeError("CLUSTER_NOT_STARTED", `${command} did not start`, {
    remedy: `see ${logFile}; the folder must be writable and /bin/sh there`,
    details: { command, logFile },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A log begins with its process; that of the one before is kept beside it. */
async function keepLast(logFile: string): Promise<void> {
  await rename(logFile, `${logFile}.1`).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT")) throw error;
  });
}
