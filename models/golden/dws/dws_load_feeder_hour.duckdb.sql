SELECT CAST(g.k0 AS VARCHAR) AS "feeder", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "load_w", CAST(g.a1 AS BIGINT) AS "intervals"
FROM (SELECT "d"."feeder" AS k0, time_bucket(INTERVAL '1 hour', "v"."window_start", to_seconds(-extract(timezone FROM "v"."window_start"))) AS k1, CAST(sum("v"."vee_wh") AS BIGINT) AS a0, count("v"."vee_wh") AS a1
  FROM "dws_vee_interval" AS "v"
JOIN "dim_device" AS "d" ON "v"."device" = "d"."device"
  WHERE ("d"."kind" = 'customer')
  GROUP BY 1, 2) AS g;
