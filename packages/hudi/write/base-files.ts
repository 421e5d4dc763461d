import { directoryOf, ensurePartition } from "../file-group/partition-metadata.ts";
import {
  type FileTask,
  nameFile,
  writeBaseFile,
  type WriteContext,
  type WrittenFile,
} from "./base-file-writer.ts";
import { leaveMarker } from "./marker.ts";

/** Writes the base files of an instant, durable; one after another, for a COPY uses all of DuckDB's threads. */
export async function writeBaseFiles(
  context: WriteContext,
  tasks: readonly FileTask[],
): Promise<WrittenFile[]> {
  const { instant } = context;
  return inPartitions(context, tasks, async () => {
    const written: WrittenFile[] = [];
    for (const [number, task] of tasks.entries()) {
      const named = nameFile(task, instant, number);
      await leaveMarker(context, {
        timestamp: instant,
        path: named.path,
        kind: task.previous ? "MERGE" : "CREATE",
      });
      written.push(await writeBaseFile(context, task, named));
    }
    return written;
  });
}

/** Makes the partitions that files are about to be written into, and makes the files' names durable. */
export async function inPartitions<R>(
  { storage, basePath, instant }: Pick<WriteContext, "storage" | "basePath" | "instant">,
  files: readonly { partition: string }[],
  write: () => Promise<R>,
): Promise<R> {
  const partitions = [...new Set(files.map(({ partition }) => partition))];
  for (const partition of partitions) await ensurePartition(storage, { basePath, partition, instant });
  const result = await write();
  for (const partition of partitions) await storage.syncDirectory(directoryOf(basePath, partition));
  return result;
}
