import { DAY_MS, GridlakeError, HOUR_MS, MINUTE_MS } from "@gridlake/kernel";

/** Length of each step that a series can be asked for in; a day has 23 to 25 hours where the clocks change. */
export const STEP_MS = {
  minute: MINUTE_MS,
  "15min": 15 * MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
} as const;
export type Step = keyof typeof STEP_MS;

/** A calendar day, [fromMs, toMs). */
export interface GridDay {
  /** "2013-10-14" */
  day: string;
  fromMs: number;
  toMs: number;
}

/** More than the longest day, less than two of the shortest. */
const INTO_NEXT_DAY_MS = 30 * HOUR_MS;

/** The grid's time zone: where the models' hours and days begin (`window_start` in a model's SQL). */
export class GridZone {
  /** IANA name, "Asia/Shanghai". */
  readonly name: string;
  readonly #offset: Intl.DateTimeFormat;

  /** @throws ANALYTICS_ZONE_UNKNOWN */
  constructor(name: string) {
    this.name = name;
    try {
      this.#offset = new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" });
    } catch (cause) {
      throw new GridlakeError("ANALYTICS_ZONE_UNKNOWN", `there is no time zone ${name}`, {
        remedy: "give an IANA name, as Europe/London or Asia/Shanghai",
        cause,
      });
    }
  }

  /** What local time is ahead of UTC at an instant. */
  offsetMs(atMs: number): number {
    const text = this.#offset.formatToParts(atMs).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
    if (sign === undefined) return 0;
    return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
  }

  /** Start of the step that holds an instant. */
  startOf(step: Step, atMs: number): number {
    const stepMs = STEP_MS[step];
    const localMs = atMs + this.offsetMs(atMs);
    const localStartMs = Math.floor(localMs / stepMs) * stepMs;
    const startMs = localStartMs - this.offsetMs(atMs);
    // the clocks may have changed since: then the day began at the offset that held at its beginning
    return step === "day" ? localStartMs - this.offsetMs(startMs) : startMs;
  }

  /** Start of the step after the one that begins at `startMs`. */
  after(step: Step, startMs: number): number {
    return step === "day" ? this.startOf("day", startMs + INTO_NEXT_DAY_MS) : startMs + STEP_MS[step];
  }

  /** The day that holds an instant. */
  dayOf(atMs: number): GridDay {
    const fromMs = this.startOf("day", atMs);
    const day = new Date(fromMs + this.offsetMs(fromMs)).toISOString().slice(0, 10);
    return { day, fromMs, toMs: this.after("day", fromMs) };
  }

  /** The day of that name, "2013-10-14". */
  dayNamed(day: string): GridDay {
    const noonMs = Date.parse(`${day}T12:00:00Z`);
    return this.dayOf(noonMs - this.offsetMs(noonMs));
  }
}
