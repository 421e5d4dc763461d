SELECT CAST("e"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST(row_number() OVER (PARTITION BY "e"."window_start" ORDER BY "e"."energy_wh" DESC, "e"."device") AS BIGINT) AS "rank", CAST("e"."device" AS VARCHAR) AS "device", CAST("e"."energy_wh" AS BIGINT) AS "energy_wh"
FROM "dws_energy_day" AS "e"
JOIN "dim_device" AS "d" ON "e"."device" = "d"."device" AND ("d"."kind" = 'customer')
QUALIFY row_number() OVER (PARTITION BY "e"."window_start" ORDER BY "e"."energy_wh" DESC, "e"."device") <= 10;
