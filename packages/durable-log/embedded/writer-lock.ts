import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GridlakeError } from "@gridlake/kernel";

/**
 * One writer for a folder. The lock is the kernel's, taken on `writer.lock` through SQLite's exclusive transaction:
 * it ends with its process however that dies, and pids of another container or a reused pid can't mislead it.
 * `writer.pid` only tells a refused second writer whom it met.
 */
export class WriterLock {
  readonly #holder: DatabaseSync;

  private constructor(holder: DatabaseSync) {
    this.#holder = holder;
  }

  /** @throws LOG_LOCKED with the pid of the process that writes */
  static take(dir: string): WriterLock {
    const pidFile = join(dir, "writer.pid");
    const holder = new DatabaseSync(join(dir, "writer.lock"));
    try {
      holder.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
    } catch (cause) {
      holder.close();
      if ((cause as { errcode?: unknown }).errcode !== SQLITE_BUSY) throw cause;
      const pid = writerPid(pidFile);
      throw new GridlakeError("LOG_LOCKED", `${dir} is being written by process ${pid ?? "(unknown)"}`, {
        remedy: "stop that process, or open the log for reading",
        retry: "later",
        details: { dir, pid },
        status: 503,
        cause,
      });
    }
    writeFileSync(pidFile, `${process.pid}\n`);
    return new WriterLock(holder);
  }

  release(): void {
    this.#holder.close();
  }
}

const SQLITE_BUSY = 5;

function writerPid(pidFile: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(pidFile, "utf8"), 10) || undefined;
  } catch {
    return undefined; // the writer has taken the lock and not yet written who it is
  }
}
