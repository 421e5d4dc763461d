SELECT CAST("s"."station" AS VARCHAR) AS "station", CAST("s"."name" AS VARCHAR) AS "name", CAST("s"."region" AS VARCHAR) AS "region"
FROM "dim_station_last" AS "s"
WHERE (NOT "s"."is_deleted");
