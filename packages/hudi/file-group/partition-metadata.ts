import type { Storage } from "../storage/storage.ts";

export const PARTITION_FILE = ".hoodie_partition_metadata";

/** Marks a folder as a partition of its table, as every Hudi reader that lists folders expects; "" is the table's own. */
export async function ensurePartition(
  storage: Storage,
  where: { basePath: string; partition: string; instant: string },
): Promise<void> {
  const { basePath, partition, instant } = where;
  const depth = partition === "" ? 0 : partition.split("/").length;
  const text = `#partition metadata\ncommitTime=${instant}\npartitionDepth=${depth}\n`;
  const isNew = await storage.createIfAbsent(
    `${directoryOf(basePath, partition)}/${PARTITION_FILE}`,
    Buffer.from(text),
    {
      durable: false, // the partition's directory is synced once its files are there
    },
  );
  if (isNew && partition !== "") await storage.syncDirectory(basePath);
}

export function directoryOf(basePath: string, partition: string): string {
  return partition === "" ? basePath : `${basePath}/${partition}`;
}
