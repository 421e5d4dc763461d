SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS DECIMAL(38,3)) AS "power_sum_w", CAST(g.a1 AS BIGINT) AS "readings", CAST(g.a2 AS DECIMAL(38,3)) AS "reactive_sum_var", CAST(g.a3 AS BIGINT) AS "reactive_readings"
FROM (SELECT "p"."device" AS k0, time_bucket(INTERVAL '15 minute', "p"."window_start") AS k1, CAST(sum("p"."power_sum_w") AS DECIMAL(38,3)) AS a0, CAST(sum("p"."readings") AS BIGINT) AS a1, CAST(sum("p"."reactive_sum_var") AS DECIMAL(38,3)) AS a2, CAST(sum("p"."reactive_readings") AS BIGINT) AS a3
  FROM "dws_power_device_minute" AS "p"
  GROUP BY 1, 2) AS g;
