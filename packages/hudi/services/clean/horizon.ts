import { GridlakeError, HOUR_MS, MINUTE_MS } from "@gridlake/kernel";
import type { TableState } from "../../table/table-state.ts";
import { type Action, formatInstant, type Instant } from "../../timeline/instant.ts";

/** How much of the past stays readable; at most one of them. */
export interface Retention {
  /** Readers of the table as of any of so many newest commits find their files. At least 1. @default 10 */
  retainCommits?: number;
  /** Readers of the table as it was at any time of so many last hours find their files. Above 0. */
  retainHours?: number;
  /** So many newest versions of every file group stay. At least 1. */
  retainVersions?: number;
}

/** Up to where files go: those that no reader as of this write needs, or all but so many versions. */
export type Horizon =
  | { policy: "KEEP_LATEST_COMMITS" | "KEEP_LATEST_BY_HOURS"; earliest: Instant | null }
  | { policy: "KEEP_LATEST_FILE_VERSIONS"; versions: number };

const DEFAULT_RETAIN_COMMITS = 10;
const WRITES: ReadonlySet<Action> = new Set<Action>([
  "commit",
  "deltacommit",
  "replacecommit",
  "compaction",
  "logcompaction",
  "clustering",
]);

/** @throws HUDI_CLEAN_POLICY for two policies at once, or a number out of its range */
export function horizonOf(state: TableState, retention: Retention): Horizon {
  const { retainCommits, retainHours, retainVersions } = retention;
  const said = Object.entries({ retainCommits, retainHours, retainVersions }).filter(
    (pair): pair is [string, number] => pair[1] !== undefined,
  );
  for (const [name, value] of said) {
    if (
      name === "retainHours" ? value > 0 && Number.isFinite(value) : Number.isSafeInteger(value) && value > 0
    )
      continue;
    throw refused(`${name} is ${value}`, name === "retainHours" ? "a number of hours above 0" : "1 or more");
  }
  if (said.length > 1)
    throw refused(`a clean is given ${said.map(([name]) => name).join(" and ")}`, "one of them");
  if (retainVersions !== undefined) return { policy: "KEEP_LATEST_FILE_VERSIONS", versions: retainVersions };
  const writes = byCompletion(state.timeline.writes());
  const earliest =
    retainHours === undefined
      ? writes.at(-(retainCommits ?? DEFAULT_RETAIN_COMMITS))
      : writes.findLast((write) => completionOf(write) <= hoursAgo(state, retainHours));
  return {
    policy: retainHours === undefined ? "KEEP_LATEST_COMMITS" : "KEEP_LATEST_BY_HOURS",
    earliest: earliest === undefined ? null : beforePending(state, writes, earliest),
  };
}

/** A write under way may be reading the files as of its beginning: those stay. */
function beforePending(state: TableState, writes: readonly Instant[], earliest: Instant): Instant | null {
  const begun = state.timeline.pending().find((instant) => WRITES.has(instant.action));
  if (begun === undefined || earliest.timestamp < begun.timestamp) return earliest;
  return writes.findLast(({ timestamp }) => timestamp < begun.timestamp) ?? null;
}

export function byCompletion(writes: readonly Instant[]): Instant[] {
  return writes.toSorted((a, b) => (completionOf(a) < completionOf(b) ? -1 : 1));
}

export const completionOf = ({ timestamp, completedAt }: Instant) => completedAt ?? timestamp;

/** As the table's timeline spells it: Hudi's default is the local time of the machine that writes. */
function hoursAgo({ clock, config }: TableState, hours: number): string {
  const atMs = clock.nowMs() - hours * HOUR_MS;
  const isUtc = config.properties.get("hoodie.table.timeline.timezone")?.toUpperCase() === "UTC";
  return formatInstant(isUtc ? atMs : atMs - new Date(atMs).getTimezoneOffset() * MINUTE_MS);
}

function refused(message: string, wanted: string): GridlakeError {
  return new GridlakeError("HUDI_CLEAN_POLICY", message, { remedy: `give ${wanted}`, status: 400 });
}
