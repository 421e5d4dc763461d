SELECT CAST(g.k0 AS VARCHAR) AS "transformer", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "quarters", CAST(g.a1 AS DECIMAL(18,6)) AS "max_load_rate", CAST(g.a2 AS BIGINT) AS "heavy_minutes", CAST(g.a3 AS BIGINT) AS "heavy_events", CAST(g.a4 AS BIGINT) AS "overload_minutes", CAST(g.a5 AS BIGINT) AS "overload_events"
FROM (SELECT "e"."transformer" AS k0, date_trunc('day', "e"."window_start") AS k1, count(*) AS a0, max("e"."load_rate") AS a1, CAST(sum(CASE WHEN ("e"."level" = CAST(1 AS BIGINT)) THEN CAST(15 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS a2, CAST(sum("e"."heavy_begins") AS BIGINT) AS a3, CAST(sum(CASE WHEN ("e"."level" = CAST(2 AS BIGINT)) THEN CAST(15 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS a4, CAST(sum("e"."overload_begins") AS BIGINT) AS a5
  FROM "ads_transformer_event_15min" AS "e"
  WHERE ("e"."level" IS NOT NULL)
  GROUP BY 1, 2) AS g;
