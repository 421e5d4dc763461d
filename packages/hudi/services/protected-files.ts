import { compactionPlan } from "../avro/compaction-plan.ts";
import { requestedReplace } from "../avro/requested-replace.ts";
import type { TableState } from "../table/table-state.ts";
import type { Action, Instant } from "../timeline/instant.ts";
import { readSavepoints } from "./savepoint/read.ts";

/** Files that no clean may take, however old they are. */
export interface ProtectedFiles {
  has(file: { partition: string; name: string }): boolean;
  /** The instant of the slice from which on a pending compaction needs this file group; null when none does. */
  compactedFrom(partition: string, fileId: string): string | null;
}

const COMPACTIONS: ReadonlySet<Action> = new Set<Action>(["compaction", "logcompaction"]);
/** In layout 1 a clustering is a replace commit with a plan. */
const CLUSTERINGS: ReadonlySet<Action> = new Set<Action>(["clustering", "replacecommit"]);

/** What savepoints have saved, and what compactions and clusterings under way are going to read. */
export async function protectedFiles(state: TableState): Promise<ProtectedFiles> {
  const names = new Set<string>();
  const add = (partition: string, path: string | null) => {
    if (path) names.add(keyOf(partition, path.slice(path.lastIndexOf("/") + 1)));
  };
  const compacted = new Map<string, string>();
  for (const { partitions } of await readSavepoints(state)) {
    for (const [partition, files] of partitions) for (const file of files) add(partition, file);
  }
  for (const pending of state.timeline.pending()) {
    const { bytes, path } = await planOf(state, pending);
    if (bytes === null || bytes.length === 0) continue;
    if (COMPACTIONS.has(pending.action)) {
      for (const one of (await compactionPlan.decode(bytes, path)).operations ?? []) {
        const partition = one.partitionPath ?? "";
        for (const file of [one.dataFilePath, ...(one.deltaFilePaths ?? [])]) add(partition, file);
        compacted.set(keyOf(partition, one.fileId ?? ""), one.baseInstantTime ?? "");
      }
    }
    if (CLUSTERINGS.has(pending.action)) {
      const { clusteringPlan } = await requestedReplace.decode(bytes, path);
      for (const slice of (clusteringPlan?.inputGroups ?? []).flatMap((group) => group.slices ?? [])) {
        for (const file of [slice.dataFilePath, ...(slice.deltaFilePaths ?? [])]) {
          add(slice.partitionPath ?? "", file);
        }
      }
    }
  }
  return {
    has: ({ partition, name }) => names.has(keyOf(partition, name)),
    compactedFrom: (partition, fileId) => compacted.get(keyOf(partition, fileId)) ?? null,
  };
}

const keyOf = (partition: string, name: string) => `${partition}/${name}`;

async function planOf(state: TableState, pending: Instant): Promise<{ bytes: Buffer | null; path: string }> {
  const path = state.instantPath({ ...pending, state: "requested" });
  const isPlanned = COMPACTIONS.has(pending.action) || CLUSTERINGS.has(pending.action);
  return { bytes: isPlanned ? await state.storage.read(path) : null, path };
}
