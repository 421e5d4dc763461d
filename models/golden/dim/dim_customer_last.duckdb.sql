SELECT CAST("c"."customer" AS VARCHAR) AS "customer", CAST("c"."name" AS VARCHAR) AS "name", CAST("c"."category" AS VARCHAR) AS "category", CAST("c"."tariff" AS VARCHAR) AS "tariff", CAST("c"."region" AS VARCHAR) AS "region", CAST(coalesce("c"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("c"."topic_offset" AS BIGINT) AS "topic_offset", CAST("c"."line" AS BIGINT) AS "line"
FROM "ods_customer" AS "c"
WHERE (("c"."reject_reason" IS NULL) AND ("c"."customer" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "c"."customer" ORDER BY "c"."topic_offset" DESC, "c"."line" DESC) <= 1;
