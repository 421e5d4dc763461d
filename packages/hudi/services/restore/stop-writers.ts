import { giveUp } from "../../table/heartbeat.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Instant } from "../../timeline/instant.ts";
import { rollBack } from "../rollback.ts";
import { UNDONE } from "./undo.ts";

/**
 * Keeps whoever is at work from completing it: it may have read what is about to be undone, and would bring it back. Of
 * planned compactions those after the write go with the writes after it; to be called before these are undone.
 */
export async function stopWriters(state: TableState, to: Instant): Promise<void> {
  for (const pending of state.timeline.pending()) {
    const { action, timestamp } = pending;
    if (!UNDONE.has(action)) continue;
    if (action !== "compaction" && action !== "logcompaction") await rollBack(state, pending);
    else if (timestamp > to.timestamp) await giveUp(state, timestamp);
  }
  state.markStale();
  await state.refresh();
}
