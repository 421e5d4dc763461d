SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "samples", CAST(g.a1 AS BIGINT) AS "low", CAST(g.a2 AS BIGINT) AS "high", CAST(g.a3 AS DECIMAL(38,3)) AS "voltage_sum_v", CAST(g.a4 AS DECIMAL(9,3)) AS "min_voltage_v", CAST(g.a5 AS DECIMAL(9,3)) AS "max_voltage_v"
FROM (SELECT "r"."device" AS k0, time_bucket(INTERVAL '10 minute', "r"."ts", to_seconds(-extract(timezone FROM "r"."ts"))) AS k1, count(*) AS a0, CAST(sum(CASE WHEN (CAST("r"."voltage_v" AS DECIMAL(34,7)) < "d"."lower_v") THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS a1, CAST(sum(CASE WHEN (CAST("r"."voltage_v" AS DECIMAL(34,7)) > "d"."upper_v") THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS a2, CAST(sum("r"."voltage_v") AS DECIMAL(38,3)) AS a3, min("r"."voltage_v") AS a4, max("r"."voltage_v") AS a5
  FROM "dwd_reading" AS "r"
JOIN "dim_device_voltage" AS "d" ON "r"."device" = "d"."device"
  WHERE ("r"."voltage_v" IS NOT NULL)
  GROUP BY 1, 2) AS g;
