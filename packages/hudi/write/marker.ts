import type { Storage } from "../storage/storage.ts";
import { markerDirectory } from "../timeline/timeline.ts";

/** What a write is about to do with a file: make the first of its group, replace the one before, or add changes to it. */
export type MarkerKind = "CREATE" | "MERGE" | "APPEND";

/**
 * Says which file an instant is about to make. To be called before the file is begun: Hudi's own rollback looks for
 * these, and in table version 6 they alone tell whose a log file is.
 * @param file.path relative to the table
 */
export async function leaveMarker(
  { storage, basePath }: { storage: Storage; basePath: string },
  { timestamp, path, kind }: { timestamp: string; path: string; kind: MarkerKind },
): Promise<void> {
  const marker = `${markerDirectory(basePath, timestamp)}/${path}.marker.${kind}`;
  await storage.createIfAbsent(marker, Buffer.alloc(0), { durable: false });
}
