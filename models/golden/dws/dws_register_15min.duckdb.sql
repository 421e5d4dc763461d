SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "register_start_wh", CAST(g.a1 AS BIGINT) AS "register_end_wh", CAST(g.a2 AS BIGINT) AS "readings", CAST(g.a3 AS DECIMAL(38,3)) AS "power_sum_w", CAST(g.a4 AS BIGINT) AS "power_readings"
FROM (SELECT "r"."device" AS k0, time_bucket(INTERVAL '15 minute', "r"."ts") AS k1, min("r"."energy_wh") AS a0, max("r"."energy_wh") AS a1, count(*) AS a2, CAST(sum("r"."active_power_w") AS DECIMAL(38,3)) AS a3, count("r"."active_power_w") AS a4
  FROM "dwd_reading" AS "r"
  GROUP BY 1, 2) AS g;
