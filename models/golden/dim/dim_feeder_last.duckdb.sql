SELECT CAST("f"."feeder" AS VARCHAR) AS "feeder", CAST("f"."name" AS VARCHAR) AS "name", CAST("f"."station" AS VARCHAR) AS "station", CAST("f"."region" AS VARCHAR) AS "region", CAST(coalesce("f"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("f"."topic_offset" AS BIGINT) AS "topic_offset", CAST("f"."line" AS BIGINT) AS "line"
FROM "ods_feeder" AS "f"
WHERE (("f"."reject_reason" IS NULL) AND ("f"."feeder" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "f"."feeder" ORDER BY "f"."topic_offset" DESC, "f"."line" DESC) <= 1;
