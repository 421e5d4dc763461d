SELECT CAST("o"."outage" AS VARCHAR) AS "outage", CAST("o"."scope" AS VARCHAR) AS "scope", CAST("o"."element" AS VARCHAR) AS "element", CAST("o"."started_at" AS TIMESTAMPTZ) AS "started_at", CAST("o"."ended_at" AS TIMESTAMPTZ) AS "ended_at", CAST("o"."customers_interrupted" AS BIGINT) AS "customers_interrupted", CAST("o"."cause" AS VARCHAR) AS "cause", CAST("o"."planned" AS BOOLEAN) AS "planned"
FROM "dim_outage_last" AS "o"
WHERE (NOT "o"."is_deleted");
