import { readdir } from "node:fs/promises";
import { parseBaseFileName, parseLogFileName } from "../file-group/file-name.ts";
import { completedAction } from "../timeline/instant.ts";
import type { Layout } from "../timeline/layout.ts";

/**
 * What in a table's folder belongs to nothing that was completed: data files of no write, unfinished instants, locks and
 * temporary files.
 */
export async function strayFiles(
  path: string,
  { layout, written }: { layout: Layout; written: ReadonlySet<string> },
): Promise<string[]> {
  const names = await readdir(path, { recursive: true });
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
