SELECT CAST("w"."device" AS VARCHAR) AS "device", CAST("w"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST(("w"."register_end_varh" - coalesce(lag("w"."register_end_varh") OVER (PARTITION BY "w"."device" ORDER BY "w"."window_start"), "w"."register_start_varh")) AS BIGINT) AS "reactive_energy_varh"
FROM "dws_reactive_register_day" AS "w";
