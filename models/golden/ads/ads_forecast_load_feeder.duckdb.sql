SELECT CAST(g.k0 AS VARCHAR) AS "feeder", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST((g.a0 // g.a1) AS BIGINT) AS "forecast_w", CAST(g.a2 AS BIGINT) AS "naive_w", CAST(g.a3 AS BIGINT) AS "lags"
FROM (SELECT "h"."feeder" AS k0, ("h"."window_start" + to_seconds(("l"."day" * CAST(86400 AS BIGINT)))) AS k1, CAST(sum(("h"."load_w" * "l"."weight")) AS BIGINT) AS a0, CAST(sum("l"."weight") AS BIGINT) AS a1, CAST(sum(CASE WHEN ("l"."day" = CAST(7 AS BIGINT)) THEN "h"."load_w" ELSE CAST(NULL AS BIGINT) END) AS BIGINT) AS a2, count(*) AS a3
  FROM "dws_load_feeder_hour" AS "h"
JOIN (SELECT CAST(v.c0 AS BIGINT) AS "day", CAST(v.c1 AS BIGINT) AS "weight" FROM (VALUES (1, 4), (2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 7), (14, 3), (21, 3), (28, 3)) AS v(c0, c1)) AS "l" ON ("h"."load_w" IS NOT NULL)
  GROUP BY 1, 2) AS g;
