SELECT CAST("s"."device" AS VARCHAR) AS "device", CAST("s"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST("s"."step" AS BIGINT) AS "step", CAST('linear' AS VARCHAR) AS "method", CAST("s"."gap_end" AS TIMESTAMPTZ) AS "gap_end", CAST(CASE WHEN ("s"."step" = "s"."intervals") THEN "s"."energy_wh" ELSE CAST(NULL AS BIGINT) END AS BIGINT) AS "raw_wh", CAST(((("s"."energy_wh" * "s"."step") // "s"."intervals") - (("s"."energy_wh" * ("s"."step" - CAST(1 AS BIGINT))) // "s"."intervals")) AS BIGINT) AS "energy_wh"
FROM "dws_vee_gap_step" AS "s"
LEFT JOIN "dws_vee_profile" AS "p" ON "s"."device" = "p"."device" AND "s"."gap_end" = "p"."gap_end"
WHERE (("s"."step" > CAST(0 AS BIGINT)) AND ("p"."device" IS NULL))
UNION ALL
SELECT CAST("s"."device" AS VARCHAR) AS "device", CAST("s"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST("s"."step" AS BIGINT) AS "step", CAST('profile' AS VARCHAR) AS "method", CAST("s"."gap_end" AS TIMESTAMPTZ) AS "gap_end", CAST(CASE WHEN ("s"."step" = "s"."intervals") THEN "s"."energy_wh" ELSE CAST(NULL AS BIGINT) END AS BIGINT) AS "raw_wh", CAST((CASE WHEN ("s"."step" = "s"."intervals") THEN "s"."energy_wh" ELSE CAST(CAST(floor(((CAST("s"."energy_wh" AS DOUBLE) * CAST(("h"."register_end_wh" - "p"."register_first_wh") AS DOUBLE)) / CAST("p"."energy_wh" AS DOUBLE))) AS DOUBLE) AS BIGINT) END - CAST(CAST(floor(((CAST("s"."energy_wh" AS DOUBLE) * CAST(("b"."register_end_wh" - "p"."register_first_wh") AS DOUBLE)) / CAST("p"."energy_wh" AS DOUBLE))) AS DOUBLE) AS BIGINT)) AS BIGINT) AS "energy_wh"
FROM "dws_vee_gap_step" AS "s"
JOIN "dws_vee_profile" AS "p" ON "s"."device" = "p"."device" AND "s"."gap_end" = "p"."gap_end"
JOIN "dws_vee_profile_step" AS "h" ON "s"."device" = "h"."device" AND "s"."gap_end" = "h"."gap_end" AND "p"."week" = "h"."week" AND "s"."step" = "h"."step"
JOIN "dws_vee_profile_step" AS "b" ON "s"."device" = "b"."device" AND "s"."gap_end" = "b"."gap_end" AND "p"."week" = "b"."week" AND ("s"."step" - CAST(1 AS BIGINT)) = "b"."step"
WHERE ("s"."step" > CAST(0 AS BIGINT));
