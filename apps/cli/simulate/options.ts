import { DAY_MS, GridlakeError, SECOND_MS } from "@gridlake/kernel";
import { parseTimeMs } from "./series/point.ts";

/** What a run over a series takes. Fractions are of 1: 0.02 is two percent. */
export interface SimulateOptions {
  /** A CSV file, `.gz` too. */
  series: string;
  /** @default "csv" */
  format?: "csv" | "uci";
  /** @default "time" */
  timeColumn?: string;
  /** In watts. @default "watts" */
  valueColumn?: string;
  /** @default 100 */
  meters?: number;
  /** @default 5, at most as many as meters */
  feeders?: number;
  /** Series seconds a real second; 0 is as fast as the platform takes it. @default 0 */
  speed?: number;
  /** How far a meter's load strays from the series. @default 0.1 */
  noise?: number;
  /** Readings that come late, up to two hours of series time. @default 0 */
  late?: number;
  /** Readings sent twice: half as they were, half corrected under a higher `seq`. @default 0 */
  duplicates?: number;
  /** The part of the series, [from, from + days) or [from, until); texts as in the file. @default all */
  from?: string;
  until?: string;
  days?: number;
  /** Moves the series, so that its first point falls on this instant (RFC 3339). @default not moved */
  startAt?: string;
  /** Seconds between two readings of a meter; energy counts every point. @default the series' own */
  intervalSeconds?: number;
  /** @default 1 */
  seed?: number;
  /** Readings a request. @default 1000 */
  batch?: number;
  /** Readings a second at most; 0 is no limit. @default 0 */
  maxRate?: number;
  /** Requests at one time. @default 4 */
  maxInFlight?: number;
  /** Where a JSON report with the expected registers goes. @default none */
  report?: string;
}

/** The options of a run, whole and checked. */
export interface RunPlan {
  meters: number;
  feeders: number;
  speed: number;
  noise: number;
  late: number;
  duplicates: number;
  fromMs: number | null;
  untilMs: number | null;
  days: number | null;
  startAtMs: number | null;
  intervalMs: number | null;
  seed: number;
  batch: number;
  maxRate: number;
  maxInFlight: number;
}

const MOST_METERS = 1_000_000;
const MOST_BATCH = 50_000;

/** @throws SIMULATE_OPTION_INVALID naming the option. */
export function planRun(options: SimulateOptions): RunPlan {
  const meters = within("meters", options.meters ?? 100, { min: 1, max: MOST_METERS, whole: true });
  if (options.days !== undefined && options.until !== undefined) {
    throw invalid("days", options.days, "leave out one of days and until");
  }
  return {
    meters,
    feeders: within("feeders", options.feeders ?? Math.min(5, meters), { min: 1, max: meters, whole: true }),
    speed: within("speed", options.speed ?? 0, { min: 0, max: 1e9 }),
    noise: within("noise", options.noise ?? 0.1, { min: 0, max: 1 }),
    late: within("late", options.late ?? 0, { min: 0, max: 1 }),
    duplicates: within("duplicates", options.duplicates ?? 0, { min: 0, max: 1 }),
    fromMs: instant("from", options.from),
    untilMs: instant("until", options.until),
    days: options.days === undefined ? null : within("days", options.days, { min: 1 / 1440, max: 36_500 }),
    startAtMs: instant("startAt", options.startAt),
    intervalMs:
      options.intervalSeconds === undefined
        ? null
        : within("intervalSeconds", options.intervalSeconds, {
            min: 1,
            max: DAY_MS / SECOND_MS,
            whole: true,
          }) * SECOND_MS,
    seed: within("seed", options.seed ?? 1, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }),
    batch: within("batch", options.batch ?? 1_000, { min: 1, max: MOST_BATCH, whole: true }),
    maxRate: within("maxRate", options.maxRate ?? 0, { min: 0, max: 1e9 }),
    maxInFlight: within("maxInFlight", options.maxInFlight ?? 4, { min: 1, max: 256, whole: true }),
  };
}

function within(name: string, value: number, bounds: { min: number; max: number; whole?: boolean }): number {
  const { min, max, whole = false } = bounds;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw invalid(name, value, `give a ${whole ? "whole " : ""}number from ${min} to ${max}`);
}

function instant(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const timeMs = parseTimeMs(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00` : text);
  if (timeMs === null) throw invalid(name, text, "give a date or an instant, such as 2013-10-01T00:00:00Z");
  return timeMs;
}

function invalid(name: string, value: unknown, remedy: string): GridlakeError {
  return new GridlakeError("SIMULATE_OPTION_INVALID", `${name} is ${String(value)}`, {
    remedy,
    details: { option: name, value },
    status: 400,
  });
}
