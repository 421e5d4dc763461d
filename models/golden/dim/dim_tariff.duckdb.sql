SELECT CAST("t"."tariff" AS VARCHAR) AS "tariff", CAST("t"."valid_from" AS TIMESTAMPTZ) AS "valid_from", CAST("t"."valid_to" AS TIMESTAMPTZ) AS "valid_to", CAST("t"."day_type" AS VARCHAR) AS "day_type", CAST("t"."from_minute" AS BIGINT) AS "from_minute", CAST("t"."period" AS VARCHAR) AS "period", CAST("t"."price_per_kwh" AS DECIMAL(12,6)) AS "price_per_kwh"
FROM "dim_tariff_last" AS "t"
WHERE (NOT "t"."is_deleted");
