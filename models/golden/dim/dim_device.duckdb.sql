SELECT CAST("d"."device" AS VARCHAR) AS "device", CAST("d"."feeder" AS VARCHAR) AS "feeder", CAST("d"."name" AS VARCHAR) AS "name", CAST("d"."rated_voltage_v" AS DECIMAL(9,3)) AS "rated_voltage_v", CAST("d"."kind" AS VARCHAR) AS "kind", CAST("d"."transformer" AS VARCHAR) AS "transformer", CAST("d"."customer" AS VARCHAR) AS "customer", CAST("d"."rated_current_a" AS DECIMAL(9,3)) AS "rated_current_a"
FROM "dim_device_last" AS "d"
WHERE (NOT "d"."is_deleted");
