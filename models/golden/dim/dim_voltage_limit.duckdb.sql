SELECT CAST("v"."nominal_voltage_v" AS BIGINT) AS "nominal_voltage_v", CAST("v"."lower_percent" AS DECIMAL(5,2)) AS "lower_percent", CAST("v"."upper_percent" AS DECIMAL(5,2)) AS "upper_percent"
FROM "dim_voltage_limit_last" AS "v"
WHERE (NOT "v"."is_deleted");
