import type { Storage } from "../storage/storage.ts";

/**
 * Hadoop's local file system keeps a checksum beside every file that it writes. One that outlives its file would make
 * whatever comes under the same name look corrupt to it.
 */
export async function removeWithChecksum(storage: Storage, path: string): Promise<void> {
  await storage.remove(path);
  await removeChecksum(storage, path);
}

export async function removeChecksum(storage: Storage, path: string): Promise<void> {
  const slash = path.lastIndexOf("/");
  await storage.remove(`${path.slice(0, slash)}/.${path.slice(slash + 1)}.crc`);
}
