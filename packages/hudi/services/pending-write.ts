import { requestedReplace } from "../avro/requested-replace.ts";
import { writerOf } from "../table/heartbeat.ts";
import type { TableState } from "../table/table-state.ts";
import type { Instant } from "../timeline/instant.ts";
import { groupKey } from "./compaction/pending.ts";

/** What is to be done about an unfinished instant before anything else is written. */
export type Fate = "leave" | "roll back" | "refuse";

/** To be asked under the table's lock. @throws HUDI_TIMELINE_CORRUPT */
export async function fateOf(state: TableState, pending: Instant): Promise<Fate> {
  const { action } = pending;
  // resumed by the next clean, which takes away what no reader needs; a savepoint that is not complete saves nothing
  if (action === "clean" || action === "savepoint") return "leave";
  if (action === "restore" || action === "indexing") return "refuse";
  const isCompaction = action === "compaction" || action === "logcompaction";
  if (isCompaction && pending.state === "requested") return "leave";
  const writer = await writerOf(state, pending.timestamp);
  if (writer === "alive") return "leave";
  if (!isCompaction && (await clusteringPlanOf(state, pending)) === null) return "roll back";
  // Another engine's services run without the lock, for long, and show no sign: that engine begins them anew itself
  return writer === "unknown" ? "leave" : "roll back";
}

/**
 * The file groups that clusterings under way, of whatever engine, are going to replace by what was in them when they were
 * planned, and by which, by `groupKey`.
 * @throws HUDI_TIMELINE_CORRUPT
 */
export async function clusteringAt(state: TableState): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const pending of state.timeline.pending()) {
    for (const { slices } of (await clusteringPlanOf(state, pending))?.inputGroups ?? []) {
      for (const { partitionPath, fileId } of slices ?? []) {
        found.set(groupKey({ partition: partitionPath ?? "", fileId: fileId ?? "" }), pending.timestamp);
      }
    }
  }
  return found;
}

/** In layout 1 a clustering is a replace commit with a plan. */
async function clusteringPlanOf(state: TableState, pending: Instant) {
  if (pending.action !== "clustering" && pending.action !== "replacecommit") return null;
  const path = state.instantPath({ ...pending, state: "requested" });
  const bytes = await state.storage.read(path);
  if (bytes === null || bytes.length === 0) return null;
  return (await requestedReplace.decode(bytes, path)).clusteringPlan;
}
