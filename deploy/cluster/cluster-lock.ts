import { randomUUID } from "node:crypto";
import { link, mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GridlakeError, hasCode } from "@gridlake/kernel";
import { isAlive, readRecord, startOf } from "./process/process-record.ts";

/**
 * Runs `work` while no other process changes the cluster. A lock of a process that has died is taken over.
 * @throws CLUSTER_BUSY
 */
export async function withClusterLock<T>(cluster: string, work: () => Promise<T>): Promise<T> {
  await mkdir(cluster, { recursive: true });
  const file = join(cluster, "lock");
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)}\n`);
  try {
    if (!(await linked(mine, file))) {
      await clearIfDead(file);
      if (!(await linked(mine, file))) throw busy(file, await readRecord(file));
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
    await removeIfEmpty(cluster);
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].some((code) => hasCode(error, code))) throw error;
  });
}

/** Whether the name could be made: of many that try, one can. */
async function linked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function clearIfDead(file: string): Promise<void> {
  const owner = await readRecord(file);
  if (owner === null || (await isAlive(owner))) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  // what was moved may be the lock of one who was faster: back with it
  const moved = await readRecord(aside);
  if (moved && (await isAlive(moved))) await linked(aside, file);
  await rm(aside, { force: true });
}

function busy(file: string, owner: { pid: number } | null): GridlakeError {
  return new GridlakeError(
    "CLUSTER_BUSY",
    `another command changes this cluster${owner ? ` (process ${owner.pid})` : ""}`,
    { remedy: "wait for its end", retry: "later", details: { file } },
  );
}
