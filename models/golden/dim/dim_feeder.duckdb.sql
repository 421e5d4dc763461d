SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST("f"."name" AS VARCHAR) AS "name", CAST("f"."station" AS VARCHAR) AS "station", CAST("f"."region" AS VARCHAR) AS "region"
FROM "dim_feeder_last" AS "f"
WHERE (NOT "f"."is_deleted");
