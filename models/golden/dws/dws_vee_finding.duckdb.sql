SELECT CAST("g"."device" AS VARCHAR) AS "device", CAST("g"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('missing' AS VARCHAR) AS "rule", CAST(("g"."intervals" - CAST(1 AS BIGINT)) AS BIGINT) AS "value", CAST(CAST(0 AS BIGINT) AS BIGINT) AS "limit_value"
FROM "dws_vee_gap" AS "g"
UNION ALL
SELECT CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('negative' AS VARCHAR) AS "rule", CAST("e"."energy_wh" AS BIGINT) AS "value", CAST(CAST(0 AS BIGINT) AS BIGINT) AS "limit_value"
FROM "dws_energy_15min" AS "e"
WHERE ("e"."energy_wh" < CAST(0 AS BIGINT))
UNION ALL
SELECT CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('stuck' AS VARCHAR) AS "rule", CAST(coalesce((CAST(CAST(floor("e"."power_sum_w") AS DECIMAL(38,0)) AS BIGINT) // "e"."power_readings"), CAST(0 AS BIGINT)) AS BIGINT) AS "value", CAST(CAST(50 AS BIGINT) AS BIGINT) AS "limit_value"
FROM "dws_energy_15min" AS "e"
WHERE (("e"."energy_wh" = CAST(0 AS BIGINT)) AND ("e"."window_before" IS NOT NULL) AND ((CAST(CAST(floor("e"."power_sum_w") AS DECIMAL(38,0)) AS BIGINT) // "e"."power_readings") >= CAST(50 AS BIGINT)))
UNION ALL
SELECT CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('spike' AS VARCHAR) AS "rule", CAST("e"."energy_wh" AS BIGINT) AS "value", CAST(coalesce((CAST(CAST(floor(CAST("e"."power_sum_w" * CAST(0.7 AS DECIMAL(2,1)) AS DECIMAL(38,4))) AS DECIMAL(38,0)) AS BIGINT) // "e"."power_readings"), CAST(0 AS BIGINT)) AS BIGINT) AS "limit_value"
FROM "dws_energy_15min" AS "e"
WHERE (("e"."energy_wh" >= CAST(500 AS BIGINT)) AND ("e"."power_readings" >= CAST(3 AS BIGINT)) AND (date_diff('second', "e"."window_before", "e"."window_start") = CAST(900 AS BIGINT)) AND ("e"."energy_wh" > (CAST(CAST(floor(CAST("e"."power_sum_w" * CAST(0.7 AS DECIMAL(2,1)) AS DECIMAL(38,4))) AS DECIMAL(38,0)) AS BIGINT) // "e"."power_readings")))
UNION ALL
SELECT CAST("d"."device" AS VARCHAR) AS "device", CAST("d"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST('zero_run' AS VARCHAR) AS "rule", CAST("d"."zero_intervals" AS BIGINT) AS "value", CAST(CAST(90 AS BIGINT) AS BIGINT) AS "limit_value"
FROM "dws_vee_device_day" AS "d"
WHERE (("d"."zero_intervals" >= CAST(90 AS BIGINT)) AND ("d"."zero_intervals" = "d"."intervals"));
