import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { GridlakeError, hasCode } from "@gridlake/kernel";

/** Reading a lock, finding its process gone and taking it over may race with another start: try again, not for ever. */
const ATTEMPTS = 3;

/**
 * Keeps a second platform off a data directory. The lock names its process, so that one that was killed does not keep
 * the next from starting.
 * @throws PLATFORM_RUNNING
 */
export function lockPlatform(path: string): { release(): void } {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const file = openSync(path, "wx", 0o640);
      writeSync(file, `${process.pid}\n`);
      closeSync(file);
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    if (isRunning(pid)) throw running(path, pid);
    rmSync(path, { force: true });
  }
  throw running(path, Number.NaN);
}

/** The process that holds the lock, or null. */
export function lockHolder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return isRunning(pid) ? pid : null;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function running(path: string, pid: number): GridlakeError {
  return new GridlakeError("PLATFORM_RUNNING", `process ${pid} runs on this data directory (${path})`, {
    remedy: "stop it, or start on another directory with --data DIR",
    details: { pid, path },
  });
}
