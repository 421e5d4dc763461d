import type { Row, Serving } from "@gridlake/pipeline";
import type { ServiceApp } from "@gridlake/service-kit";
import { DAY_MS } from "@gridlake/kernel";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { STEP_MS } from "./grid-zone.ts";
import { instantOf, instantSchema } from "./instant.ts";
import { intervalOf, MAX_POINTS, type Interval } from "./interval.ts";
import { requireKnown } from "./register.ts";
import { numberOf, textOf } from "./value.ts";

/** Most feeders of one answer, each a series of its own. */
export const MAX_CURVES = 12;
const DEFAULT_SPAN_MS = DAY_MS;

const CurveStep = Type.Union([Type.Literal("minute"), Type.Literal("15min"), Type.Literal("hour")], {
  default: "minute",
  description: "length of a point's window",
});

const Point = Type.Object({
  windowStart: instantSchema("start of the window; it covers [windowStart, windowStart + step)"),
  activePowerW: Type.Number({ description: "mean over the window's minutes of the load in W" }),
  peakPowerW: Type.Number({ description: "the highest minute of the window, in W" }),
  devices: Type.Integer({ description: "devices heard in the minute that heard most" }),
});

const LoadCurve = Type.Object({
  step: CurveStep,
  from: Type.Union([instantSchema("first instant, inclusive"), Type.Null()]),
  to: Type.Union([instantSchema("last instant, exclusive"), Type.Null()], {
    description: "null, like from, when there is no data to take the interval from",
  }),
  series: Type.Array(
    Type.Object({
      feeder: Type.Union([Type.String(), Type.Null()], { description: "null: all feeders, summed" }),
      points: Type.Array(Point, { description: "by windowStart; windows without a reading are left out" }),
    }),
  ),
});

export function loadCurveRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/load-curve",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "loadCurve",
        summary: "Active power of feeders over [from, to)",
        description:
          `The interval is widened to whole steps; the answer says which it was. At most ${MAX_POINTS} points a ` +
          "series (ANALYTICS_TOO_MANY_POINTS). By default the last 24 h of data, which end with the minute of the " +
          "newest reading, not with the wall clock. The newest minute may still be filling.",
        querystring: Type.Object({
          feeder: Type.Optional(
            Type.Array(Type.String({ maxLength: 64 }), {
              maxItems: MAX_CURVES,
              description: "one series each, in this order; absent: one series of all feeders, summed",
            }),
          ),
          from: Type.Optional(instantSchema("first instant, inclusive. Default: 24 h before `to`")),
          to: Type.Optional(
            instantSchema("last instant, exclusive. Default: end of the newest reading's step"),
          ),
          step: CurveStep,
        }),
        response: { 200: LoadCurve },
      },
    },
    async ({ query }) => {
      const newestMs = await ports.newest.ms();
      const interval = intervalOf({ ...query, defaultMs: DEFAULT_SPAN_MS, newestMs }, ports.zone);
      const feeders = [...new Set(query.feeder)];
      const curves = new Map<string | null, Point[]>(
        feeders.length === 0 ? [[null, []]] : feeders.map((feeder) => [feeder, []]),
      );
      if (interval !== null) {
        const stepMs = STEP_MS[query.step];
        // in most zones 0; where local hours begin at another minute than UTC's, so do the windows
        const shiftMs = ports.zone.offsetMs(interval.fromMs) % stepMs;
        for (const row of await curveRows(ports.serving, { ...interval, stepMs, shiftMs, feeders })) {
          curves.get(feeders.length === 0 ? null : textOf(row, "feeder"))?.push(pointOf(row));
        }
      }
      for (const feeder of feeders) {
        if (curves.get(feeder)?.length === 0) await requireKnown(ports.serving, "feeder", feeder);
      }
      return {
        step: query.step,
        from: interval === null ? null : instantOf(interval.fromMs),
        to: interval === null ? null : instantOf(interval.toMs),
        series: [...curves].map(([feeder, points]) => ({ feeder, points })),
      };
    },
  );
}

type Point = ReturnType<typeof pointOf>;

function pointOf(row: Row) {
  return {
    windowStart: instantOf(numberOf(row, "window_ms")),
    activePowerW: numberOf(row, "mean_w"),
    peakPowerW: numberOf(row, "peak_w"),
    devices: numberOf(row, "devices"),
  };
}

/** First the sum of each minute, then the mean and the peak of the minutes of a step: a mean of means would weigh feeders. */
function curveRows(
  serving: Serving,
  asked: Interval & { stepMs: number; shiftMs: number; feeders: readonly string[] },
): Promise<Row[]> {
  const places = asked.feeders.map((_, index) => `$${index + 5}`).join(", ");
  const byFeeder = asked.feeders.length > 0;
  return serving.rows(
    `WITH minutes AS (
       SELECT ${byFeeder ? "feeder, " : ""}epoch_ms(window_start) AS minute_ms,
              sum(active_power_w) AS load_w, sum(devices) AS devices
       FROM ads_load_feeder_minute
       WHERE window_start >= CAST($1 AS TIMESTAMPTZ) AND window_start < CAST($2 AS TIMESTAMPTZ)
         AND active_power_w IS NOT NULL ${byFeeder ? `AND feeder IN (${places})` : ""}
       GROUP BY ALL)
     SELECT ${byFeeder ? "feeder, " : ""}minute_ms - (minute_ms + CAST($4 AS BIGINT)) % CAST($3 AS BIGINT) AS window_ms,
            round(avg(load_w), 3) AS mean_w, CAST(max(load_w) AS DOUBLE) AS peak_w,
            CAST(max(devices) AS BIGINT) AS devices
     FROM minutes GROUP BY ALL ORDER BY window_ms`,
    [instantOf(asked.fromMs), instantOf(asked.toMs), asked.stepMs, asked.shiftMs, ...asked.feeders],
  );
}
