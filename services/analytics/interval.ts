import { GridlakeError, HOUR_MS } from "@gridlake/kernel";
import { STEP_MS, type GridZone, type Step } from "./grid-zone.ts";
import { instantOf } from "./instant.ts";

/** Most points of one series; 5000 minutes are about three and a half days. */
export const MAX_POINTS = 5_000;

/** [fromMs, toMs), both on a boundary of the step in the grid's time zone. */
export interface Interval {
  fromMs: number;
  toMs: number;
}

interface Asked {
  from?: string;
  to?: string;
  step: Step;
  /** Length when `from` is not given. */
  defaultMs: number;
  /** The newest event; null when there is no data. */
  newestMs: number | null;
}

/**
 * The interval asked for, widened to whole steps. Without `to` it ends with the step of the newest event; without
 * `from` it begins `defaultMs` before its end. Null when an end is missing and there is no data to take it from.
 * @throws ANALYTICS_INTERVAL_INVALID, ANALYTICS_INTERVAL_EMPTY, ANALYTICS_TOO_MANY_POINTS
 */
export function intervalOf(asked: Asked, zone: GridZone): Interval | null {
  const { step, newestMs } = asked;
  const startOf = (atMs: number): number => zone.startOf(step, atMs);
  const newestEndMs = newestMs === null ? null : zone.after(step, startOf(newestMs));
  const to = asked.to === undefined ? newestEndMs : instant("to", asked.to);
  if (to === null) return null;
  const toMs = startOf(to) === to ? to : zone.after(step, startOf(to));
  const fromMs = startOf(asked.from === undefined ? toMs - asked.defaultMs : instant("from", asked.from));
  if (fromMs >= toMs) {
    throw new GridlakeError(
      "ANALYTICS_INTERVAL_EMPTY",
      `[${instantOf(fromMs)}, ${instantOf(toMs)}) holds no step of ${asked.step}`,
      { status: 400, remedy: "give a from that is before to", details: { from: fromMs, to: toMs } },
    );
  }
  const points = Math.round((toMs - fromMs) / STEP_MS[step]);
  if (points > MAX_POINTS) throw tooManyPoints(asked.step, points);
  return { fromMs, toMs };
}

function instant(name: "from" | "to", text: string): number {
  const epochMs = Date.parse(text);
  if (Number.isNaN(epochMs)) {
    throw new GridlakeError("ANALYTICS_INTERVAL_INVALID", `${name} is no instant: ${text}`, {
      status: 400,
      remedy: "write it as 2013-10-14T00:00:00Z",
      details: { [name]: text },
    });
  }
  return epochMs;
}

function tooManyPoints(step: Step, points: number): GridlakeError {
  const lengthMs = points * STEP_MS[step];
  const coarser = (Object.keys(STEP_MS) as Step[]).find((name) => lengthMs / STEP_MS[name] <= MAX_POINTS);
  const longest = `an interval of at most ${Math.floor((MAX_POINTS * STEP_MS[step]) / HOUR_MS)} h`;
  return new GridlakeError(
    "ANALYTICS_TOO_MANY_POINTS",
    `${points} points of ${step} were asked for, ${MAX_POINTS} is the most`,
    {
      status: 400,
      remedy: coarser === undefined ? `ask for ${longest}` : `ask for steps of ${coarser}, or for ${longest}`,
      details: { points, maxPoints: MAX_POINTS, step },
    },
  );
}
