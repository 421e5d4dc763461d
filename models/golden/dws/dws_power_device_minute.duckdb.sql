SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS DECIMAL(38,3)) AS "power_sum_w", CAST(g.a1 AS BIGINT) AS "readings", CAST(g.a2 AS DECIMAL(38,3)) AS "reactive_sum_var", CAST(g.a3 AS BIGINT) AS "reactive_readings"
FROM (SELECT "r"."device" AS k0, time_bucket(INTERVAL '1 minute', "r"."ts") AS k1, CAST(sum("r"."active_power_w") AS DECIMAL(38,3)) AS a0, count(*) AS a1, CAST(sum("r"."reactive_power_var") AS DECIMAL(38,3)) AS a2, count("r"."reactive_power_var") AS a3
  FROM "dwd_reading" AS "r"
  WHERE ("r"."active_power_w" IS NOT NULL)
  GROUP BY 1, 2) AS g;
