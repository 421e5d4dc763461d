import { rollBack } from "../services/rollback.ts";
import type { TableState } from "../table/table-state.ts";
import { WriteLock } from "../table/write-lock.ts";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import type { Instant } from "../timeline/instant.ts";
import type { Attempt } from "./attempt.ts";
import { checkConflicts, checkReserved, type Claim } from "./conflict.ts";
import { abandon, complete, type NewInstant, openInstant, prepare, type Written } from "./open-instant.ts";
import { type OptimisticTurn, type Turn, underLock } from "./turn.ts";

export type { Written } from "./open-instant.ts";
export { checkExtraMetadata, writeConflict } from "./refusals.ts";
export { underLock } from "./turn.ts";

export interface InstantOptions extends NewInstant {
  /** The right to write: the table's lock, or that of an optimistic turn. */
  held: Turn;
  /** What an optimistic write relies on beyond the file groups that it touches. @default nothing */
  claim?: Claim;
}

export interface WrittenInstant {
  instant: Instant;
  metadata: CommitMetadata;
}

/**
 * The one way in which a write becomes an instant: announced as requested and inflight, carried out by `work`, and seen by
 * readers once its completed file is there. If it fails before that, the next writer rolls it back.
 * @throws HUDI_METADATA_KEY, HUDI_WRITE_CONFLICT (after-refresh), HUDI_PENDING_ACTION and what `work` throws
 */
export function writeInstant(
  state: TableState,
  options: InstantOptions,
  work: (pending: Instant, attempt: Attempt) => Promise<Written>,
): Promise<WrittenInstant> {
  const { held } = options;
  return held instanceof WriteLock
    ? writeAlone(state, { ...options, held }, work)
    : writeBeside(state, { ...options, held }, work);
}

/** Others wait for the lock until it is done. */
async function writeAlone(
  state: TableState,
  options: NewInstant & { held: WriteLock },
  work: (pending: Instant, attempt: Attempt) => Promise<Written>,
): Promise<WrittenInstant> {
  const open = await openInstant(state, options, "exclusive");
  try {
    const written = await work({ ...open.requested, state: "inflight" }, open.attempt);
    await checkReserved(state, { requested: open.requested, written });
    await prepare(state, open, written);
    const instant = await complete(state, open, { written, held: options.held });
    return { instant, metadata: open.metadata };
  } catch (error) {
    await abandon(state, open);
    throw error;
  }
}

/** Others write meanwhile: it is complete only if, had it come after what they completed, it would have done the same. */
async function writeBeside(
  state: TableState,
  options: NewInstant & { held: OptimisticTurn; claim?: Claim },
  work: (pending: Instant, attempt: Attempt) => Promise<Written>,
): Promise<WrittenInstant> {
  const { held: turn, claim } = options;
  const { open, before } = await underLock(state, turn.lock, async () => ({
    before: state.timeline.writes().map(({ timestamp }) => timestamp),
    open: await openInstant(state, options, "optimistic"),
  }));
  const { requested } = open;
  try {
    const written = await work({ ...requested, state: "inflight" }, open.attempt);
    return await underLock(state, turn.lock, async (held) => {
      await prepare(state, open, written);
      try {
        await checkReserved(state, { requested, written });
        await checkConflicts(state, { ...turn, before }, { requested, written, claim });
      } catch (refusal) {
        // at once, while it is known to be ours to do
        open.heartbeat.halt();
        await rollBack(state, requested);
        throw refusal;
      }
      const instant = await complete(state, open, { written, held });
      return { instant, metadata: open.metadata };
    });
  } catch (error) {
    await abandon(state, open);
    throw error;
  }
}
