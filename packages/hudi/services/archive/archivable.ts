import type { TableState } from "../../table/table-state.ts";
import type { Action, Instant } from "../../timeline/instant.ts";
import { beforeStrays } from "./left-behind.ts";

const WRITES: ReadonlySet<Action> = new Set<Action>(["commit", "deltacommit", "replacecommit"]);
/** Besides writes. What a restore did stays on the active timeline: Hudi's archive has no place for it. */
const OTHERS: ReadonlySet<Action> = new Set<Action>(["clean", "rollback"]);

/**
 * The instants that may leave the active timeline, oldest first, so that at least `min` stay. A file counts as committed
 * when it is older than the active timeline. That is why instants go oldest first, and why none goes past one that is
 * unfinished or saved, that a clean retained, or that still hides replaced files.
 */
export async function archivable(state: TableState, min: number): Promise<Instant[]> {
  const { timeline } = state;
  const retained = await state.earliestRetained();
  // without the clean that says so, nobody would know from when on the table can be read as it was
  const telling = retained === null ? null : await state.cleanThatRetained(retained);
  const limit = [
    timeline.writes().at(-1)?.timestamp ?? "",
    timeline.instants.find(({ action }) => action === "savepoint")?.timestamp,
    beforePending(timeline.instants),
    beforeStrays(state),
    retained,
  ].filter((time): time is string => typeof time === "string");
  const found: Instant[] = [];
  for (const instant of timeline.instants.slice(0, -min)) {
    const isWrite = WRITES.has(instant.action);
    if (instant.state !== "completed") break;
    if (limit.some((time) => instant.timestamp >= time && (isWrite || time !== retained))) break;
    if (instant.action === "replacecommit" && (await hidesFiles(state, instant))) break;
    if ((isWrite || OTHERS.has(instant.action)) && instant.timestamp !== telling) found.push(instant);
  }
  return found;
}

/**
 * The last write before a write that is under way: while it is there, the unfinished one is not older than all completed
 * writes, which would make its files look committed to other engines.
 */
function beforePending(instants: readonly Instant[]): string | undefined {
  const pending = instants.find(({ state, action }) => state !== "completed" && action !== "clean");
  if (pending === undefined) return undefined;
  const before = instants.filter(
    ({ timestamp, state, action }) =>
      state === "completed" && WRITES.has(action) && timestamp < pending.timestamp,
  );
  return before.at(-1)?.timestamp;
}

/** Whether files are left that this replace commit took away: without it they would be read again. */
async function hidesFiles(state: TableState, instant: Instant): Promise<boolean> {
  const { partitionToReplaceFileIds } = await state.metadataOf(instant);
  return Object.entries(partitionToReplaceFileIds ?? {}).some(([partition, ids]) =>
    ids.some((id) => state.view.group(partition, id) !== null),
  );
}
