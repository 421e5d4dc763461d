SELECT CAST("s"."station" AS VARCHAR) AS "station", CAST("s"."name" AS VARCHAR) AS "name", CAST("s"."region" AS VARCHAR) AS "region", CAST(coalesce("s"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("s"."topic_offset" AS BIGINT) AS "topic_offset", CAST("s"."line" AS BIGINT) AS "line"
FROM "ods_station" AS "s"
WHERE (("s"."reject_reason" IS NULL) AND ("s"."station" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "s"."station" ORDER BY "s"."topic_offset" DESC, "s"."line" DESC) <= 1;
