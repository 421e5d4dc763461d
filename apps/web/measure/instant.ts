import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@gridlake/kernel/units.ts";

/** How an instant is written: where the viewer is, in the viewer's language. */
export interface Place {
  locale: string;
  /** An IANA name, "Europe/London". */
  timeZone: string;
}

type Precision = "minute" | "second";

/** "14 Oct 2013, 15:32" in the viewer's time zone. */
export function instantText(instantMs: number, place: Place, precision: Precision = "minute"): string {
  return new Intl.DateTimeFormat(place.locale, {
    timeZone: place.timeZone,
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    ...(precision === "second" ? { second: "2-digit" as const } : {}),
    hourCycle: "h23",
  }).format(instantMs);
}

/** "15:32" in the viewer's time zone. */
export function clockText(instantMs: number, place: Place, precision: Precision = "minute"): string {
  return new Intl.DateTimeFormat(place.locale, {
    timeZone: place.timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(precision === "second" ? { second: "2-digit" as const } : {}),
    hourCycle: "h23",
  }).format(instantMs);
}

/** "14 Oct" in the viewer's time zone. */
export function dayText(instantMs: number, place: Place): string {
  return new Intl.DateTimeFormat(place.locale, {
    timeZone: place.timeZone,
    month: "short",
    day: "numeric",
  }).format(instantMs);
}

/** "14 Oct 2013", or short "14 Oct", for "2013-10-14": a calendar day as the platform counts it. */
export function calendarDayText(day: string, locale: string, length: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    ...(length === "long" ? { year: "numeric" as const } : {}),
    month: "short",
    day: "numeric",
  }).format(Date.parse(`${day}T00:00:00Z`));
}

/** "UTC+01:00" for the zone at that instant. */
export function zoneOffsetText(instantMs: number, timeZone: string): string {
  const part = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(instantMs)
    .find(({ type }) => type === "timeZoneName");
  const offset = (part?.value ?? "GMT").replace("GMT", "");
  return `UTC${offset === "" ? "+00:00" : offset}`;
}

const AGE_STEPS = [
  { unit: "second", ms: SECOND_MS, below: MINUTE_MS },
  { unit: "minute", ms: MINUTE_MS, below: HOUR_MS },
  { unit: "hour", ms: HOUR_MS, below: 2 * DAY_MS },
  { unit: "day", ms: DAY_MS, below: 730 * DAY_MS },
  { unit: "year", ms: 365.25 * DAY_MS, below: Infinity },
] as const;

/** "4 sec", "12 min", "3 hr": a span in its largest sensible unit, rounded down. */
export function spanText(spanMs: number, locale: string): string {
  const step = AGE_STEPS.find(({ below }) => Math.abs(spanMs) < below) ?? AGE_STEPS[4];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: step.unit,
    unitDisplay: "short",
    maximumFractionDigits: 0,
  }).format(Math.trunc(spanMs / step.ms));
}
