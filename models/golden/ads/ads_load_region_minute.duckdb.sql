SELECT CAST(g.k0 AS VARCHAR) AS "region", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS DECIMAL(38,3)) AS "active_power_w", CAST(g.a1 AS BIGINT) AS "devices", CAST(g.a2 AS BIGINT) AS "feeders"
FROM (SELECT "r"."region" AS k0, "l"."window_start" AS k1, CAST(sum("l"."active_power_w") AS DECIMAL(38,3)) AS a0, CAST(sum("l"."devices") AS BIGINT) AS a1, count(*) AS a2
  FROM "ads_load_feeder_minute" AS "l"
JOIN "dim_feeder_region" AS "r" ON "l"."feeder" = "r"."feeder"
  GROUP BY 1, 2) AS g;
