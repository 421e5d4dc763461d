SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "register_start_wh", CAST(g.a1 AS BIGINT) AS "register_end_wh"
FROM (SELECT "r"."device" AS k0, time_bucket(INTERVAL '15 minute', "r"."ts") AS k1, min("r"."energy_exported_wh") AS a0, max("r"."energy_exported_wh") AS a1
  FROM "dwd_reading" AS "r"
  WHERE ("r"."energy_exported_wh" IS NOT NULL)
  GROUP BY 1, 2) AS g;
