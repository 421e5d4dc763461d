import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import type { GridDay } from "./grid-zone.ts";
import { daySchema, instantOf, zoneSchema } from "./instant.ts";
import { nullableNumberOf, nullableTextOf, numberOf, textOf } from "./value.ts";

/** The model keeps this many ranks of a day. */
const MAX_RANKS = 10;

const TopConsumers = Type.Object({
  day: Type.Union([daySchema("a day of the grid's time zone"), Type.Null()], {
    description: "null when no day has a consumption yet",
  }),
  timeZone: zoneSchema,
  consumers: Type.Array(
    Type.Object({
      rank: Type.Integer({ description: "from 1, by falling energy" }),
      device: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      feeder: Type.Union([Type.String(), Type.Null()], { description: "null when it left the register" }),
      energyWh: Type.Integer({ description: "active energy imported on the day, in Wh" }),
    }),
  ),
});

export function topConsumersRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/top-consumers",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "topConsumers",
        summary: "The devices with the highest consumption of a day",
        querystring: Type.Object({
          day: Type.Optional(
            daySchema("a day of the grid's time zone. Default: the newest with a consumption"),
          ),
          limit: Type.Integer({
            minimum: 1,
            maximum: MAX_RANKS,
            default: MAX_RANKS,
            description: "ranks to return",
          }),
        }),
        response: { 200: TopConsumers },
      },
    },
    async ({ query }) => {
      const { zone } = ports;
      const day = query.day === undefined ? await newestDay(ports) : zone.dayNamed(query.day);
      if (day === null) return { day: null, timeZone: zone.name, consumers: [] };
      const rows = await ports.serving.rows(
        `SELECT t.rank, t.device, d.name, d.feeder, t.energy_wh
         FROM ads_top_consumer t LEFT JOIN dim_device d ON d.device = t.device
         WHERE t.window_start >= CAST($1 AS TIMESTAMPTZ) AND t.window_start < CAST($2 AS TIMESTAMPTZ)
         ORDER BY t.rank LIMIT $3`,
        [instantOf(day.fromMs), instantOf(day.toMs), query.limit],
      );
      return {
        day: day.day,
        timeZone: zone.name,
        consumers: rows.map((row) => ({
          rank: numberOf(row, "rank"),
          device: textOf(row, "device"),
          name: nullableTextOf(row, "name"),
          feeder: nullableTextOf(row, "feeder"),
          energyWh: numberOf(row, "energy_wh"),
        })),
      };
    },
  );
}

async function newestDay({ serving, zone }: AnalyticsPorts): Promise<GridDay | null> {
  const [row] = await serving.rows("SELECT epoch_ms(max(window_start)) AS day_ms FROM ads_top_consumer");
  const startMs = row === undefined ? null : nullableNumberOf(row, "day_ms");
  return startMs === null ? null : zone.dayOf(startMs);
}
