import { readdir } from "node:fs/promises";
import { LocalStorage } from "../storage/local/storage.ts";
import type { Storage } from "../storage/storage.ts";
import { parseBaseFileName, parseLogFileName } from "../file-group/file-name.ts";
import { completedAction } from "../timeline/instant.ts";
import type { Layout } from "../timeline/layout.ts";

/** Where the table of a history lies. */
export interface HistoryPlace {
  storage: Storage;
  path: string;
  /** Every file and folder below it, relative, those too that the storage does not show. */
  names(): Promise<string[]>;
}

export function onLocalDisk(path: string): HistoryPlace {
  return { storage: new LocalStorage(), path, names: () => readdir(path, { recursive: true }) };
}

/**
 * What in a table's folder belongs to nothing that was completed: data files of no write, unfinished instants, locks and
 * temporary files.
 */
export async function strayFiles(
  place: HistoryPlace,
  { layout, written }: { layout: Layout; written: ReadonlySet<string> },
): Promise<string[]> {
  const names = await place.names();
  const instants = names.flatMap((name) => {
    const [folder, file] = [name.slice(0, name.lastIndexOf("/")), name.slice(name.lastIndexOf("/") + 1)];
    return folder === layout.folder ? (layout.parse(file) ?? []) : [];
  });
  const idOf = (instant: (typeof instants)[number]) =>
    `${instant.timestamp} ${completedAction(instant.action)}`;
  const completed = new Set(instants.filter(({ state }) => state === "completed").map(idOf));
  const unfinished = instants.filter((instant) => !completed.has(idOf(instant)));
  return [
    ...unfinished.map(({ timestamp, action, state }) => `${timestamp}.${action}.${state}`),
    ...names.filter((name) => {
      const file = name.slice(name.lastIndexOf("/") + 1);
      const isData = parseBaseFileName(file) !== null || parseLogFileName(file) !== null;
      return isData ? !written.has(file) : /\.lock$|\/lock$|\.tmp-/.test(name);
    }),
  ];
}
