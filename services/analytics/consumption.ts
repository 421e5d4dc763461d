import type { Row, Serving } from "@gridlake/pipeline";
import type { ServiceApp } from "@gridlake/service-kit";
import { DAY_MS } from "@gridlake/kernel";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantOf, instantSchema } from "./instant.ts";
import { intervalOf, MAX_POINTS, type Interval } from "./interval.ts";
import { requireKnown } from "./register.ts";
import { numberOf } from "./value.ts";

/** The table of each level, and the length of an interval whose `from` is not given. */
const LEVELS = {
  "15min": { table: "dws_energy_15min", defaultMs: DAY_MS },
  hour: { table: "dws_energy_hour", defaultMs: 7 * DAY_MS },
  day: { table: "dws_energy_day", defaultMs: 35 * DAY_MS },
} as const;
type Level = keyof typeof LEVELS;

const LevelSchema = Type.Union([Type.Literal("15min"), Type.Literal("hour"), Type.Literal("day")], {
  default: "hour",
  description: "length of a point's window; a day is one of the grid's time zone",
});

const Consumption = Type.Object({
  level: LevelSchema,
  from: Type.Union([instantSchema("first instant, inclusive"), Type.Null()]),
  to: Type.Union([instantSchema("last instant, exclusive"), Type.Null()]),
  points: Type.Array(
    Type.Object({
      windowStart: instantSchema("start of the window"),
      energyWh: Type.Integer({ description: "active energy imported in the window, in Wh" }),
      devices: Type.Integer({ description: "devices with a consumption in the window" }),
    }),
    { description: "by windowStart; windows without a consumption are left out" },
  ),
});

export function consumptionRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/consumption",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "consumption",
        summary: "Energy of a device, of a feeder's devices or of all over [from, to)",
        description:
          "The difference of cumulative registers. The interval is widened to whole windows of the level; at most " +
          `${MAX_POINTS} points (ANALYTICS_TOO_MANY_POINTS). Without \`to\` it ends with the newest reading's window, ` +
          "without `from` it is 24 h (15min), 7 days (hour) or 35 days (day) long. A feeder's devices are those " +
          "that the register gives it today. Sums are over customers' devices alone.",
        querystring: Type.Object({
          level: LevelSchema,
          device: Type.Optional(Type.String({ maxLength: 64, description: "one device" })),
          feeder: Type.Optional(
            Type.String({ maxLength: 64, description: "the devices of one feeder, summed" }),
          ),
          from: Type.Optional(instantSchema("first instant, inclusive")),
          to: Type.Optional(instantSchema("last instant, exclusive")),
        }),
        response: { 200: Consumption },
      },
    },
    async ({ query }) => {
      const { level, device, feeder } = query;
      const { defaultMs } = LEVELS[level];
      const newestMs = await ports.newest.ms();
      const interval = intervalOf({ ...query, step: level, defaultMs, newestMs }, ports.zone);
      const rows =
        interval === null ? [] : await energyRows(ports.serving, { level, device, feeder, ...interval });
      if (rows.length === 0) {
        if (device !== undefined) await requireKnown(ports.serving, "device", device);
        if (feeder !== undefined) await requireKnown(ports.serving, "feeder", feeder);
      }
      return {
        level,
        from: interval === null ? null : instantOf(interval.fromMs),
        to: interval === null ? null : instantOf(interval.toMs),
        points: rows.map((row) => ({
          windowStart: instantOf(numberOf(row, "window_ms")),
          energyWh: numberOf(row, "energy_wh"),
          devices: numberOf(row, "devices"),
        })),
      };
    },
  );
}

function energyRows(
  serving: Serving,
  asked: Interval & { level: Level; device: string | undefined; feeder: string | undefined },
): Promise<Row[]> {
  const params: (string | number)[] = [instantOf(asked.fromMs), instantOf(asked.toMs)];
  let scope = "";
  if (asked.device !== undefined) scope += ` AND device = $${params.push(asked.device)}`;
  // the meters of feeder heads and transformers measure once more what is used below them
  else scope += " AND device NOT IN (SELECT device FROM dim_device WHERE kind <> 'customer')";
  if (asked.feeder !== undefined) {
    scope += ` AND device IN (SELECT device FROM dim_device WHERE feeder = $${params.push(asked.feeder)})`;
  }
  return serving.rows(
    `SELECT epoch_ms(window_start) AS window_ms, CAST(sum(energy_wh) AS BIGINT) AS energy_wh, count(*) AS devices
     FROM ${LEVELS[asked.level].table}
     WHERE window_start >= CAST($1 AS TIMESTAMPTZ) AND window_start < CAST($2 AS TIMESTAMPTZ)${scope}
       AND energy_wh IS NOT NULL
     GROUP BY window_start ORDER BY window_start`,
    params,
  );
}
