import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@gridlake/kernel";
import { isGone, type ProcessIdentity, thisProcess } from "../../table/process-identity.ts";

interface Owner {
  pid: number;
  /** Null where the system does not tell. */
  identity: ProcessIdentity | null;
}

const OWNER = "owner.json";

/** Makes a folder that this process has to itself. It goes when the process is done, or dead and somebody looks. */
export async function makeProcessFolder(parent: string): Promise<string> {
  const owner: Owner = { pid: process.pid, identity: await thisProcess() };
  const name = randomUUID();
  const fresh = join(parent, `.${name}`);
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, OWNER), JSON.stringify(owner));
  const folder = join(parent, name);
  // under its name it has an owner from the beginning
  await rename(fresh, folder);
  return folder;
}

/** Removes what processes have left that are gone. */
export async function sweepProcessFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (!name.startsWith(".") && (await isAbandoned(folder))) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(join(folder, OWNER), "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return false; // being removed by another
    throw error;
  }
  const { pid, identity } = JSON.parse(text) as Owner;
  return identity ? isGone(identity) : !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}
