SELECT CAST("t"."transformer" AS VARCHAR) AS "transformer", CAST("t"."feeder" AS VARCHAR) AS "feeder", CAST("t"."name" AS VARCHAR) AS "name", CAST("t"."rated_capacity_va" AS BIGINT) AS "rated_capacity_va"
FROM "dim_transformer_last" AS "t"
WHERE (NOT "t"."is_deleted");
