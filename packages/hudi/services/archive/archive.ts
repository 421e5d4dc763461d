import type { TableState } from "../../table/table-state.ts";
import type { LockOptions } from "../../table/write-lock.ts";
import type { Action, Instant } from "../../timeline/instant.ts";
import { asService } from "../service-lock.ts";
import { archivable } from "./archivable.ts";
import { archivedTimelineOf } from "./archived-timeline.ts";
import { removeInstants } from "./instant-files.ts";
import { finishRollbacks, removeOtherAttempts } from "./left-behind.ts";

export interface ArchiveOptions {
  /** So many of the newest instants stay. At least 1. @default 100 */
  minInstants?: number;
  /** Nothing is archived until there are more than so many. @default 400 */
  maxInstants?: number;
  /** Tell what would go, and leave it. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface ArchiveResult {
  /** How many instants are taken from the active timeline. */
  instants: number;
  /** Which, oldest first. */
  archived: readonly { timestamp: string; action: Action }[];
}

const DEFAULT_MIN = 100;
const DEFAULT_MAX = 400;
/** How many instants one archive file takes: what is read and held in memory at once. */
const INSTANTS_PER_FILE = 500;

/**
 * Moves the oldest instants from the active timeline, which every commit and every read lists, to the archived one. The
 * table's rows don't change.
 * @throws HUDI_WRITE_CONFLICT (after-refresh), HUDI_TIMELINE_CORRUPT
 */
export async function archive(state: TableState, options: ArchiveOptions = {}): Promise<ArchiveResult> {
  const min = Math.max(1, options.minInstants ?? DEFAULT_MIN);
  const max = Math.max(min, options.maxInstants ?? DEFAULT_MAX);
  await state.refresh();
  if (state.timeline.instants.length <= max) return resultOf([]);
  if (options.dryRun) return resultOf(await archivable(state, min));
  return asService(state, options.lock, async () => {
    await finishRollbacks(state, state.timeline.completed());
    const instants = await archivable(state, min);
    await removeOtherAttempts(state, instants);
    const archived = archivedTimelineOf(state);
    for (let at = 0; at < instants.length; at += INSTANTS_PER_FILE) {
      const some = instants.slice(at, at + INSTANTS_PER_FILE);
      const known = await archived.known(some);
      const news = some.filter(({ timestamp }) => !known.has(timestamp));
      if (news.length > 0) await archived.append(news);
      await removeInstants(state, some);
    }
    if (instants.length > 0) await archived.tidy();
    await state.refresh();
    return resultOf(instants);
  });
}

function resultOf(instants: readonly Instant[]): ArchiveResult {
  return {
    instants: instants.length,
    archived: instants.map(({ timestamp, action }) => ({ timestamp, action })),
  };
}
