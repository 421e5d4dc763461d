import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import type { Storage } from "../storage/storage.ts";
import { isGone, type ProcessIdentity, thisProcess } from "../table/process-identity.ts";
import { HOODIE } from "../timeline/layout.ts";

/** A folder on the disk where a storage's staged files are, for what is written before an instant begins. */
export interface Scratch {
  readonly localPath: string;
  /** Never fails. */
  dispose(): Promise<void>;
}

const PREFIX = "scratch-";

/**
 * Makes a new scratch folder for a table. Those of processes of this machine that are gone are removed.
 */
export async function scratchOf(storage: Storage, basePath: string): Promise<Scratch> {
  const parent = `${basePath}/${HOODIE}/.temp`;
  for (const { name } of await storage.list(parent)) {
    const owner = ownerOf(name);
    if (owner && (await isGone(owner))) await storage.removeTree(`${parent}/${name}`);
  }
  const owner = Buffer.from(JSON.stringify(await thisProcess())).toString("base64url");
  const path = `${parent}/${PREFIX}${owner}.${randomUUID()}`;
  const staged = await storage.stage(path);
  await mkdir(staged.localPath);
  return {
    localPath: staged.localPath,
    dispose: async () => {
      try {
        await rm(staged.localPath, { recursive: true, force: true });
        await staged.discard();
      } catch {
        // the commit it was for stands or has failed already, and is not to be told wrong; what is left goes once this process is gone
        return;
      }
    },
  };
}

/** Null for what is no scratch folder, and for one whose process could not tell who it is. */
function ownerOf(name: string): ProcessIdentity | null {
  if (!name.startsWith(PREFIX)) return null;
  const [owner = ""] = name.slice(PREFIX.length).split(".");
  try {
    return JSON.parse(Buffer.from(owner, "base64url").toString("utf8")) as ProcessIdentity | null;
  } catch {
    return null;
  }
}
