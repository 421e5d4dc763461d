SELECT CAST(g.k0 AS VARCHAR) AS "feeder", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS DECIMAL(38,3)) AS "active_power_w", CAST(g.a1 AS BIGINT) AS "devices"
FROM (SELECT "d"."feeder" AS k0, "p"."window_start" AS k1, CAST(sum(CAST(CAST((CAST(CAST(floor(CAST("p"."power_sum_w" * CAST(1000 AS DECIMAL(4,0)) AS DECIMAL(38,3))) AS DECIMAL(38,0)) AS BIGINT) // "p"."readings") AS DECIMAL(19,0)) * CAST(0.001 AS DECIMAL(4,3)) AS DECIMAL(23,3))) AS DECIMAL(38,3)) AS a0, count(*) AS a1
  FROM "dws_power_device_minute" AS "p"
JOIN "dim_device" AS "d" ON "p"."device" = "d"."device" AND ("d"."kind" = 'customer')
  GROUP BY 1, 2) AS g;
