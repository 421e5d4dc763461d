import type { TableState } from "../table/table-state.ts";

/** A file that a service takes away, or would on a dry run. */
export interface RemovedFile {
  /** Relative to the table. */
  path: string;
  sizeBytes: number;
}

/** How many files are asked for their size at once. */
const SIZES_AT_ONCE = 16;

/** These files with their sizes; a file that is gone already is passed over. */
export async function removedFiles(
  { storage, basePath }: TableState,
  files: readonly { path: string; sizeBytes: number | null }[],
): Promise<RemovedFile[]> {
  const found: RemovedFile[] = [];
  for (let at = 0; at < files.length; at += SIZES_AT_ONCE) {
    const some = await Promise.all(
      files.slice(at, at + SIZES_AT_ONCE).map(async ({ path, sizeBytes }) => ({
        path,
        sizeBytes: sizeBytes ?? (await storage.status(`${basePath}/${path}`))?.sizeBytes ?? null,
      })),
    );
    for (const { path, sizeBytes } of some) if (sizeBytes !== null) found.push({ path, sizeBytes });
  }
  return found;
}

export const totalBytes = (files: readonly RemovedFile[]): number =>
  files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
