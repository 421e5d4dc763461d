// Instants in the grid's time zone. An instant is a TIMESTAMP(6) that shows UTC; the session's time zone is UTC and has
// no say. CONVERT_TZ goes by java.util's calendar, which takes a time that the clocks show twice for the second one and
// one that they skip for the hour after it, as DuckDB's ICU does.

import type { WindowUnit } from "../../ir/expression.ts";
import { text } from "./quote.ts";
import type { ZoneHistory } from "./zone-history.ts";

const HOUR_MINUTES = 60;
/** Every zone's clocks stand a whole number of quarters of an hour from UTC. */
const QUARTER_MINUTES = 15;
/** More than any instant of a topic lies before 1970. */
const DAYS_TO_THE_EPOCH = 7_305;
/** A window of the settled era begins in it. */
const LONGEST_WINDOW_MS = 367 * 24 * 3_600_000;

/** The start of the window that holds the instant; see `WindowStartExpr`. */
export function windowStartSql(
  instant: string,
  { count, unit }: { count: number; unit: WindowUnit },
  zone: ZoneHistory,
): string {
  if (unit === "day" || unit === "month" || unit === "year") return calendarStart(instant, unit, zone);
  const minutes = unit === "hour" ? HOUR_MINUTES : count;
  const phase = phaseOf(minutes, zone);
  if (phase !== null) return minuteStart(instant, minutes, phase);
  const clock = `CAST(SUBSTRING(${clockText(instant, zone)}, 15, 2) AS INT)`;
  const general = back(`FLOOR(${instant} TO MINUTE)`, `MOD(${clock}, ${minutes})`);
  return sinceSettled(instant, zone, general, (settled) =>
    minuteStart(instant, minutes, mod(settled, minutes)),
  );
}

/** The day of the instant on the grid's calendar: `2013-10-01`. */
export function localDaySql(instant: string, zone: ZoneHistory): string {
  const general = `SUBSTRING(${clockText(instant, zone)}, 1, 10)`;
  return sinceSettled(
    instant,
    zone,
    general,
    (settled) => `DATE_FORMAT(${shifted(instant, settled)}, 'yyyy-MM-dd')`,
  );
}

/** Minutes since midnight by the grid's clock, as BIGINT. */
export function minuteOfDaySql(instant: string, zone: ZoneHistory): string {
  const general = `SUBSTRING(${clockText(instant, zone)}, 12, 5)`;
  const clock = sinceSettled(
    instant,
    zone,
    general,
    (settled) => `DATE_FORMAT(${shifted(instant, settled)}, 'HH:mm')`,
  );
  return `(CAST(SUBSTRING(${clock}, 1, 2) AS BIGINT) * 60 + CAST(SUBSTRING(${clock}, 4, 2) AS BIGINT))`;
}

/** A Monday before any instant of a topic. */
const FIRST_MONDAY = "1969-12-29";

/** The day of the week on the grid's calendar, 1 for Monday, as BIGINT: counted, for DAYOFWEEK begins with Sunday. */
export function dayOfWeekSql(instant: string, zone: ZoneHistory): string {
  const midnight = `CAST(${localDaySql(instant, zone)} || ' 00:00:00' AS TIMESTAMP(6))`;
  const days = `TIMESTAMPDIFF(DAY, TIMESTAMP '${FIRST_MONDAY} 00:00:00', ${midnight})`;
  return `CAST(MOD(${days}, 7) + 1 AS BIGINT)`;
}

/** Whole seconds from one instant to another, as BIGINT; counted by way of minutes, for a count of Flink's is an INT. */
export function secondsBetweenSql(from: string, to: string): string {
  const minutes = `TIMESTAMPDIFF(MINUTE, FLOOR(${from} TO MINUTE), FLOOR(${to} TO MINUTE))`;
  return `(CAST(${minutes} AS BIGINT) * 60 + ${secondOf(to)} - ${secondOf(from)})`;
}

function secondOf(instant: string): string {
  return `TIMESTAMPDIFF(SECOND, FLOOR(${instant} TO MINUTE), FLOOR(${instant} TO SECOND))`;
}

/** The instant so many seconds later; whole days first, for what is added is an INT. */
export function addSecondsSql(instant: string, seconds: string): string {
  const [days, rest] = [`CAST(${seconds} / 86400 AS INT)`, `CAST(MOD(${seconds}, 86400) AS INT)`];
  return `TIMESTAMPADD(SECOND, ${rest}, TIMESTAMPADD(DAY, ${days}, ${instant}))`;
}

/** By how many minutes the clock of the zone is ahead of UTC's within a window; null where that changes. */
function phaseOf(minutes: number, { offsets }: ZoneHistory): number | null {
  if (QUARTER_MINUTES % minutes === 0) return 0;
  const phases = new Set(offsets.map((offset) => (offset === null ? null : mod(offset, minutes))));
  const [phase = null] = phases;
  return phases.size === 1 ? phase : null;
}

function minuteStart(instant: string, minutes: number, phase: number): string {
  if (minutes === HOUR_MINUTES && phase === 0) return `FLOOR(${instant} TO HOUR)`;
  const floor = `FLOOR(${instant} TO MINUTE)`;
  if (minutes === 1) return floor;
  // before 1970 EXTRACT gives the minute of another instant; some days later the clock shows the same
  const minute = `EXTRACT(MINUTE FROM TIMESTAMPADD(DAY, ${DAYS_TO_THE_EPOCH}, ${instant}))`;
  return back(floor, `MOD(${phase === 0 ? minute : `${minute} + ${phase}`}, ${minutes})`);
}

function calendarStart(instant: string, unit: "day" | "month" | "year", zone: ZoneHistory): string {
  const clock = clockText(instant, zone);
  const midnight = {
    day: `SUBSTRING(${clock}, 1, 10) || ' 00:00:00'`,
    month: `SUBSTRING(${clock}, 1, 7) || '-01 00:00:00'`,
    year: `SUBSTRING(${clock}, 1, 4) || '-01-01 00:00:00'`,
  }[unit];
  const general = `CAST(CONVERT_TZ(${midnight}, ${text(zone.timeZone)}, 'UTC') AS TIMESTAMP(6))`;
  return sinceSettled(instant, zone, general, (settled) => {
    const local = shifted(instant, settled);
    // FLOOR to a month goes up before 1970
    const start =
      unit === "day"
        ? `FLOOR(${local} TO DAY)`
        : `CAST(DATE_FORMAT(${local}, '${unit === "month" ? "yyyy-MM-01" : "yyyy-01-01"} 00:00:00') AS TIMESTAMP(6))`;
    return shifted(start, -settled);
  });
}

/** What the grid's clock shows, to the second: `2013-10-01 06:15:00`. */
function clockText(instant: string, zone: ZoneHistory): string {
  return `CONVERT_TZ(DATE_FORMAT(${instant}, 'yyyy-MM-dd HH:mm:ss'), 'UTC', ${text(zone.timeZone)})`;
}

/** `general` for the instants before the zone's clocks came to rest, plain arithmetic for those after. */
function sinceSettled(
  instant: string,
  { settled }: ZoneHistory,
  general: string,
  plain: (minutes: number) => string,
): string {
  if (settled === null) return general;
  if (settled.fromMs === null) return plain(settled.minutes);
  const from = new Date(settled.fromMs + LONGEST_WINDOW_MS).toISOString().slice(0, 10);
  return `CASE WHEN ${instant} >= TIMESTAMP '${from} 00:00:00' THEN ${plain(settled.minutes)} ELSE ${general} END`;
}

function shifted(instant: string, minutes: number): string {
  return minutes === 0 ? instant : `TIMESTAMPADD(MINUTE, ${minutes}, ${instant})`;
}

function back(instant: string, minutes: string): string {
  return `TIMESTAMPADD(MINUTE, CAST(- ${minutes} AS INT), ${instant})`;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
