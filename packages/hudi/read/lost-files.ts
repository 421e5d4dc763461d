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

/** What the commits say they wrote, for each listing of the folders. */
const views = new WeakMap<FileSystemView, Promise<FileSystemView>>();

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
  let told = views.get(view);
  if (!told) {
    views.set(view, (told = toldBy(state, timeline.writes())));
    told.catch(() => views.delete(view));
  }
  const found = new Map(slices.map((slice) => [`${slice.partition}/${slice.fileId}`, slice]));
  for (const { partition, fileId, base, logs } of (await told).latestSlices(timeline, { asOf })) {
    const slice = found.get(`${partition}/${fileId}`);
    const replacedAt = view.replacedAt(fileId);
    const replaced = replacedAt === null ? null : timeline.completionOf(replacedAt);
    if (replaced !== null && replaced <= asOf) continue;
    const isThere = base === null || (slice?.base && slice.base.instant >= base.instant);
    if (!isThere) throw lost(state, base.path);
    // a newer base file holds what the logs held
    if (slice?.base && slice.base.instant > (base?.instant ?? "")) continue;
    const names = new Set(slice?.logs.map(({ name }) => name));
    const log = logs.find(({ name }) => !names.has(name));
    if (log) throw lost(state, log.path);
  }
}

async function toldBy(state: TableState, writes: readonly Instant[]): Promise<FileSystemView> {
  const view = new FileSystemView();
  for (const [timestamp, files] of await writtenFiles(state, writes)) view.apply(timestamp, files);
  return view;
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
