SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "lines"
FROM (SELECT "r"."device" AS k0, date_trunc('day', "r"."ts") AS k1, count(*) AS a0
  FROM "ods_reading" AS "r"
  WHERE (("r"."reject_reason" IS NULL) AND ("r"."device" IS NOT NULL) AND ("r"."ts" IS NOT NULL))
  GROUP BY 1, 2) AS g;
