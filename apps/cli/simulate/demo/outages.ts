import { DAY_MS, MINUTE_MS } from "@gridlake/kernel";

/** A Monday; the demo's weeks and registers count from here. */
export const EPOCH_MS = Date.UTC(2024, 0, 1);
export const WEEK_MINUTES = 7 * 1_440;
/** How far back outages are told. */
const TOLD_MS = 7 * DAY_MS;

/** An outage of each day, at the same time every week: minutes of the week in [fromMinute, toMinute). */
export interface WeeklyOutage {
  scope: "transformer" | "device";
  element: string;
  fromMinute: number;
  toMinute: number;
  cause: string;
  planned: boolean;
}

const MAINTENANCE = { from: 130, minutes: 45 };
const BLOWN_FUSE = { from: 600, minutes: 60 };

/** Each day one transformer is switched off for maintenance, and one meter's fuse blows. */
export function weeklyOutages(grid: {
  transformers: readonly string[];
  devices: readonly string[];
}): WeeklyOutage[] {
  return Array.from({ length: 7 }, (_, day): WeeklyOutage[] => {
    const maintained = day * 1_440 + MAINTENANCE.from;
    const blown = day * 1_440 + BLOWN_FUSE.from;
    return [
      {
        scope: "transformer",
        element: grid.transformers[day % grid.transformers.length] ?? "",
        fromMinute: maintained,
        toMinute: maintained + MAINTENANCE.minutes,
        cause: "maintenance",
        planned: true,
      },
      {
        scope: "device",
        element: grid.devices[(day * 7) % grid.devices.length] ?? "",
        fromMinute: blown,
        toMinute: blown + BLOWN_FUSE.minutes,
        cause: "blown fuse",
        planned: false,
      },
    ];
  }).flat();
}

export function isOut(outages: readonly WeeklyOutage[], timeMs: number): boolean {
  const minute = Math.floor((timeMs - EPOCH_MS) / MINUTE_MS) % WEEK_MINUTES;
  return outages.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute);
}

/** The CSV rows of what began in the week before `nowMs`; what has not ended by then has no end yet. */
export function outageRows(outages: readonly WeeklyOutage[], nowMs: number): string[] {
  const weekMs = WEEK_MINUTES * MINUTE_MS;
  const week = Math.floor((nowMs - EPOCH_MS) / weekMs);
  const rows: string[] = [];
  for (const weekStartMs of [week - 1, week].map((number) => EPOCH_MS + number * weekMs)) {
    for (const { scope, element, fromMinute, toMinute, cause, planned } of outages) {
      const startedMs = weekStartMs + fromMinute * MINUTE_MS;
      const endedMs = weekStartMs + toMinute * MINUTE_MS;
      if (startedMs > nowMs || startedMs <= nowMs - TOLD_MS) continue;
      const started = new Date(startedMs).toISOString();
      const ended = endedMs > nowMs ? "" : new Date(endedMs).toISOString();
      rows.push(
        `O-${element}-${started.slice(0, 10)},${scope},${element},${started},${ended},${cause},${planned}`,
      );
    }
  }
  return ["outage,scope,element,started_at,ended_at,cause,planned", ...rows];
}
