SELECT CAST("r"."region" AS VARCHAR) AS "region", CAST("r"."parent" AS VARCHAR) AS "parent", CAST("r"."name" AS VARCHAR) AS "name", CAST(coalesce("r"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("r"."topic_offset" AS BIGINT) AS "topic_offset", CAST("r"."line" AS BIGINT) AS "line"
FROM "ods_region" AS "r"
WHERE (("r"."reject_reason" IS NULL) AND ("r"."region" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "r"."region" ORDER BY "r"."topic_offset" DESC, "r"."line" DESC) <= 1;
