SELECT CAST("l"."device" AS VARCHAR) AS "device", CAST("l"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST("l"."lines" AS BIGINT) AS "lines", CAST(("l"."lines" - "e"."readings") AS BIGINT) AS "duplicates"
FROM "dws_lines_device_day" AS "l"
JOIN "dws_energy_day" AS "e" ON "l"."device" = "e"."device" AND "l"."window_start" = "e"."window_start"
WHERE ("l"."lines" > "e"."readings");
