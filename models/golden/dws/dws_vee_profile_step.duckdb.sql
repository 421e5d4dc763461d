SELECT CAST("s"."device" AS VARCHAR) AS "device", CAST("s"."gap_end" AS TIMESTAMPTZ) AS "gap_end", CAST("w"."week" AS BIGINT) AS "week", CAST("s"."step" AS BIGINT) AS "step", CAST("s"."intervals" AS BIGINT) AS "intervals", CAST("r"."register_end_wh" AS BIGINT) AS "register_end_wh"
FROM "dws_vee_gap_step" AS "s"
JOIN (SELECT CAST(v.c0 AS BIGINT) AS "week" FROM (VALUES (1), (2), (3), (4)) AS v(c0)) AS "w" ON ("s"."gap_size" <> '2 hours')
JOIN "dws_register_15min" AS "r" ON "s"."device" = "r"."device" AND ("s"."window_start" + to_seconds(("w"."week" * CAST(-604800 AS BIGINT)))) = "r"."window_start";
