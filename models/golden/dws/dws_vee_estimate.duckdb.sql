SELECT CAST("s"."device" AS VARCHAR) AS "device", CAST("s"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST("s"."gap_end" AS TIMESTAMPTZ) AS "gap_end", CAST("s"."method" AS VARCHAR) AS "method", CAST("s"."raw_wh" AS BIGINT) AS "raw_wh", CAST("s"."energy_wh" AS BIGINT) AS "energy_wh"
FROM "dws_vee_gap_share" AS "s"
QUALIFY row_number() OVER (PARTITION BY "s"."device", "s"."window_start" ORDER BY "s"."gap_end", "s"."step", "s"."method") <= 1;
