import type { Row } from "@gridlake/pipeline";
import type { ServiceApp } from "@gridlake/service-kit";
import { assert, HOUR_MS } from "@gridlake/kernel";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { daySchema, instantOf, instantSchema, zoneSchema } from "./instant.ts";
import { nullableNumberOf, numberOf } from "./value.ts";

const Summary = Type.Object({
  devices: Type.Integer({ description: "devices on the register" }),
  feeders: Type.Integer({ description: "feeders on the register" }),
  readings: Type.Integer({ description: "readings kept, without doubles" }),
  quarantined: Type.Integer({ description: "lines refused, in quarantine" }),
  newestEventAt: Type.Union([instantSchema("instant of the newest reading"), Type.Null()], {
    description: "null, like load and energy, before the first reading",
  }),
  load: Type.Union([
    Type.Object({
      activePowerW: Type.Number({ description: "all feeders together, in W" }),
      windowStart: instantSchema("start of the minute it was measured in"),
    }),
    Type.Null(),
  ]),
  energy: Type.Union([
    Type.Object({
      energyWh: Type.Integer({ description: "all devices together on the day so far, in Wh" }),
      day: daySchema("the day of the newest reading, in the grid's time zone"),
    }),
    Type.Null(),
  ]),
  timeZone: zoneSchema,
  sequence: Type.Integer({ description: "the last micro-batch that was committed when this was read" }),
});

export function summaryRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/summary",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "summary",
        summary: "Key figures of the grid, fresh to the last micro-batch",
        description:
          "`load` is that of the newest minute, or of the one before it while the newest has heard fewer devices: " +
          "a minute that is still filling would look like a drop. It is null when no feeder was measured in the " +
          "hour before the newest reading.",
        response: { 200: Summary },
      },
    },
    async () => {
      const { sequence } = ports.watch.state();
      const newestMs = await ports.newest.ms();
      const [counts, minutes, energy] = await Promise.all([
        ports.serving.rows(COUNTS),
        newestMs === null ? [] : ports.serving.rows(NEWEST_MINUTES, [instantOf(newestMs - HOUR_MS)]),
        newestMs === null ? null : energyOfDay(ports, newestMs),
      ]);
      const [count] = counts;
      assert(count !== undefined, "a count is one row");
      return {
        devices: numberOf(count, "devices"),
        feeders: numberOf(count, "feeders"),
        readings: numberOf(count, "readings"),
        quarantined: numberOf(count, "quarantined"),
        newestEventAt: newestMs === null ? null : instantOf(newestMs),
        load: loadOf(minutes),
        energy,
        timeZone: ports.zone.name,
        sequence,
      };
    },
  );
}

const COUNTS = `SELECT (SELECT count(*) FROM dim_device) AS devices, (SELECT count(*) FROM dim_feeder) AS feeders,
  (SELECT count(*) FROM dwd_reading) AS readings, (SELECT count(*) FROM dwd_quarantine) AS quarantined`;

const NEWEST_MINUTES = `SELECT epoch_ms(window_start) AS minute_ms, CAST(sum(active_power_w) AS DOUBLE) AS load_w,
    CAST(sum(devices) AS BIGINT) AS devices
  FROM ads_load_feeder_minute
  WHERE window_start >= CAST($1 AS TIMESTAMPTZ) AND active_power_w IS NOT NULL
  GROUP BY window_start ORDER BY window_start DESC LIMIT 2`;

/** @param minutes the newest two, the newest first */
function loadOf(minutes: readonly Row[]) {
  const [newest, before] = minutes;
  if (newest === undefined) return null;
  const filling = before !== undefined && numberOf(newest, "devices") < numberOf(before, "devices");
  const shown = filling ? before : newest;
  return {
    activePowerW: numberOf(shown, "load_w"),
    windowStart: instantOf(numberOf(shown, "minute_ms")),
  };
}

async function energyOfDay(ports: AnalyticsPorts, newestMs: number) {
  const { day, fromMs, toMs } = ports.zone.dayOf(newestMs);
  const [row] = await ports.serving.rows(
    `SELECT CAST(sum(energy_wh) AS BIGINT) AS energy_wh FROM dws_energy_day
     WHERE window_start >= CAST($1 AS TIMESTAMPTZ) AND window_start < CAST($2 AS TIMESTAMPTZ)
       AND device NOT IN (SELECT device FROM dim_device WHERE kind <> 'customer')`,
    [instantOf(fromMs), instantOf(toMs)],
  );
  return {
    energyWh: (row === undefined ? null : nullableNumberOf(row, "energy_wh")) ?? 0,
    day,
  };
}
