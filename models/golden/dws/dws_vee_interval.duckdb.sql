SELECT CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('validated' AS VARCHAR) AS "status", CAST('register' AS VARCHAR) AS "method", CAST("e"."energy_wh" AS BIGINT) AS "raw_wh", CAST("e"."energy_wh" AS BIGINT) AS "vee_wh"
FROM "dws_energy_15min" AS "e"
WHERE (("e"."energy_wh" >= CAST(0 AS BIGINT)) AND (coalesce(date_diff('second', "e"."window_before", "e"."window_start"), CAST(900 AS BIGINT)) = CAST(900 AS BIGINT)))
UNION ALL
SELECT CAST("s"."device" AS VARCHAR) AS "device", CAST("s"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('estimated' AS VARCHAR) AS "status", CAST("s"."method" AS VARCHAR) AS "method", CAST("s"."raw_wh" AS BIGINT) AS "raw_wh", CAST("s"."energy_wh" AS BIGINT) AS "vee_wh"
FROM "dws_vee_estimate" AS "s"
UNION ALL
SELECT CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('rejected' AS VARCHAR) AS "status", CAST('none' AS VARCHAR) AS "method", CAST("e"."energy_wh" AS BIGINT) AS "raw_wh", CAST(CAST(NULL AS BIGINT) AS BIGINT) AS "vee_wh"
FROM "dws_energy_15min" AS "e"
WHERE ("e"."energy_wh" < CAST(0 AS BIGINT))
UNION ALL
SELECT CAST("g"."device" AS VARCHAR) AS "device", CAST("g"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('not_estimated' AS VARCHAR) AS "status", CAST('none' AS VARCHAR) AS "method", CAST("g"."energy_wh" AS BIGINT) AS "raw_wh", CAST(CAST(NULL AS BIGINT) AS BIGINT) AS "vee_wh"
FROM "dws_vee_gap" AS "g"
WHERE (("g"."gap_size" = 'longer') AND ("g"."energy_wh" >= CAST(0 AS BIGINT)));
