SELECT CAST(g.k0 AS VARCHAR) AS "feeder", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(CAST(CAST((CAST(CAST(floor(CAST(g.a0 * CAST(1000 AS DECIMAL(4,0)) AS DECIMAL(38,3))) AS DECIMAL(38,0)) AS BIGINT) // g.a1) AS DECIMAL(19,0)) * CAST(0.001 AS DECIMAL(4,3)) AS DECIMAL(23,3)) AS DECIMAL(23,3)) AS "active_power_w", CAST(g.a1 AS BIGINT) AS "quarters"
FROM (SELECT "l"."feeder" AS k0, time_bucket(INTERVAL '1 hour', "l"."window_start", to_seconds(-extract(timezone FROM "l"."window_start"))) AS k1, CAST(sum("l"."active_power_w") AS DECIMAL(38,3)) AS a0, count(*) AS a1
  FROM "ads_load_feeder_15min" AS "l"
  GROUP BY 1, 2) AS g;
