import { GridlakeError } from "@gridlake/kernel";
import type { FileSlice } from "../file-group/file-slice.ts";
import { FileSystemView } from "../file-group/file-system-view.ts";
import type { TableState } from "../table/table-state.ts";
import type { Instant } from "../timeline/instant.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { writtenFiles } from "./written-files.ts";

/** What a table is known to hold at one moment. */
export interface Sight {
  timeline: Timeline;
  view: FileSystemView;
}

/** What the commits say they wrote. */
interface Told {
  view: FileSystemView;
  /** Of each log file the first write into it, by its name. */
  firstWrites: ReadonlyMap<string, string>;
}

/** For each listing of the folders. */
const tables = new WeakMap<FileSystemView, Promise<Told>>();

/**
 * A listing of folders does not tell that a file is gone: its file group would be read as it was before, or not at all. So
 * what is about to be read is held against what the commits on the active timeline say they wrote, once per listing;
 * files that came later came with their commits.
 * @throws HUDI_FILE_MISSING naming the file
 */
export async function checkNothingLost(
  state: TableState,
  { timeline, view }: Sight,
  { slices, asOf }: { slices: readonly FileSlice[]; asOf: string },
): Promise<void> {
  let telling = tables.get(view);
  if (!telling) {
    tables.set(view, (telling = toldBy(state, timeline.writes())));
    telling.catch(() => tables.delete(view));
  }
  const told = await telling;
  const found = new Map(slices.map((slice) => [`${slice.partition}/${slice.fileId}`, slice]));
  for (const { partition, fileId, base, logs } of told.view.latestSlices(timeline, { asOf })) {
    const slice = found.get(`${partition}/${fileId}`);
    const replacedAt = view.replacedAt(fileId);
    const replaced = replacedAt === null ? null : timeline.completionOf(replacedAt);
    if (replaced !== null && replaced <= asOf) continue;
    const isThere = base === null || (slice?.base && slice.base.instant >= base.instant);
    if (!isThere) throw lost(state, base.path);
    // a newer base file holds what the logs held
    if (slice?.base && slice.base.instant > (base?.instant ?? "")) continue;
    const names = new Set(slice?.logs.map(({ name }) => name));
    // up to version 6 a log file has the instant of its base in its name, and may come long after
    const isBy = (name: string) => (timeline.completionOf(told.firstWrites.get(name) ?? "") ?? "") <= asOf;
    const log = logs.find(({ name }) => !names.has(name) && isBy(name));
    if (log) throw lost(state, log.path);
  }
}

async function toldBy(state: TableState, writes: readonly Instant[]): Promise<Told> {
  const view = new FileSystemView();
  const firstWrites = new Map<string, string>();
  for (const [timestamp, files] of await writtenFiles(state, writes)) {
    view.apply(timestamp, files);
    for (const { path, logFiles } of Object.values(files.partitionToWriteStats).flat()) {
      for (const name of [path, ...(logFiles ?? [])].map((one) => one.slice(one.lastIndexOf("/") + 1))) {
        if (!firstWrites.has(name)) firstWrites.set(name, timestamp);
      }
    }
  }
  return { view, firstWrites };
}

function lost({ basePath }: TableState, path: string): GridlakeError {
  return new GridlakeError(
    "HUDI_FILE_MISSING",
    `${basePath} has lost ${path}, which a commit says it wrote`,
    {
      remedy:
        "if a clean took it, ask for a later instant; else restore the file, or the table to an earlier instant",
      retry: "after-refresh",
      details: { basePath, path },
    },
  );
}
