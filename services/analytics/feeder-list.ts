import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { MAX_PAGE_SIZE, offsetOf, pagingAnswer, pagingQuery } from "./paging.ts";
import { nullableTextOf, numberOf, textOf } from "./value.ts";

const nullableText = Type.Union([Type.String(), Type.Null()]);

const Feeders = Type.Object({
  ...pagingAnswer,
  feeders: Type.Array(
    Type.Object({
      feeder: Type.String(),
      name: nullableText,
      station: Type.Union([Type.String(), Type.Null()], { description: "the station it leaves from" }),
      region: Type.Union([Type.String(), Type.Null()], { description: "the region it lies in" }),
      devices: Type.Integer({ description: "devices that the register gives it" }),
    }),
    { description: "by feeder" },
  ),
});

export function feederListRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/feeders",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "feeders",
        summary: "Registered feeders",
        querystring: Type.Object({
          ...pagingQuery,
          pageSize: { ...pagingQuery.pageSize, default: MAX_PAGE_SIZE },
        }),
        response: { 200: Feeders },
      },
    },
    async ({ query }) => {
      const [[count], rows] = await Promise.all([
        ports.serving.rows("SELECT count(*) AS total FROM dim_feeder"),
        ports.serving.rows(
          `SELECT f.feeder, f.name, f.station, f.region, count(d.device) AS devices
           FROM dim_feeder f LEFT JOIN dim_device d ON d.feeder = f.feeder
           GROUP BY ALL ORDER BY f.feeder LIMIT $1 OFFSET $2`,
          [query.pageSize, offsetOf(query)],
        ),
      ]);
      return {
        page: query.page,
        pageSize: query.pageSize,
        total: count === undefined ? 0 : numberOf(count, "total"),
        feeders: rows.map((row) => ({
          feeder: textOf(row, "feeder"),
          name: nullableTextOf(row, "name"),
          station: nullableTextOf(row, "station"),
          region: nullableTextOf(row, "region"),
          devices: numberOf(row, "devices"),
        })),
      };
    },
  );
}
