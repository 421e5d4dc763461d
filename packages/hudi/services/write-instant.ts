import { GridlakeError } from "@gridlake/kernel";
import type { TableState } from "../table/table-state.ts";
import type { Instant } from "../timeline/instant.ts";
import { byCompletion } from "./clean/horizon.ts";
import { isSaved } from "./savepoint/read.ts";

/** The completed write of this timestamp on the active timeline; without one the newest. @throws HUDI_INSTANT_MISSING */
export function completedWrite({ timeline, basePath }: TableState, timestamp: string | undefined): Instant {
  const writes = byCompletion(timeline.writes());
  const found = timestamp === undefined ? writes.at(-1) : writes.find((one) => one.timestamp === timestamp);
  if (found) return found;
  throw new GridlakeError(
    "HUDI_INSTANT_MISSING",
    timestamp === undefined
      ? `nothing has been written to ${basePath}`
      : `${basePath} has no completed write ${timestamp}`,
    {
      remedy: "give the timestamp of a write on the active timeline",
      status: 404,
      details: { basePath, instant: timestamp ?? null },
    },
  );
}

/** @throws HUDI_INSTANT_CLEANED when files that the table had as of this write may be gone */
export async function requireFiles(state: TableState, { timestamp }: Instant): Promise<void> {
  const earliest = await state.earliestRetained();
  if (earliest === null || timestamp >= earliest || (await isSaved(state, timestamp))) return;
  throw new GridlakeError(
    "HUDI_INSTANT_CLEANED",
    `${state.basePath} is kept from ${earliest} on, not as of ${timestamp}`,
    {
      remedy: "choose a later write or a savepoint, and retain more when cleaning",
      status: 410,
      details: { basePath: state.basePath, instant: timestamp, earliest },
    },
  );
}
