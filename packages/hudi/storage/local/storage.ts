import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "@gridlake/kernel";
import type { Entry, FileStatus, StagedFile, Storage } from "../storage.ts";

/**
 * Tables on this machine's disk.
 * Create-if-absent is link(2) of a finished temporary file: link fails when the name exists, on every POSIX file system
 * and on NFS, and the name never stands for half a file. Durable is fsync of the file, then of its directory.
 */
export class LocalStorage implements Storage {
  uriOf(path: string): string {
    return `file:${path}`;
  }

  async list(directory: string): Promise<Entry[]> {
    const entries = await absent(readdir(directory, { withFileTypes: true }));
    return (entries ?? [])
      .filter((entry) => !entry.name.startsWith(TEMPORARY))
      .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
  }

  async status(path: string): Promise<FileStatus | null> {
    const found = await absent(stat(path));
    return found && { sizeBytes: found.size, modifiedMs: found.mtimeMs };
  }

  read(path: string): Promise<Buffer | null> {
    return absent(readFile(path));
  }

  async readRange(path: string, { from, length }: { from: number; length: number }): Promise<Buffer | null> {
    const file = await absent(open(path, "r"));
    if (file === null) return null;
    try {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, (await file.stat()).size - from)));
      let read = 0;
      while (read < bytes.length) {
        const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return bytes.subarray(0, read);
    } finally {
      await file.close();
    }
  }

  async createIfAbsent(path: string, bytes: Uint8Array, { durable = true } = {}): Promise<boolean> {
    const temporary = await writeTemporary(path, bytes, durable);
    try {
      await link(temporary, path);
    } catch (error) {
      if (hasCode(error, "EEXIST")) return false;
      throw error;
    } finally {
      await unlink(temporary);
    }
    if (durable) await this.syncDirectory(dirname(path));
    return true;
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = await writeTemporary(path, bytes, true);
    await rename(temporary, path);
    await this.syncDirectory(dirname(path));
  }

  async take(path: string): Promise<Buffer | null> {
    const mine = temporaryBeside(path);
    const moved = await absent(rename(path, mine).then(() => true));
    if (!moved) return null;
    const bytes = await readFile(mine);
    await unlink(mine);
    return bytes;
  }

  async rename(from: string, to: string): Promise<boolean> {
    return (await absent(rename(from, to).then(() => true))) ?? false;
  }

  async touch(path: string, modifiedMs: number): Promise<boolean> {
    const time = new Date(modifiedMs);
    return (await absent(utimes(path, time, time).then(() => true))) ?? false;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  async removeTree(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
  }

  async syncDirectory(directory: string): Promise<void> {
    await syncPath(directory);
  }

  async stage(path: string): Promise<StagedFile> {
    await mkdir(dirname(path), { recursive: true });
    // in place: base files are named for their instant, which no reader follows before its commit
    return {
      localPath: path,
      publish: async () => {
        await syncPath(path);
        const found = await stat(path);
        return { sizeBytes: found.size, modifiedMs: found.mtimeMs };
      },
      discard: () => rm(path, { force: true }),
    };
  }

  async localPaths(paths: readonly string[]): Promise<string[]> {
    return [...paths];
  }

  scoped<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

const TEMPORARY = ".tmp-";

function temporaryBeside(path: string): string {
  return join(dirname(path), TEMPORARY + randomUUID());
}

async function writeTemporary(path: string, bytes: Uint8Array, durable: boolean): Promise<string> {
  const temporary = temporaryBeside(path);
  let file = await absent(open(temporary, "wx"));
  if (file === null) {
    await mkdir(dirname(path), { recursive: true });
    file = await open(temporary, "wx");
  }
  try {
    await file.writeFile(bytes);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null in place of "no such file or directory". */
async function absent<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
