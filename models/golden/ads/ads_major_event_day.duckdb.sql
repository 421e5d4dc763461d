SELECT CAST("s"."region" AS VARCHAR) AS "region", CAST("s"."window_start" AS TIMESTAMPTZ) AS "window_start", CAST("s"."saidi_min" AS DECIMAL(29,9)) AS "saidi_min", CAST("t"."t_med_min" AS DECIMAL(18,6)) AS "t_med_min", CAST(coalesce(("s"."saidi_min" > CAST("t"."t_med_min" AS DECIMAL(29,9))), FALSE) AS BOOLEAN) AS "is_major"
FROM "dws_saidi_region_day" AS "s"
LEFT JOIN "ads_major_event_threshold" AS "t" ON "s"."region" = "t"."region" AND date_trunc('year', "s"."window_start") = "t"."window_start";
