import type { Row } from "@gridlake/pipeline";
import type { ServiceApp } from "@gridlake/service-kit";
import { HOUR_MS } from "@gridlake/kernel";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { daySchema, instantOf, instantSchema, zoneSchema } from "./instant.ts";
import { offsetOf, pagingAnswer, pagingQuery } from "./paging.ts";
import { nullableNumberOf, nullableTextOf, numberOf, textOf } from "./value.ts";

/** How far before the newest event a device's last reading is looked for: what bounds the scan of `dwd_reading`. */
export const RECENT_MS = 2 * HOUR_MS;

// what may stand in ORDER BY; the request names a key of this table, never a column
const SORT_COLUMNS = {
  device: "device",
  name: "name",
  feeder: "feeder",
  ratedVoltageV: "rated_voltage_v",
  lastReadingAt: "last_ms",
  activePowerW: "active_power_w",
  voltageV: "voltage_v",
  energyWh: "energy_wh",
} as const;
const SORTS = Object.keys(SORT_COLUMNS).flatMap((key) => [key, `-${key}`]);

const nullable = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const Devices = Type.Object({
  ...pagingAnswer,
  recentSince: Type.Union([instantSchema("last readings are those at or after it"), Type.Null()]),
  energyDay: Type.Union([daySchema("a day of the grid's time zone"), Type.Null()], {
    description: "the day of energyWh: that of the newest reading",
  }),
  timeZone: zoneSchema,
  devices: Type.Array(
    Type.Object({
      device: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      feeder: Type.Union([Type.String(), Type.Null()]),
      feederName: Type.Union([Type.String(), Type.Null()]),
      ratedVoltageV: nullable("nominal voltage in V"),
      lastReadingAt: Type.Union([instantSchema("instant measured"), Type.Null()], {
        description: "null when the device sent nothing since recentSince",
      }),
      activePowerW: nullable("of the last reading, in W"),
      voltageV: nullable("of the last reading, in V"),
      currentA: nullable("of the last reading, in A"),
      energyWh: nullable("active energy imported on energyDay, in Wh"),
    }),
  ),
});

export function deviceListRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/devices",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "devices",
        summary: "Registered devices with their last reading and their energy of the newest day",
        description:
          "A device's last reading is looked for in the 2 h before the newest reading of all, so that the cost " +
          "does not grow with the history; a device silent for longer has nulls there.",
        querystring: Type.Object({
          ...pagingQuery,
          q: Type.Optional(
            Type.String({
              maxLength: 100,
              description: "part of the device, its name or its feeder; case is ignored",
            }),
          ),
          feeder: Type.Optional(
            Type.String({ maxLength: 64, description: "only the devices of this feeder" }),
          ),
          sort: Type.Union(
            SORTS.map((sort) => Type.Literal(sort)),
            { default: "device", description: "with - in front: falling. Nulls come last, ties by device" },
          ),
        }),
        response: { 200: Devices },
      },
    },
    async ({ query }) => {
      const newestMs = await ports.newest.ms();
      const day = newestMs === null ? null : ports.zone.dayOf(newestMs);
      const needle = (query.q ?? "").trim().toLowerCase();
      const filter = [needle, query.feeder ?? null];
      const [[count], rows] = await Promise.all([
        ports.serving.rows(`SELECT count(*) AS total FROM dim_device d WHERE ${MATCHES}`, filter),
        ports.serving.rows(pageSql(query.sort), [
          ...filter,
          // without a reading nothing is recent, and no day has energy
          instantOf(newestMs === null ? 0 : newestMs - RECENT_MS),
          instantOf(day?.fromMs ?? 0),
          instantOf(day?.toMs ?? 0),
          query.pageSize,
          offsetOf(query),
        ]),
      ]);
      return {
        page: query.page,
        pageSize: query.pageSize,
        total: count === undefined ? 0 : numberOf(count, "total"),
        recentSince: newestMs === null ? null : instantOf(newestMs - RECENT_MS),
        energyDay: day?.day ?? null,
        timeZone: ports.zone.name,
        devices: rows.map(deviceOf),
      };
    },
  );
}

const MATCHES = `($1 = '' OR contains(lower(d.device), $1) OR contains(lower(d.name), $1)
  OR contains(lower(d.feeder), $1)) AND ($2 IS NULL OR d.feeder = $2)`;

/** Columns of the register itself: sorted by them, the page is cut before any reading is looked at. */
const REGISTER_COLUMNS: ReadonlySet<string> = new Set(["device", "name", "feeder", "rated_voltage_v"]);

function pageSql(sort: string): string {
  const falling = sort.startsWith("-");
  const column = SORT_COLUMNS[(falling ? sort.slice(1) : sort) as keyof typeof SORT_COLUMNS];
  const order = `ORDER BY ${column} ${falling ? "DESC" : "ASC"} NULLS LAST, device`;
  const page = "LIMIT $6 OFFSET $7";
  const cutFirst = REGISTER_COLUMNS.has(column);
  return `WITH matching AS (
      SELECT d.* FROM dim_device d WHERE ${MATCHES} ${cutFirst ? `${order} ${page}` : ""}),
    -- a whole row at a time: arg_max of a single column would skip over its nulls to an older reading
    last AS (
      SELECT device, max(ts) AS ts, arg_max(struct_pack(p := active_power_w, v := voltage_v, c := current_a), ts) AS reading
      FROM dwd_reading WHERE ts >= CAST($3 AS TIMESTAMPTZ) AND device IN (SELECT device FROM matching)
      GROUP BY device),
    energy AS (
      SELECT device, energy_wh FROM dws_energy_day
      WHERE window_start >= CAST($4 AS TIMESTAMPTZ) AND window_start < CAST($5 AS TIMESTAMPTZ))
    SELECT d.device, d.name, d.feeder, f.name AS feeder_name, d.rated_voltage_v, epoch_ms(l.ts) AS last_ms,
           l.reading.p AS active_power_w, l.reading.v AS voltage_v, l.reading.c AS current_a, e.energy_wh
    FROM matching d
    LEFT JOIN dim_feeder f ON f.feeder = d.feeder
    LEFT JOIN last l ON l.device = d.device
    LEFT JOIN energy e ON e.device = d.device
    ${order} ${cutFirst ? "" : page}`;
}

function deviceOf(row: Row) {
  const lastMs = nullableNumberOf(row, "last_ms");
  return {
    device: textOf(row, "device"),
    name: nullableTextOf(row, "name"),
    feeder: nullableTextOf(row, "feeder"),
    feederName: nullableTextOf(row, "feeder_name"),
    ratedVoltageV: nullableNumberOf(row, "rated_voltage_v"),
    lastReadingAt: lastMs === null ? null : instantOf(lastMs),
    activePowerW: nullableNumberOf(row, "active_power_w"),
    voltageV: nullableNumberOf(row, "voltage_v"),
    currentA: nullableNumberOf(row, "current_a"),
    energyWh: nullableNumberOf(row, "energy_wh"),
  };
}
