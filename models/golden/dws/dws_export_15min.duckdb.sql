SELECT CAST("w"."device" AS VARCHAR) AS "device", CAST("w"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST(("w"."register_end_wh" - coalesce(lag("w"."register_end_wh") OVER (PARTITION BY "w"."device" ORDER BY "w"."window_start"), "w"."register_start_wh")) AS BIGINT) AS "energy_wh"
FROM "dws_export_register_15min" AS "w";
