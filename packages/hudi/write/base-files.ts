import { MIB } from "@gridlake/kernel";
import { directoryOf, ensurePartition } from "../file-group/partition-metadata.ts";
import {
  type FileTask,
  nameFile,
  beginBaseFile,
  type WriteContext,
  type WrittenFile,
} from "./base-file-writer.ts";
import { writeBatch } from "./batch.ts";
import { overlapped } from "./side-by-side.ts";
import { leaveMarker } from "./marker.ts";

/** Up to this size of its predecessor, writing a file costs less than what a COPY costs by itself. */
const SMALL_FILE_BYTES = MIB;
/** Large files that are under way at once. */
const FILES_AT_ONCE = 3;
/** Fewer are not worth a batch. */
const LEAST_IN_BATCH = 4;
/** Below the 100 files that DuckDB keeps open. */
const MOST_IN_BATCH = 64;

/**
 * Writes the base files of an instant, durable: large ones one after another, for a COPY uses all of DuckDB's threads; of
 * small ones many with one COPY.
 */
export async function writeBaseFiles(
  context: WriteContext,
  tasks: readonly FileTask[],
): Promise<WrittenFile[]> {
  const { instant } = context;
  const named = tasks.map((task, number) => ({ task, named: nameFile(task, instant, number) }));
  return inPartitions(context, tasks, async () => {
    for (const { task, named: file } of named) {
      const kind = task.previous ? "MERGE" : "CREATE";
      await leaveMarker(context, { timestamp: instant, path: file.path, kind });
    }
    const written: WrittenFile[] = [];
    const small = named.filter(({ task }) => (task.previous?.sizeBytes ?? 0) <= SMALL_FILE_BYTES);
    const batched = small.length < LEAST_IN_BATCH ? [] : small;
    for (let at = 0; at < batched.length; at += MOST_IN_BATCH) {
      written.push(...(await writeBatch(context, batched.slice(at, at + MOST_IN_BATCH))));
    }
    const rest = new Set(named);
    for (const one of batched) rest.delete(one);
    // while one is made durable, DuckDB writes the next
    const large = await overlapped([...rest], FILES_AT_ONCE, ({ task, named: file }) =>
      beginBaseFile(context, task, file),
    );
    return [...written, ...large];
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
