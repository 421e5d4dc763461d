import type { ServiceApp } from "@gridlake/service-kit";
import { DAY_MS } from "@gridlake/kernel";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantOf, utcDayOf } from "./instant.ts";
import { nullableNumberOf, nullableTextOf, numberOf, textOf } from "./value.ts";

/** The model keeps this many ranks of a day. */
const MAX_RANKS = 10;

const daySchema = Type.String({ format: "date", description: "a UTC day", examples: ["2013-10-14"] });

const TopConsumers = Type.Object({
  day: Type.Union([daySchema, Type.Null()], { description: "null when no day has a consumption yet" }),
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
          day: Type.Optional({
            ...daySchema,
            description: "a UTC day. Default: the newest with a consumption",
          }),
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
      const dayMs = query.day === undefined ? await newestDayMs(ports) : Date.parse(`${query.day}T00:00:00Z`);
      if (dayMs === null) return { day: null, consumers: [] };
      const rows = await ports.serving.rows(
        `SELECT t.rank, t.device, d.name, d.feeder, t.energy_wh
         FROM ads_top_consumer t LEFT JOIN dim_device d ON d.device = t.device
         WHERE t.window_start >= CAST($1 AS TIMESTAMPTZ) AND t.window_start < CAST($2 AS TIMESTAMPTZ)
         ORDER BY t.rank LIMIT $3`,
        [instantOf(dayMs), instantOf(dayMs + DAY_MS), query.limit],
      );
      return {
        day: utcDayOf(dayMs),
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

async function newestDayMs(ports: AnalyticsPorts): Promise<number | null> {
  const [row] = await ports.serving.rows(
    "SELECT epoch_ms(max(window_start)) AS day_ms FROM ads_top_consumer",
  );
  return row === undefined ? null : nullableNumberOf(row, "day_ms");
}
