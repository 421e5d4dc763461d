SELECT CAST("t"."transformer" AS VARCHAR) AS "transformer", CAST("t"."feeder" AS VARCHAR) AS "feeder", CAST("t"."name" AS VARCHAR) AS "name", CAST("t"."rated_capacity_va" AS BIGINT) AS "rated_capacity_va", CAST(coalesce("t"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("t"."topic_offset" AS BIGINT) AS "topic_offset", CAST("t"."line" AS BIGINT) AS "line"
FROM "ods_transformer" AS "t"
WHERE (("t"."reject_reason" IS NULL) AND ("t"."transformer" IS NOT NULL) AND ("t"."feeder" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "t"."transformer" ORDER BY "t"."topic_offset" DESC, "t"."line" DESC) <= 1;
