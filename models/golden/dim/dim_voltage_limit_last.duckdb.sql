SELECT CAST("v"."nominal_voltage_v" AS BIGINT) AS "nominal_voltage_v", CAST("v"."lower_percent" AS DECIMAL(5,2)) AS "lower_percent", CAST("v"."upper_percent" AS DECIMAL(5,2)) AS "upper_percent", CAST(coalesce("v"."deleted", FALSE) AS BOOLEAN) AS "is_deleted", CAST("v"."topic_offset" AS BIGINT) AS "topic_offset", CAST("v"."line" AS BIGINT) AS "line"
FROM "ods_voltage_limit" AS "v"
WHERE (("v"."reject_reason" IS NULL) AND ("v"."nominal_voltage_v" IS NOT NULL) AND ("v"."lower_percent" IS NOT NULL) AND ("v"."upper_percent" IS NOT NULL))
QUALIFY row_number() OVER (PARTITION BY "v"."nominal_voltage_v" ORDER BY "v"."topic_offset" DESC, "v"."line" DESC) <= 1;
