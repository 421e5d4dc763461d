import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { markerDirectory } from "../timeline/timeline.ts";

/** What a write is about to do with a file: make the first of its group, replace the one before, or add changes to it. */
export type MarkerKind = "CREATE" | "MERGE" | "APPEND";

export interface Marker {
  /** Of the file, relative to the table. */
  path: string;
  kind: MarkerKind;
}

const DIRECT = /^(.+)\.marker\.(CREATE|MERGE|APPEND)$/;
/** Where engines that leave their markers to a server keep them: so many per line, in any number of files. */
const SERVED = /^MARKERS\d+$/;
const SERVED_TYPE = "MARKERS.type";

/**
 * Says which file an instant is about to make. To be called before the file is begun: Hudi's own rollback looks for
 * these, and in table version 6 they alone tell whose a log file is.
 * @param file.path relative to the table
 */
export async function leaveMarker(
  { storage, basePath }: { storage: Storage; basePath: string },
  { timestamp, path, kind }: Marker & { timestamp: string },
): Promise<void> {
  const marker = `${markerDirectory(basePath, timestamp)}/${path}.marker.${kind}`;
  await storage.createIfAbsent(marker, Buffer.alloc(0), { durable: false });
}

/** Which files an instant was about to make, of whatever engine. @throws HUDI_TIMELINE_CORRUPT */
export async function readMarkers(
  { storage, basePath }: { storage: Storage; basePath: string },
  timestamp: string,
): Promise<Marker[]> {
  const root = markerDirectory(basePath, timestamp);
  const names: string[] = [];
  const directories = [""];
  for (let inner = directories.pop(); inner !== undefined; inner = directories.pop()) {
    for (const { name, isDirectory } of await storage.list(inner === "" ? root : `${root}/${inner}`)) {
      const path = inner === "" ? name : `${inner}/${name}`;
      if (isDirectory) directories.push(path);
      else if (!name.endsWith(".crc")) names.push(path);
    }
  }
  const found: Marker[] = [];
  for (const name of names) {
    if (name === SERVED_TYPE) continue;
    const lines = SERVED.test(name) ? await linesOf(storage, `${root}/${name}`) : [name];
    found.push(...lines.map((line) => parseMarker(line, `${root}/${name}`)));
  }
  return found;
}

async function linesOf(storage: Storage, path: string): Promise<string[]> {
  const text = (await storage.read(path))?.toString("utf8") ?? "";
  return text.split("\n").filter((line) => line !== "");
}

function parseMarker(text: string, file: string): Marker {
  const [, path, kind] = DIRECT.exec(text) ?? [];
  if (path !== undefined && kind !== undefined) return { path, kind: kind as MarkerKind };
  throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${file} does not say which file was about to be made`, {
    remedy: "roll the instant back with the engine that began it",
    details: { file, text },
  });
}
